import { jsonText } from '../model/json-text.js';
import { sharedCatalogue } from '../model/shared-catalogue.js';
import { byCodeUnit, sortedUnique } from '../model/sort.js';
import { formatMismatch } from '../problem/other-format.js';
import type { CatalogueEntry } from '../model/grant.js';
import type { Person } from '../model/person.js';
import type { LiveAllowlist, LiveRole, Snapshot } from '../model/snapshot.js';
import { openFields, type FieldReader } from './fields.js';
import { isRecord } from '../model/record.js';
import { badFileError } from '../problem/problem.js';

/** Version of the snapshot format; other versions are refused. */
const SNAPSHOT_FORMAT = 1;

/** Maximum number of characters of a snapshot file; an instance of 100,000 people needs a tenth of it. */
export const MAX_SNAPSHOT_LENGTH = 200_000_000;

/** Returns a snapshot as JSON text, indented by two spaces, with a final newline. `takenAt` is ISO 8601, UTC. */
export function snapshotToJson(snapshot: Snapshot, { takenAt }: { takenAt: string }): string {
  const { instance, sandbox, me, roles, people, defaultRoleId, allowlist, catalogue } = snapshot;
  const document = {
    formatVersion: SNAPSHOT_FORMAT,
    kind: 'snapshot',
    takenAt,
    instance,
    sandbox,
    me: me && { id: me.id, email: me.email, name: me.name },
    defaultRoleId,
    allowlist,
    roles: roles.map(({ id, name, description, grants, userCount, grantCount }) => ({
      id,
      name,
      description,
      userCount,
      grantCount,
      grants,
    })),
    people: {
      scope: people.scope,
      list: people.list.map(({ id, email, name, roleId, kind }) => ({ id, email, name, roleId, kind })),
    },
    catalogue: catalogue.map(({ grant, title, group, dependsOn, adminLevel, features }) => ({
      grant,
      title,
      group,
      dependsOn,
      adminLevel,
      features,
    })),
  };
  return jsonText(document);
}

/**
 * Reads a snapshot file. Lists may be in any order. Raises `bad-file` for any deviation from the format, because plans are
 * made from this file and anyone may have edited it. `file` is its name in messages.
 */
export function snapshotFromJson(
  text: string,
  { file = null }: { file?: string | null } = {},
): { snapshot: Snapshot; takenAt: string } {
  const fields = openFields(file);
  const value = parse(text, file);
  checkKind(isRecord(value) ? value : {}, file);
  const document = fields.object(value, '', [
    'formatVersion',
    'kind',
    'takenAt',
    'instance',
    'sandbox',
    'me',
    'defaultRoleId',
    'allowlist',
    'roles',
    'people',
    'catalogue',
  ]);
  const people = fields.object(document.people, '/people', ['scope', 'list']);
  const snapshot: Snapshot = {
    instance: fields.text(document.instance, '/instance'),
    sandbox: fields.flag(document.sandbox, '/sandbox'),
    me: fields.orNull(document.me, '/me', (me, place) => readMe(me, place, fields)),
    roles: byId(
      fields.list(document.roles, '/roles', (role, place) => readRole(role, place, fields)),
      '/roles',
      fields,
    ),
    people: {
      scope: fields.oneOf(people.scope, '/people/scope', ['all', 'admins']),
      list: byId(
        fields.list(people.list, '/people/list', (person, place) => readPerson(person, place, fields)),
        '/people/list',
        fields,
      ),
    },
    defaultRoleId: fields.whole(document.defaultRoleId, '/defaultRoleId', 1),
    allowlist: readAllowlist(document.allowlist, fields),
    catalogue: sharedCatalogue(readCatalogue(document.catalogue, fields)),
  };
  return { snapshot, takenAt: readTime(document.takenAt, fields) };
}

function parse(text: string, file: string | null): unknown {
  if (text.length > MAX_SNAPSHOT_LENGTH) throw badFileError('the snapshot file is too large', { file });
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badFileError('the snapshot file is not JSON', { file, hint: HOW_TO_WRITE });
  }
}

const HOW_TO_WRITE = 'write a snapshot with `domo-roles export --format snapshot`';

/** Checked first, because a plan file or a snapshot of a later version has different keys. */
function checkKind({ kind, formatVersion }: Record<string, unknown>, file: string | null): void {
  if (kind !== 'snapshot') {
    throw badFileError('the file is not a snapshot', { file, hint: HOW_TO_WRITE });
  }
  const other = formatMismatch(formatVersion, SNAPSHOT_FORMAT, 'the snapshot');
  if (other) throw badFileError(other.message, { file, hint: other.hint });
}

