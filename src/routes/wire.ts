import type { PersonId, RoleId } from '../model/ids.js';
import { problem, ProblemError } from '../problem/problem.js';

/*
 * What Domo sends, under its own names. Only the outer form is checked here: fields may be missing, null, or ids
 * as text; the code that reads a field checks it.
 */

/** A JSON object. */
export type WireRecord = Readonly<Record<string, unknown>>;

/** A role in the answer to its creation. */
export interface NewRole extends WireRecord {
  readonly id: RoleId;
  readonly name: string;
  readonly description?: string | null;
}

/** A role, as listed. Times are epoch milliseconds. */
export interface WireRole extends NewRole {
  readonly authorityCount?: number;
  readonly userCount?: number;
  readonly created?: number;
  readonly modified?: number;
}

/** An entry of the catalogue; `roleIds` are all roles that hold it. */
export interface WireAuthority extends WireRecord {
  authority?: unknown;
  title?: unknown;
  authorityUIGroup?: unknown;
  roleIds?: unknown;
  dependsOnAuthorities?: unknown;
  dependsOnFeature?: unknown;
  adminLevel?: unknown;
}

/** A person in a role's own list. */
export interface WireMember extends WireRecord {
  readonly userId: PersonId;
  readonly email?: string | null;
  readonly displayName?: string | null;
  readonly roleId?: RoleId;
}

/** The whole answer of a role's own list, its pages joined. */
export interface WireMembership {
  totalCount: number;
  totalFilteredCount: number;
  users: readonly WireMember[];
}

/** A person as found by user search. */
export interface WireUser extends WireRecord {
  id?: unknown;
  displayName?: unknown;
  userName?: unknown;
  emailAddress?: unknown;
  roleId?: unknown;
  attributes?: unknown;
}

/** One page of user search. */
export interface WireUserPage {
  count: number;
  users: readonly WireUser[];
}

/** An event of the audit log. */
export interface WireAuditEvent extends WireRecord {
  actionType?: unknown;
  actorId?: unknown;
  actorName?: unknown;
  eventText?: unknown;
  objectId?: unknown;
  objectName?: unknown;
  objectType?: unknown;
  time?: unknown;
  userId?: unknown;
  userName?: unknown;
}

/** Is this a JSON object? */
export function isRecord(value: unknown): value is WireRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list of objects, or `bad-answer`. */
export function recordList(value: unknown, what: string): readonly WireRecord[] {
  if (Array.isArray(value) && value.every(isRecord)) return value;
  throw badShape(what, 'a list of objects');
}

/** A role with its numbers as numbers, whichever way they were sent. `what` is the request in words. */
export function roleIn(role: WireRecord, what: string): WireRole {
  const { name } = role;
  if (typeof name !== 'string') throw badShape(what, 'made of roles with names');
  return { ...role, ...numbersIn(role, ROLE_NUMBERS), id: idOf(role.id, what), name };
}

/** A person of a role's own list, likewise. */
export function memberIn(member: WireRecord, what: string): WireMember {
  return { ...member, ...numbersIn(member, ['roleId']), userId: idOf(member.userId, what) };
}

const ROLE_NUMBERS = ['authorityCount', 'userCount', 'created', 'modified'];

function numbersIn(from: WireRecord, names: readonly string[]): Record<string, number> {
  const numbers = names.map((name) => [name, countIn(from[name])] as const);
  return Object.fromEntries(numbers.filter((entry): entry is [string, number] => entry[1] !== null));
}

function idOf(value: unknown, what: string): number {
  const id = countIn(value);
  if (id === null || id === 0) throw badShape(what, 'made of things with ids');
  return id;
}

/** An object, or `bad-answer`. */
export function record(value: unknown, what: string): WireRecord {
  if (isRecord(value)) return value;
  throw badShape(what, 'an object');
}

/** A number that counts something; text is taken for one, as some instances send ids and counts as text. */
export function countIn(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

/** An answer of another form than the one that is known. `what` is the request in words. */
export function badShape(what: string, wanted: string): ProblemError {
  return new ProblemError(
    problem('bad-answer', `the answer to ${what} is not ${wanted}`, {
      where: { what },
      hint: 'try again; if it persists, the instance has changed and this program must be updated',
    }),
  );
}
