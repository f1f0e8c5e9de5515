import { byCodeUnit } from '../model/sort.js';
import { featureNames, grantList, type CatalogueEntry, type Grant } from '../model/grant.js';
import type { Person, PersonKind } from '../model/person.js';
import type { LiveAllowlist, LiveRole, Snapshot } from '../model/snapshot.js';
import { oneLine } from '../http/redact.js';
import { problem, ProblemError } from '../problem/problem.js';
import type { RoleId } from '../model/ids.js';
import { knownDependencies } from '../model/known-dependencies.js';

/*
 * The only module that normalises the responses of an instance. An unexpected value raises `bad-answer` and is never guessed,
 * because plans are made from these values.
 */

type Wire = Readonly<Record<string, unknown>>;

/** Describes a value in messages. A function avoids making thousands of texts that no message needs. */
type Description = string | (() => string);

/** Returns the roles of a response without their grants, sorted by id. */
export function rolesFrom(wire: readonly Wire[]): Omit<LiveRole, 'grants'>[] {
  const roles = wire.map((role) => {
    const id = idFrom(role.id, 'a role');
    if (typeof role.name !== 'string') throw badAnswer(`role ${id} has no name`);
    return {
      id,
      name: role.name,
      description: textFrom(role.description, `the description of role ${id}`).trim(),
      userCount: countFrom(role.userCount),
      grantCount: countFrom(role.authorityCount),
    };
  });
  return sortedById(roles, 'role');
}

/** Returns the catalogue, sorted by grant, and its matrix: role id → grants, sorted. */
export function catalogueFrom(wire: readonly Wire[]): {
  catalogue: CatalogueEntry[];
  matrix: Map<RoleId, Grant[]>;
} {
  if (wire.length > 0 && !wire.some(({ roleIds }) => Array.isArray(roleIds))) {
    throw badAnswer('the catalogue of grants does not list the roles that hold them');
  }
  const catalogue: CatalogueEntry[] = [];
  const matrix = new Map<RoleId, Grant[]>();
  const lacksDependencies = wire.every(({ dependsOnAuthorities }) => (dependsOnAuthorities ?? null) === null);
  const entries = wire.map((raw) => ({ entry: entryFrom(raw, lacksDependencies), roleIds: raw.roleIds }));
  // Sorted by grant, so that the grants of every role are sorted too.
  for (const { entry, roleIds } of entries.sort((a, b) => byCodeUnit(a.entry.grant, b.entry.grant))) {
    const { grant } = entry;
    if (catalogue.at(-1)?.grant !== grant) catalogue.push(entry);
    for (const roleId of listFrom(roleIds, () => `the roles of ${grantText(grant)}`)) {
      const id = idFrom(roleId, 'a role that holds a grant');
      const held = matrix.get(id);
      if (!held) matrix.set(id, [grant]);
      else if (held.at(-1) !== grant) held.push(grant);
    }
  }
  return { catalogue, matrix };
}

/** `lacksDependencies` is true for the catalogue of an older instance, which lists no dependencies at all. */
function entryFrom(raw: Wire, lacksDependencies: boolean): CatalogueEntry {
  const { authority } = raw;
  if (typeof authority !== 'string' || authority === '')
    throw badAnswer('a grant of the catalogue has no name');
  const describe = (part: string) => (): string => `the ${part} of ${grantText(authority)}`;
  const title = textFrom(raw.title, describe('title')).trim();
  return {
    grant: authority,
    title: title === '' ? authority : title,
    group: textFrom(raw.authorityUIGroup, describe('group')),
    dependsOn: lacksDependencies
      ? knownDependencies(authority)
      : grantsFrom(raw.dependsOnAuthorities ?? [], describe('dependencies')),
    adminLevel: typeof raw.adminLevel === 'boolean' ? raw.adminLevel : null,
    features: featuresFrom(raw.dependsOnFeature, describe('features')),
  };
}

function grantText(grant: Grant): string {
  return `grant ${oneLine(grant, 60)}`;
}

/** Reads one name, several names separated by spaces, or a list. */
function featuresFrom(value: unknown, what: Description): string[] {
  if (!Array.isArray(value)) return featureNames(textFrom(value, what));
  const names = value.map((name) => textFrom(name, what));
  return [...new Set(names.filter((name) => name !== ''))].sort(byCodeUnit);
}

/** Returns a list of grants, sorted, without duplicates. */
export function grantsFrom(value: unknown, what: Description): Grant[] {
  return grantList(
    listFrom(value, what).map((grant) => {
      if (typeof grant !== 'string' || grant === '')
        throw badAnswer(`${textOf(what)} contain something that is not a grant`);
      return grant;
    }),
  );
}

