import { problem, ProblemError } from '../problem/problem.js';

/*
 * What Domo sends, with its words. Only the outer form is checked here: fields may be missing, null, or ids
 * as text; whoever reads one cleans it.
 */

/** A JSON object. */
export type WireRecord = Readonly<Record<string, unknown>>;

/** A role, as listed. */
export interface WireRole extends WireRecord {
  id?: unknown;
  name?: unknown;
  description?: unknown;
  authorityCount?: unknown;
  userCount?: unknown;
  created?: unknown;
  modified?: unknown;
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

/** A person, as a role's own list tells one. */
export interface WireMember extends WireRecord {
  userId?: unknown;
  email?: unknown;
  displayName?: unknown;
  roleId?: unknown;
}

/** The whole answer of a role's own list, its pages joined. */
export interface WireMembership {
  totalCount: number;
  totalFilteredCount: number;
  users: readonly WireMember[];
}

/** A person, as user search tells one. */
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
      hint: 'try again; if it stays, the instance has changed, and this program must learn it',
    }),
  );
}
