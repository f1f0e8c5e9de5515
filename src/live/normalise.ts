import { byCodeUnit } from '../model/sort.js';
import { featureNames, grantList, type CatalogueEntry, type Grant } from '../model/grant.js';
import type { Person, PersonKind } from '../model/person.js';
import type { LiveAllowlist, LiveRole, Snapshot } from '../model/snapshot.js';
import { oneLine } from '../http/redact.js';
import { problem, ProblemError } from '../problem/problem.js';
import type { RoleId } from '../model/ids.js';
import { knownDependencies } from '../model/known-dependencies.js';

/*
 * The only place that cleans what an instance sends. What is not understood is `bad-answer`, never a guess:
 * a plan is made from this.
 */

type Wire = Readonly<Record<string, unknown>>;

/** What a value is, for a message. Thousands of values are read and hardly one needs its text, which is then worked out. */
type What = string | (() => string);

/** Roles without their grants, sorted by id. */
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

/** The catalogue, sorted by name, and the matrix in it: role id → its grants, sorted. */
export function catalogueFrom(wire: readonly Wire[]): {
  catalogue: CatalogueEntry[];
  matrix: Map<RoleId, Grant[]>;
} {
  if (wire.length > 0 && !wire.some(({ roleIds }) => Array.isArray(roleIds))) {
    throw badAnswer('the catalogue of grants does not say which roles hold them');
  }
  const catalogue: CatalogueEntry[] = [];
  const matrix = new Map<RoleId, Grant[]>();
  // By name, so that the list of every role comes to be sorted by itself.
  const isOlder = wire.every(({ dependsOnAuthorities }) => (dependsOnAuthorities ?? null) === null);
  const read = wire.map((raw) => ({ entry: entryFrom(raw, isOlder), roleIds: raw.roleIds }));
  for (const { entry, roleIds } of read.sort((a, b) => byCodeUnit(a.entry.grant, b.entry.grant))) {
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

/** `isOlder`: no entry of its catalogue says what it depends on. */
function entryFrom(raw: Wire, isOlder: boolean): CatalogueEntry {
  const { authority } = raw;
  if (typeof authority !== 'string' || authority === '')
    throw badAnswer('a grant of the catalogue has no name');
  const of = (part: string) => (): string => `the ${part} of ${grantText(authority)}`;
  const title = textFrom(raw.title, of('title')).trim();
  return {
    grant: authority,
    title: title === '' ? authority : title,
    group: textFrom(raw.authorityUIGroup, of('group')),
    dependsOn: isOlder
      ? knownDependencies(authority)
      : grantsFrom(raw.dependsOnAuthorities ?? [], of('dependencies')),
    adminLevel: typeof raw.adminLevel === 'boolean' ? raw.adminLevel : null,
    features: featuresFrom(raw.dependsOnFeature, of('features')),
  };
}

function grantText(grant: Grant): string {
  return `grant ${oneLine(grant, 60)}`;
}

/** One name, several with blanks between them, or a list. */
function featuresFrom(value: unknown, what: What): string[] {
  if (!Array.isArray(value)) return featureNames(textFrom(value, what));
  const names = value.map((name) => textFrom(name, what));
  return [...new Set(names.filter((name) => name !== ''))].sort(byCodeUnit);
}

/** A role's own list of grants, sorted, each once. */
export function grantsFrom(value: unknown, what: What): Grant[] {
  return grantList(
    listFrom(value, what).map((grant) => {
      if (typeof grant !== 'string' || grant === '')
        throw badAnswer(`${textOf(what)} hold something that is not a grant`);
      return grant;
    }),
  );
}

/**
 * A person of user search; null for one who is not on the instance any more. `known` is what they are when
 * nothing says otherwise: `active`, or `support` for those that only a search for support accounts finds.
 */
export function personFrom(wire: Wire, known: 'active' | 'support' = 'active'): Person | null {
  const id = idFrom(wire.id, 'a person');
  const fields = fieldsOf(wire);
  const isPending = flagFrom(fields.isPending) ?? false;
  const isSystem = flagFrom(fields.isSystemUser) ?? false;
  const isActive = flagFrom(fields.isActive) ?? true;
  if (!isActive && !isPending && !isSystem) return null;
  const role = fields.roleId;
  // A system account may have no role; it is never listed, so nothing is lost.
  if (isSystem && (role === undefined || role === null)) return null;
  const kind: PersonKind = isSystem
    ? 'system'
    : known === 'support'
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

/** The acting person. */
export function meFrom(wire: Wire): NonNullable<Snapshot['me']> {
  return {
    id: idFrom(wire.id, 'the acting person'),
    email: emailFrom(wire.emailAddress ?? wire.email ?? wire.userName),
    name: typeof wire.displayName === 'string' ? wire.displayName : '',
  };
}

/** The allowlist of the role settings: sorted ids, `off` for null, `unreadable` where the response does not contain it. */
export function allowlistFrom(value: unknown): LiveAllowlist {
  if (value === null) return 'off';
  if (value === undefined) return 'unreadable';
  const ids = listFrom(value, 'the roles allowlist').map((id) => idFrom(id, 'a role on the allowlist'));
  return [...new Set(ids)].sort((a, b) => a - b);
}

/** An id, as a number or as text; a whole number above zero. */
export function idFrom(value: unknown, what: What): number {
  const id = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof id === 'number' && Number.isSafeInteger(id) && id > 0) return id;
  throw badAnswer(`${textOf(what)} has an id that is none`);
}

/** Sorted by id. A duplicate id is `bad-answer`. */
export function sortedById<T extends { id: number }>(list: readonly T[], what: string): T[] {
  const sorted = [...list].sort((a, b) => a.id - b.id);
  const twice = sorted.find(({ id }, index) => sorted[index + 1]?.id === id);
  if (twice) throw badAnswer(`${what} ${twice.id} is listed twice`);
  return sorted;
}

/**
 * The fields that define an account's kind and role. Attributes come as `[{key, values}]`, their values as lists of text or booleans,
 * or bare; fields that are not among them may be top-level keys.
 */
function fieldsOf(wire: Wire): Record<'roleId' | 'isPending' | 'isSystemUser' | 'isActive', unknown> {
  const { roleId, isPending, isSystemUser, isActive, attributes } = wire;
  const fields = { roleId, isPending, isSystemUser, isActive };
  if (!Array.isArray(attributes)) return fields;
  // From the last to the first, so that of two of one name the first counts.
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

function textFrom(value: unknown, what: What): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  throw badAnswer(`${textOf(what)} is not text`);
}

function listFrom(value: unknown, what: What): readonly unknown[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw badAnswer(`${textOf(what)} are no list`);
}

function textOf(what: What): string {
  return typeof what === 'string' ? what : what();
}

function badAnswer(message: string): ProblemError {
  return new ProblemError(
    problem('bad-answer', `the instance sent an unexpected answer: ${message}`, {
      hint: 'try again; if it persists, the instance has changed and this program must be updated',
    }),
  );
}
