import { MANAGE_ROLES } from '../model/grant.js';
import type { Person } from '../model/person.js';
import type { LivePeople, LiveRole } from '../model/snapshot.js';
import type { WireMember } from '../routes/wire.js';
import { memberIdsFrom, type FoundAccount } from '../routes/parse-people.js';
import { sortedById } from '../routes/parse-values.js';
import { searchByIds, type PeopleSearch } from './people.js';
import { lacksActingPerson } from './completeness.js';
import type { PersonId, RoleId } from '../model/ids.js';

/** The two ways to read people. */
export interface PeopleSource {
  search: PeopleSearch;
  /** Reads the ids of the accounts in one role, sorted. */
  roleMembers: (roleId: RoleId) => Promise<PersonId[]>;
}

/** The route that reads the member list of a role. */
interface MemberList {
  getRoleMembership(
    roleId: RoleId,
    options: { pageSize: number; checkEmpty: false },
  ): Promise<{ response: readonly WireMember[] }>;
}

/** Reads the ids of the accounts in one role from its member list, which includes support accounts. */
export async function readRoleMembers(
  routes: MemberList,
  roleId: RoleId,
  pageSize: number,
): Promise<PersonId[]> {
  // An empty list needs no check: a role that was deleted in the meantime has no members.
  const { response } = await routes.getRoleMembership(roleId, { pageSize, checkEmpty: false });
  return memberIdsFrom(response, roleId);
}

/**
 * Checks the result of a search for all people. It must contain the acting person, unless they are a support account, which
 * only the search of kind `support` finds. If the acting person is unknown, the result must not be empty. Raises `short-list`.
 */
export async function checkFoundActing(
  search: PeopleSearch,
  found: readonly FoundAccount[],
  actingId: PersonId | null,
): Promise<void> {
  if (actingId === null) {
    if (found.length > 0) return;
    throw lacksActingPerson(null);
  }
  if (found.some(({ id }) => id === actingId)) return;
  const isFoundAs = async (kind: 'active' | 'support'): Promise<boolean> =>
    (await search(kind, [actingId])).some(({ id }) => id === actingId);
  if ((await isFoundAs('active')) || !(await isFoundAs('support'))) throw lacksActingPerson(actingId);
}

/** Reads the people in roles that hold `authorization.roles`; all people if the instance ignores the filter by id. */
export async function readAdmins(
  { search, roleMembers }: PeopleSource,
  roles: readonly Pick<LiveRole, 'id' | 'grants'>[],
): Promise<LivePeople> {
  const managing = roles.filter(({ grants }) => grants.includes(MANAGE_ROLES)).map(({ id }) => id);
  const ids = await membersOf(managing, roleMembers);
  const { people, filtered } = await searchByIds(search, ids, 'active');
  if (!filtered) return { scope: 'all', list: people };
  return { scope: 'admins', list: people.filter(({ roleId }) => managing.includes(roleId)) };
}

/**
 * Reads the accounts of roles that are not in `known`: support accounts, which user search leaves out. One search for all
 * roles, because an account that moves between two searches would be found in both roles.
 */
export async function readHiddenMembers(
  { search, roleMembers }: PeopleSource,
  roleIds: readonly RoleId[],
  known: readonly Person[],
): Promise<Person[]> {
  const knownIds = new Set(known.map(({ id }) => id));
  const listed = await membersOf(roleIds, roleMembers);
  const hidden = await readHidden(
    search,
    listed.filter((id) => !knownIds.has(id)),
  );
  return hidden.filter(({ roleId }) => roleIds.includes(roleId));
}

/** The ids of the accounts in roles, sorted. An account that moves while the lists are read may be in two of them. */
async function membersOf(
  roleIds: readonly RoleId[],
  roleMembers: PeopleSource['roleMembers'],
): Promise<PersonId[]> {
  const lists = await Promise.all(roleIds.map(roleMembers));
  return [...new Set(lists.flat())].sort((a, b) => a - b);
}

/** Reads people by id, including support accounts, sorted by id. */
export async function readPeopleByIds(search: PeopleSearch, ids: readonly PersonId[]): Promise<Person[]> {
  const wanted = new Set(ids);
  const { people } = await searchByIds(search, ids, 'active');
  const found = people.filter(({ id }) => wanted.has(id));
  for (const { id } of found) wanted.delete(id);
  return sortedById([...found, ...(await readHidden(search, [...wanted]))], 'person');
}

async function readHidden(search: PeopleSearch, ids: readonly PersonId[]): Promise<Person[]> {
  const wanted = new Set(ids);
  const { people } = await searchByIds(search, ids, 'support');
  return people.filter(({ id }) => wanted.has(id));
}
