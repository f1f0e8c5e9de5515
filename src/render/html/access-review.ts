import { protectedGrants } from '../../model/admin-level.js';
import { addTo } from '../../model/group.js';
import { byCodeUnit } from '../../model/sort.js';
import { MANAGE_ROLES, type Grant } from '../../model/grant.js';
import { isOrdinary } from '../../model/person.js';
import type { Person } from '../../model/person.js';
import { isSystemRole } from '../../model/role.js';
import type { LiveRole, Snapshot } from '../../model/snapshot.js';
import { heroHtml, type Hero } from './hero.js';
import type { Grouping } from '../facts/owners.js';
import { listFrame, rowsByOwner, type ListData } from './list.js';
import { liveMatrix, matrixFrame } from './matrix.js';
import { pageHtml, type Section } from './page.js';
import { codeHtml, lineHtml, nameHtml } from './escape.js';
import { moreHtml, peopleList, personHtml } from './people.js';
import { oneLine } from '../format/one-line.js';
import { cut, personLabel, plural, series, timeText } from '../format/phrases.js';
import type { RoleId } from '../../model/ids.js';

/** Options of an access review. */
export interface AccessReviewOptions {
  /** ISO 8601, when live state was read. Default: the time of a snapshot file. */
  takenAt?: string;
  /** The owners of roles by role id. */
  owners?: ReadonlyMap<RoleId, string>;
  /** Groups roles and their people by owner. */
  groupBy?: Grouping;
}

/** Live state as one page for an access review. */
export function accessReviewHtml(snapshot: Snapshot, options: AccessReviewOptions = {}): string {
  const sensitive = protectedGrants(snapshot.catalogue, null);
  const people = snapshot.people.list.filter(isOrdinary);
  const matrix = liveMatrix(snapshot, (grant) => sensitive.has(grant));
  const roles = roleList(snapshot, { people, sensitive, options });
  const grants = grantList(snapshot, people, sensitive);
  const everyone = everyoneList(snapshot, people, options);
  const sections: Section[] = [
    { id: 'admins', title: 'Administrators', html: administrators(snapshot, people) },
    {
      id: 'roles',
      title: 'Roles',
      html: `${settings(snapshot)}${listFrame(roles, 'name or description')}`,
    },
    { id: 'matrix', title: 'Roles × grants', html: matrixFrame(matrix) },
    {
      id: 'grants',
      title: 'Who holds what',
      html: listFrame(grants, 'grant, title or role'),
    },
    {
      id: 'people',
      title: 'People',
      html: listFrame(everyone, 'address, name or role'),
    },
  ];
  return pageHtml({
    kind: 'report',
    title: `Access review of ${snapshot.instance}`,
    hero: heroHtml(heroOf(snapshot, { people, sensitive, takenAt: options.takenAt ?? snapshot.takenAt })),
    sections,
    data: { matrix, lists: [roles, grants, everyone] },
    foot: '<p>Made by domo-roles. This page loads no external resources. Sensitive are the grants that Domo calls admin level.</p>',
  });
}

interface HeroShape {
  people: readonly Person[];
  sensitive: ReadonlySet<Grant>;
  takenAt: string | undefined;
}

function heroOf(snapshot: Snapshot, { people, sensitive, takenAt }: HeroShape): Hero {
  return {
    facts: [
      ...(takenAt === undefined ? [] : [timeText(takenAt)]),
      ...(snapshot.me ? [`as ${personLabel(snapshot.me)}`] : []),
      ...(snapshot.sandbox ? ['of the sandbox'] : []),
    ],
    heading: `Access review of ${oneLine(snapshot.instance)}`,
    verdict: {
      look: 'changes',
      title: `${plural(people.length, 'person', 'people')} in ${plural(snapshot.roles.length, 'role')}`,
      sentence:
        snapshot.people.scope === 'all'
          ? 'What is live, nothing else.'
          : 'Only people who may manage roles were read.',
    },
    tiles: [
      { label: 'custom roles', value: snapshot.roles.filter((role) => !isSystemRole(role.id)).length },
      { label: 'grants in the catalogue', value: snapshot.catalogue.length },
      {
        label: 'sensitive grants',
        value: snapshot.catalogue.filter(({ grant }) => sensitive.has(grant)).length,
      },
      { label: 'people', value: people.length },
      { label: 'administrators', value: administratorsOf(snapshot, people).length },
      { label: 'pending accounts', value: people.filter((person) => person.kind === 'pending').length },
    ],
  };
}

function administratorsOf(snapshot: Snapshot, people: readonly Person[]): Person[] {
  const roles = new Set(
    snapshot.roles.filter((role) => role.grants.includes(MANAGE_ROLES)).map((role) => role.id),
  );
  return people.filter((person) => person.kind === 'active' && roles.has(person.roleId));
}

function administrators(snapshot: Snapshot, people: readonly Person[]): string {
  const holders = administratorsOf(snapshot, people);
  const intro = `<p>Active people who hold ${codeHtml(MANAGE_ROLES)}: they can give themselves every other grant.</p>`;
  const { shown, more } = cut(holders, 500);
  return holders.length === 0
    ? `${intro}<p class="note">No one.</p>`
    : `${intro}${peopleList(shown.map(personHtml))}${moreHtml(more)}`;
}

