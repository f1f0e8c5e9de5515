import { PERSON_ATTRIBUTES } from './parse-people.js';
import { countIn, record, recordList, wireId, type WireRecord } from './wire.js';
import { isRecord } from '../model/record.js';

/*
 * The form of responses, for the probe: how an instance sends what the other modules of this folder read. Nothing that
 * a response says about a person is returned.
 */

/** The form of one page of user search. */
export interface SearchForm {
  /** The number of people on the page; null if the response has no list of people. */
  received: number | null;
  /** The declared total; null if there is none. */
  total: number | null;
  /** The types of the values of the attributes that are flags, each once. */
  flagTypes: ReadonlySet<string>;
}

/** Reads the form of a page of user search. */
export function searchForm(body: unknown): SearchForm {
  const { users, count } = isRecord(body) ? body : {};
  const list = listIn(users);
  const types = list
    .flatMap((user) => (isRecord(user) ? listIn(user.attributes) : []))
    .flatMap((one) => (isRecord(one) && FLAGS.includes(one.key) ? listIn(one.values) : []))
    .flatMap((value) => (value === null ? [] : typeof value));
  const isComplete = Array.isArray(users) && list.every(isRecord);
  return { received: isComplete ? list.length : null, total: countIn(count), flagTypes: new Set(types) };
}

/** The attributes that are flags: all but the role, which is an id. */
const FLAGS: readonly unknown[] = PERSON_ATTRIBUTES.slice(1);

/** Does a response have the role settings, default role and allowlist? */
export function hasSettings(body: unknown): boolean {
  if (!isRecord(body)) return false;
  const { defaultRoleId, allowlistRoleIds: list } = body;
  const isList = list === null || (Array.isArray(list) && list.every((id) => wireId(id) !== null));
  return wireId(defaultRoleId) !== null && isList;
}

/** The number of people that a page of a role's member list shows, and its total. */
export interface MembersForm {
  shown: number;
  /** Null if there is none, `unusable` if it is no number, or smaller than what is shown. */
  total: number | 'unusable' | null;
}

/** Reads the form of a page of a role's member list. `what` names the request. */
export function membersForm(body: unknown, what: string): MembersForm {
  const { users, totalCount = null } = record(body, what);
  const shown = recordList(users, what).length;
  const total = countIn(totalCount);
  const isUsable = total !== null && total >= shown;
  return { shown, total: totalCount === null ? null : isUsable ? total : 'unusable' };
}

/** Does a catalogue mark grants of admin level? */
export function marksAdminLevel(catalogue: readonly WireRecord[]): boolean {
  return catalogue.some(({ adminLevel }) => (adminLevel ?? null) !== null);
}

/** The types of the ids in a list of roles, each once. */
export function roleIdTypes(roles: unknown): ReadonlySet<string> {
  return new Set(listIn(roles).map((role) => (isRecord(role) ? typeof role.id : 'none')));
}

function listIn(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
