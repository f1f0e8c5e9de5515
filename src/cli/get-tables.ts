import type { PersonDetails } from '../access/index.js';
import type { LiveAnswer } from '../reconcile/get-live.js';
import type { CsvCell } from '../render/csv/csv.js';
import type { Cell } from '../render/text/tables.js';

/** What `get` found. */
export type GetAnswer = LiveAnswer | { subject: 'person'; data: PersonDetails };

/** Rows under a head. */
interface Table<T> {
  head: readonly string[];
  rows: readonly (readonly T[])[];
}

/** The result as tables for a terminal. */
export function tablesOf(answer: GetAnswer): readonly Table<Cell>[] {
  switch (answer.subject) {
    case 'roles':
      return [
        {
          head: ['id', 'name', 'grants', 'members', 'default', 'description'],
          rows: answer.data.map((one) => [
            ...[one.id, one.name, one.grants, one.members],
            ...[one.default ? 'default' : '', one.description],
          ]),
        },
      ];
    case 'role': {
      const { id, name, description, members, default: isDefault, grants } = answer.data;
      return [fields({ id, name, description, members, default: isDefault, grants: grants.length })];
    }
    case 'grants': {
      const { data, titles } = answer;
      const rows = data.map((grant) => [grant, titles.get(grant) ?? NO_TITLE]);
      return [{ head: ['grant', 'title'], rows }];
    }
    case 'members':
      return [
        {
          head: ['id', 'e-mail', 'name', ''],
          rows: answer.data.map(({ id, email, name, pending }) => [id, email, name, pendingText(pending)]),
        },
      ];
    case 'people':
      return [
        {
          head: ['id', 'e-mail', 'name', 'role', ''],
          rows: answer.data.map(({ id, email, name, role, pending }) => [
            ...[id, email, name, role, pendingText(pending)],
          ]),
        },
      ];
    case 'person':
      return personTables(answer.data);
    case 'default-role':
      return [{ head: ['id', 'name'], rows: [[answer.data.id, answer.data.name]] }];
    case 'authorities':
      return [
        {
          head: ['grant', 'group', 'title', 'admin level', 'depends on'],
          rows: answer.data.map(({ grant, group, title, adminLevel, dependsOn }) => [
            ...[grant, group, title, adminLevel === true ? 'yes' : '', dependsOn.join(' ')],
          ]),
        },
      ];
    case 'me': {
      const { id, email, name, role } = answer.data;
      return [{ head: ['id', 'e-mail', 'name', 'role'], rows: [[id, email, name, role]] }];
    }
  }
}

const NO_TITLE = 'not in the catalogue';

function pendingText(pending: boolean): string {
  return pending ? 'pending' : '';
}

/** A table of names and values. */
function fields(values: Readonly<Record<string, Cell>>): Table<Cell> {
  return { head: ['', ''], rows: Object.entries(values) };
}

function personTables(details: PersonDetails): Table<Cell>[] {
  const { id, email, name, role, pending, grants, entries, plannedRole } = details;
  const own = { id, 'e-mail': email, name, ...(pending ? { account: 'pending' } : {}), role };
  if (plannedRole === null) {
    const rows = grants.map(({ grant, title }) => [grant, title ?? NO_TITLE]);
    return [fields(own), { head: ['grant', 'title'], rows }];
  }
  const listed = entries.map((entry) => [entry.role, entryEnd(entry), entry.note, placeText(entry)]);
  const rows = grants.map((one) => [one.grant, one.title ?? NO_TITLE, placeText(one)]);
  return [
    fields({
      ...own,
      ...plannedRoleFields(details),
      ...(listed.length === 0 ? { 'listed in': 'no entry of the manifest' } : {}),
    }),
    ...(listed.length === 0 ? [] : [{ head: ['listed in', 'until', 'note', 'manifest'], rows: listed }]),
    { head: ['grant', 'title', 'manifest'], rows },
  ];
}

/** The planned role if it is another one or has another name; names can be swapped, so a name alone does not show which. */
function plannedRoleFields({
  role,
  roleId,
  plannedRole,
  plannedRoleId,
}: PersonDetails): Readonly<Record<string, Cell>> {
  const [isSameRole, isSameName] = [plannedRoleId === roleId, plannedRole === role];
  if (isSameRole && isSameName) return {};
  const note = isSameRole
    ? ' (the same role, renamed)'
    : isSameName
      ? ' (another role, which gets this name)'
      : '';
  return { 'planned role': `${plannedRole ?? ''}${note}` };
}

function entryEnd({ until, ended }: PersonDetails['entries'][number]): string {
  return until === null ? '' : `${until}${ended ? ' (ended)' : ''}`;
}

/** `domo-roles.yaml:12`; a dash if there is no place in a manifest. */
function placeText({ file, line }: { file: string | null; line: number | null }): string {
  return file === null ? '-' : line === null ? file : `${file}:${line}`;
}

/** The CSV columns of each subject, named by their JSON keys. */
const CSV_KEYS = {
  roles: ['id', 'name', 'description', 'grants', 'members', 'default', 'allowlisted'],
  role: ['id', 'name', 'description', 'members', 'default', 'grants'],
  members: ['id', 'email', 'name', 'pending'],
  people: ['id', 'email', 'name', 'role', 'pending'],
  'default-role': ['id', 'name'],
  authorities: ['grant', 'group', 'title', 'adminLevel', 'dependsOn', 'features'],
  me: ['id', 'email', 'name', 'role'],
} as const satisfies Partial<Record<GetAnswer['subject'], readonly string[]>>;

/** The result as CSV rows. Lists within a cell are separated by spaces; a person has one row per grant. */
export function csvTableOf(answer: GetAnswer): Table<CsvCell> {
  if (answer.subject === 'grants') {
    const rows = answer.data.map((grant) => [grant, answer.titles.get(grant) ?? null]);
    return { head: ['grant', 'title'], rows };
  }
  if (answer.subject === 'person') return personRows(answer.data);
  const head: readonly string[] = CSV_KEYS[answer.subject];
  const records: readonly object[] = Array.isArray(answer.data) ? answer.data : [answer.data];
  return { head, rows: records.map((record) => head.map((key) => cellAt(record, key))) };
}

function cellAt(record: object, key: string): CsvCell {
  const value = (record as Readonly<Record<string, CsvCell | readonly string[]>>)[key] ?? null;
  return typeof value === 'object' && value !== null ? value.join(' ') : value;
}

function personRows({ id, email, name, role, grants }: PersonDetails): Table<CsvCell> {
  const none = { grant: null, title: null, file: null, line: null };
  const held = grants.length > 0 ? grants : [none];
  return {
    head: ['id', 'email', 'name', 'role', 'grant', 'title', 'file', 'line'],
    rows: held.map((one) => [id, email, name, role, one.grant, one.title, one.file, one.line]),
  };
}
