import type { PersonId, RoleId } from '../model/ids.js';
import { problem, ProblemError } from '../problem/problem.js';
import { isRecord } from '../model/record.js';

/*
 * Types of Domo's responses. Only the outer shape is checked here. Fields may be missing or null, and ids may be text; the code
 * that reads a field must check it.
 */

/** A JSON object. */
export type WireRecord = Readonly<Record<string, unknown>>;

/** A role in the response to its creation. */
export interface NewRole extends WireRecord {
  readonly id: RoleId;
  readonly name: string;
  readonly description?: string | null;
}

/** A role in the list of roles. Times are epoch milliseconds. */
export interface WireRole extends NewRole {
  readonly authorityCount?: number;
  readonly userCount?: number;
  readonly created?: number;
  readonly modified?: number;
}

/** An entry of the catalogue of grants. `roleIds` are all roles that hold it. */
export interface WireAuthority extends WireRecord {
  authority?: unknown;
  title?: unknown;
  authorityUIGroup?: unknown;
  roleIds?: unknown;
  dependsOnAuthorities?: unknown;
  dependsOnFeature?: unknown;
  adminLevel?: unknown;
}

/** A person in the member list of a role. */
export interface WireMember extends WireRecord {
  readonly userId: PersonId;
  readonly email?: string | null;
  readonly displayName?: string | null;
  readonly roleId?: RoleId;
}

/** The member list of a role, with all pages joined. */
export interface WireMembership {
  totalCount: number;
  totalFilteredCount: number;
  users: readonly WireMember[];
}

/** A person in the result of user search. */
export interface WireUser extends WireRecord {
  id?: unknown;
  displayName?: unknown;
  userName?: unknown;
  emailAddress?: unknown;
  roleId?: unknown;
  attributes?: unknown;
}

/** One page of user search. */
export interface WireUserPage<U = WireUser> {
  count: number;
  users: readonly U[];
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

/** Returns a list of objects. Raises `bad-answer`. */
export function recordList(value: unknown, what: string): readonly WireRecord[] {
  if (Array.isArray(value) && value.every(isRecord)) return value;
  throw notObjects(what);
}

/** Returns an item of a list of objects. Raises `bad-answer`. */
export function recordItem(item: unknown, what: string): WireRecord {
  if (isRecord(item)) return item;
  throw notObjects(what);
}

function notObjects(what: string): ProblemError {
  return unexpectedShape(what, 'a list of objects');
}

/** Returns a role with ids and counts as numbers, even if they were sent as text. `what` names the request. */
export function roleIn(role: WireRecord, what: string): WireRole {
  const { name } = role;
  if (typeof name !== 'string' || name === '') throw unexpectedShape(what, 'made of roles with names');
  return { ...role, ...numbersIn(role, ROLE_NUMBERS), id: idOf(role.id, what), name };
}

/** Returns a person of a member list with ids as numbers. */
export function memberIn(member: WireRecord, what: string): WireMember {
  return { ...member, ...numbersIn(member, ['roleId']), userId: idOf(member.userId, what) };
}

const ROLE_NUMBERS = ['authorityCount', 'userCount', 'created', 'modified'];

function numbersIn(from: WireRecord, names: readonly string[]): Record<string, number> {
  const numbers = names.map((name) => [name, countIn(from[name])] as const);
  return Object.fromEntries(numbers.filter((entry): entry is [string, number] => entry[1] !== null));
}

function idOf(value: unknown, what: string): number {
  const id = wireId(value);
  if (id === null) throw unexpectedShape(what, 'made of objects with ids');
  return id;
}

/** Returns an object. Raises `bad-answer`. */
export function record(value: unknown, what: string): WireRecord {
  if (isRecord(value)) return value;
  throw unexpectedShape(what, 'an object');
}

/** Reads an id, which some instances send as text; null for any other value. */
export function wireId(value: unknown): number | null {
  const id = countIn(value);
  return id === 0 ? null : id;
}

/** Reads an id or a count, which some instances send as text; null for any other value. */
export function countIn(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

/** Returns the error of a response with an unexpected shape. `what` names the request. */
export function unexpectedShape(what: string, wanted: string): ProblemError {
  return new ProblemError(
    problem('bad-answer', `the response to ${what} is not ${wanted}`, {
      where: { what },
      hint: 'try again; if it persists, the instance has changed and this program must be updated',
    }),
  );
}