function readMe(value: unknown, place: string, fields: FieldReader): NonNullable<Snapshot['me']> {
  const { id, email, name } = fields.object(value, place, ['id', 'email', 'name']);
  return {
    id: fields.whole(id, `${place}/id`, 1),
    email: readEmail(email, `${place}/email`, fields),
    name: fields.text(name, `${place}/name`),
  };
}

function readRole(value: unknown, place: string, fields: FieldReader): LiveRole {
  const role = fields.object(value, place, [
    'id',
    'name',
    'description',
    'userCount',
    'grantCount',
    'grants',
  ]);
  const readCount = (count: unknown, at: string): number => fields.whole(count, at, 0);
  return {
    id: fields.whole(role.id, `${place}/id`, 1),
    name: fields.text(role.name, `${place}/name`),
    description: fields.text(role.description, `${place}/description`).trim(),
    grants: readNames(role.grants, `${place}/grants`, fields),
    userCount: fields.orNull(role.userCount, `${place}/userCount`, readCount),
    grantCount: fields.orNull(role.grantCount, `${place}/grantCount`, readCount),
  };
}

function readPerson(value: unknown, place: string, fields: FieldReader): Person {
  const { id, email, name, roleId, kind } = fields.object(value, place, [
    'id',
    'email',
    'name',
    'roleId',
    'kind',
  ]);
  return {
    id: fields.whole(id, `${place}/id`, 1),
    email: readEmail(email, `${place}/email`, fields),
    name: fields.text(name, `${place}/name`),
    roleId: fields.whole(roleId, `${place}/roleId`, 1),
    kind: fields.oneOf(kind, `${place}/kind`, ['active', 'pending', 'support', 'system']),
  };
}

function readCatalogue(value: unknown, fields: FieldReader): CatalogueEntry[] {
  const entries = fields.list(value, '/catalogue', (item, place): CatalogueEntry => {
    const entry = fields.object(item, place, [
      'grant',
      'title',
      'group',
      'dependsOn',
      'adminLevel',
      'features',
    ]);
    return {
      grant: fields.word(entry.grant, `${place}/grant`),
      title: fields.text(entry.title, `${place}/title`),
      group: fields.text(entry.group, `${place}/group`),
      dependsOn: readNames(entry.dependsOn, `${place}/dependsOn`, fields),
      adminLevel: fields.orNull(entry.adminLevel, `${place}/adminLevel`, fields.flag),
      features: readNames(entry.features, `${place}/features`, fields),
    };
  });
  if (new Set(entries.map(({ grant }) => grant)).size !== entries.length) {
    fields.fail('/catalogue', 'lists a grant twice');
  }
  return entries.sort((a, b) => byCodeUnit(a.grant, b.grant));
}

function readAllowlist(value: unknown, fields: FieldReader): LiveAllowlist {
  if (typeof value === 'string')
    return fields.oneOf<'off' | 'unreadable'>(value, '/allowlist', ['off', 'unreadable']);
  const ids = fields.list(value, '/allowlist', (id, place) => fields.whole(id, place, 1));
  return [...new Set(ids)].sort((a, b) => a - b);
}

/** Reads a list of grants or features: sorted, without duplicates. */
function readNames(value: unknown, place: string, fields: FieldReader): string[] {
  return sortedUnique(fields.list(value, place, fields.word));
}

function readEmail(value: unknown, place: string, fields: FieldReader): string | null {
  return fields.orNull(value, place, (text, at) => fields.text(text, at).toLowerCase());
}

function readTime(value: unknown, fields: FieldReader): string {
  const text = fields.text(value, '/takenAt');
  const isTime =
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/.test(text) && !Number.isNaN(Date.parse(text));
  return isTime ? text : fields.fail('/takenAt', 'is not a time of the form 2026-01-31T12:00:00Z');
}

function byId<T extends { id: number }>(list: readonly T[], place: string, fields: FieldReader): T[] {
  const sorted = [...list].sort((a, b) => a.id - b.id);
  const duplicate = sorted.find(({ id }, index) => sorted[index + 1]?.id === id);
  if (duplicate) fields.fail(place, `lists id ${duplicate.id} twice`);
  return sorted;
}