function settings(snapshot: Snapshot): string {
  const name = new Map(snapshot.roles.map((role) => [role.id, role.name]));
  const named = (id: RoleId): string => nameHtml(name.get(id) ?? String(id));
  const { allowlist } = snapshot;
  const words = typeof allowlist === 'string' ? lineHtml(allowlist) : series(allowlist.map(named));
  return `<dl class="facts"><div><dt>Default role</dt><dd>${named(snapshot.defaultRoleId)}</dd></div><div><dt>Roles allowlist</dt><dd>${words}</dd></div></dl>`;
}

function countBy(people: readonly Person[]): Map<RoleId, number> {
  const counts = new Map<RoleId, number>();
  for (const person of people) counts.set(person.roleId, (counts.get(person.roleId) ?? 0) + 1);
  return counts;
}

interface RoleListShape {
  people: readonly Person[];
  sensitive: ReadonlySet<Grant>;
  options: AccessReviewOptions;
}

function roleList(snapshot: Snapshot, { people, sensitive, options }: RoleListShape): ListData {
  const counts = countBy(people);
  const row = (role: LiveRole): (string | number)[] => [
    oneLine(role.name),
    isSystemRole(role.id) ? 'system' : 'custom',
    counts.get(role.id) ?? 0,
    role.grants.length,
    role.grants.filter((grant) => sensitive.has(grant)).length,
    ...ownerCells(role.id, options),
    oneLine(role.description),
  ];
  const numbers = ['People', 'Grants', 'Sensitive'].map((title) => ({ title, show: 'number' as const }));
  const list: ListData = {
    id: 'roles',
    noun: ['role', 'roles'],
    columns: [
      ...textColumns('Role', 'Kind'),
      ...numbers,
      ...(showsOwners(options) ? textColumns('Owner') : []),
      ...textColumns('Description'),
    ],
    rows: snapshot.roles.map(row),
  };
  return byOwner(
    list,
    snapshot.roles.map((role) => role.id),
    options,
  );
}

/** Rows grouped by the owner of their role, if requested. */
function byOwner(
  list: ListData,
  roleIds: readonly RoleId[],
  { owners, groupBy }: AccessReviewOptions,
): ListData {
  if (groupBy === undefined) return list;
  return rowsByOwner(
    list,
    roleIds.map((id) => owners?.get(id) ?? null),
  );
}

function textColumns(...titles: readonly string[]): ListData['columns'] {
  return titles.map((title) => ({ title, show: 'text' }));
}

/** Rows grouped by owner need no column for it. */
function showsOwners({ owners, groupBy }: AccessReviewOptions): boolean {
  return owners !== undefined && groupBy === undefined;
}

function ownerCells(roleId: RoleId, options: AccessReviewOptions): string[] {
  return showsOwners(options) ? [oneLine(options.owners?.get(roleId) ?? '')] : [];
}

function grantList(snapshot: Snapshot, people: readonly Person[], sensitive: ReadonlySet<Grant>): ListData {
  const counts = countBy(people);
  const holders = new Map<Grant, LiveRole[]>(snapshot.catalogue.map((entry) => [entry.grant, []]));
  for (const role of snapshot.roles) for (const grant of role.grants) addTo(holders, grant, role);
  const titles = new Map(snapshot.catalogue.map((entry) => [entry.grant, entry.title]));
  const rows = [...holders]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([grant, roles]) => [
      oneLine(grant),
      oneLine(titles.get(grant) ?? ''),
      sensitive.has(grant) ? 'sensitive' : '',
      roles.length,
      roles.reduce((sum, role) => sum + (counts.get(role.id) ?? 0), 0),
      roles.map((role) => oneLine(role.name)).join(', '),
    ]);
  return {
    id: 'grants',
    noun: ['grant', 'grants'],
    columns: [
      { title: 'Grant', show: 'code' },
      { title: 'Title', show: 'text' },
      { title: 'Level', show: 'text' },
      { title: 'Roles', show: 'number' },
      { title: 'People', show: 'number' },
      { title: 'Held by', show: 'fold' },
    ],
    rows,
  };
}

function everyoneList(snapshot: Snapshot, people: readonly Person[], options: AccessReviewOptions): ListData {
  const names = new Map(snapshot.roles.map((role) => [role.id, role.name]));
  const rows = people.map((person) => ({
    roleId: person.roleId,
    cells: [
      personLabel(person),
      oneLine(person.name),
      oneLine(names.get(person.roleId) ?? String(person.roleId)),
      ...ownerCells(person.roleId, options),
      person.kind,
    ],
  }));
  rows.sort(
    ({ cells: a }, { cells: b }) => byCodeUnit(a[0] ?? '', b[0] ?? '') || byCodeUnit(a[1] ?? '', b[1] ?? ''),
  );
  const columns = [
    ...textColumns('Address', 'Name', 'Role'),
    ...(showsOwners(options) ? textColumns('Owner of the role') : []),
    ...textColumns('Account'),
  ];
  const list: ListData = {
    id: 'people',
    noun: ['person', 'people'],
    columns,
    rows: rows.map(({ cells }) => cells),
  };
  return byOwner(
    list,
    rows.map(({ roleId }) => roleId),
    options,
  );
}
