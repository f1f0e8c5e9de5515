import { PERSON_ATTRIBUTES } from './parse-people.js';
import { countIn, record, recordList, type WireRecord } from './wire.js';
import { isRecord } from '../model/record.js';

/*
 * The form of responses, for the probe: how an instance sends what the other modules of this folder read. Nothing that
 * a response says about a person is returned.
 */

/** The form of one page of user search. */
export interface SearchForm {
  /** The number of people on the page. */
  received: number;
  /** The declared total; null if there is none. */
  total: number | null;
  /** The types of the values of attributes other than the role, each once. */
  attributeTypes: ReadonlySet<string>;
}

/** Reads the form of a page of user search. */
export function searchForm(body: unknown): SearchForm {
  const { users, count } = isRecord(body) ? body : {};
  const list = listIn(users);
  const types = list
    .flatMap((user) => (isRecord(user) ? listIn(user.attributes) : []))
    .flatMap((one) => (isRecord(one) && one.key !== ROLE_ATTRIBUTE ? listIn(one.values) : []))
    .map((value) => typeof value);
  return { received: list.length, total: countIn(count), attributeTypes: new Set(types) };
}

const [ROLE_ATTRIBUTE] = PERSON_ATTRIBUTES;

/** The number of people that a page of a role's member list shows, and its total if it has one. */
export interface MembersForm {
  shown: number;
  total: unknown;
}

/** Reads the form of a page of a role's member list. `what` names the request. */
export function membersForm(body: unknown, what: string): MembersForm {
  const { users, totalCount } = record(body, what);
  return { shown: recordList(users, what).length, total: totalCount };
}

/** Does a catalogue mark grants of admin level? */
export function marksAdminLevel(catalogue: readonly WireRecord[]): boolean {
  return catalogue.some(({ adminLevel }) => adminLevel !== undefined);
}

/** The types of the ids in a list of roles, each once. */
export function roleIdTypes(roles: unknown): ReadonlySet<string> {
  return new Set(listIn(roles).map((role) => (isRecord(role) ? typeof role.id : 'none')));
}

function listIn(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