/**
 * Returns a person of user search; null for a deleted one. `search` is the search that found them: accounts that only a
 * search for support accounts finds are support accounts.
 */
export function personFrom(wire: Wire, search: 'active' | 'support' = 'active'): Person | null {
  const id = idFrom(wire.id, 'a person');
  const fields = fieldsOf(wire);
  const isPending = flagFrom(fields.isPending) ?? false;
  const isSystem = flagFrom(fields.isSystemUser) ?? false;
  const isActive = flagFrom(fields.isActive) ?? true;
  if (!isActive && !isPending && !isSystem) return null;
  const role = fields.roleId;
  // A system account may have no role. It is never listed, so it can be left out.
  if (isSystem && (role === undefined || role === null)) return null;
  const kind: PersonKind = isSystem
    ? 'system'
    : search === 'support'
      ? 'support'
      : isPending
        ? 'pending'
        : 'active';
  return {
    id,
    email: emailFrom(wire.emailAddress ?? wire.email),
    name: typeof wire.displayName === 'string' ? wire.displayName : '',
    roleId: idFrom(role, () => `the role of person ${id}`),
    kind,
  };
}

/** Returns the acting person: the owner of the token. */
export function meFrom(wire: Wire): NonNullable<Snapshot['me']> {
  return {
    id: idFrom(wire.id, 'the acting person'),
    email: emailFrom(wire.emailAddress ?? wire.email ?? wire.userName),
    name: typeof wire.displayName === 'string' ? wire.displayName : '',
  };
}

/** Returns the allowlist of the role settings: sorted ids, `off` for null, `unreadable` if the response lacks it. */
export function allowlistFrom(value: unknown): LiveAllowlist {
  if (value === null) return 'off';
  if (value === undefined) return 'unreadable';
  const ids = listFrom(value, 'the roles allowlist').map((id) => idFrom(id, 'a role on the allowlist'));
  return [...new Set(ids)].sort((a, b) => a - b);
}

/** Returns an id: a whole number above zero, sent as a number or as text. */
export function idFrom(value: unknown, what: Description): number {
  const id = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof id === 'number' && Number.isSafeInteger(id) && id > 0) return id;
  throw badAnswer(`${textOf(what)} has an invalid id`);
}

/** Sorts a list by id. Raises `bad-answer` for a duplicate id. */
export function sortedById<T extends { id: number }>(list: readonly T[], what: string): T[] {
  const sorted = [...list].sort((a, b) => a.id - b.id);
  const duplicate = sorted.find(({ id }, index) => sorted[index + 1]?.id === id);
  if (duplicate) throw badAnswer(`${what} ${duplicate.id} is listed twice`);
  return sorted;
}

/**
 * Returns the fields that define the kind and role of an account. They are top-level keys, or attributes as
 * `[{key, values}]`, where `values` is one value or a list of text or booleans.
 */
function fieldsOf(wire: Wire): Record<'roleId' | 'isPending' | 'isSystemUser' | 'isActive', unknown> {
  const { roleId, isPending, isSystemUser, isActive, attributes } = wire;
  const fields = { roleId, isPending, isSystemUser, isActive };
  if (!Array.isArray(attributes)) return fields;
  // From last to first, so that the first of two attributes with one key wins.
  for (let index = attributes.length - 1; index >= 0; index -= 1) {
    const entry = attributes[index] as unknown;
    if (typeof entry !== 'object' || entry === null) continue;
    const { key, values } = entry as Wire;
    const value = Array.isArray(values) ? (values as unknown[])[0] : values;
    if (value === undefined || value === null) continue;
    switch (key) {
      case 'roleId':
      case 'isPending':
      case 'isSystemUser':
      case 'isActive':
        fields[key] = value;
    }
  }
  return fields;
}

function flagFrom(value: unknown): boolean | null {
  if (value === true || value === 1 || value === '1') return true;
  if (value === false || value === 0 || value === '0') return false;
  const word = typeof value === 'string' ? value.toLowerCase() : '';
  return word === 'true' ? true : word === 'false' ? false : null;
}

function emailFrom(value: unknown): string | null {
  const email = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return email.includes('@') ? email : null;
}

function countFrom(value: unknown): number | null {
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : null;
}

function textFrom(value: unknown, what: Description): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  throw badAnswer(`${textOf(what)} is not text`);
}

function listFrom(value: unknown, what: Description): readonly unknown[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw badAnswer(`${textOf(what)} are not a list`);
}

function textOf(what: Description): string {
  return typeof what === 'string' ? what : what();
}

function badAnswer(message: string): ProblemError {
  return new ProblemError(
    problem('bad-answer', `the instance sent an unexpected response: ${message}`, {
      hint: 'try again; if it persists, the instance has changed and this program must be updated',
    }),
  );
}
