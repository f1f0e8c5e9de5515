import { MANAGE_ROLES } from '../model/grant.js';
import type { Person } from '../model/person.js';
import type { LivePeople, LiveRole } from '../model/snapshot.js';
import type { Routes } from '../routes/index.js';
import { idFrom, sortedById } from './normalise.js';
import { searchByIds, type FoundAccount, type PeopleSearch } from './people.js';
import { lacksActingPerson } from './whole.js';
import type { PersonId, RoleId } from '../model/ids.js';

/** What people are read with. */
export interface PeopleSource {
  search: PeopleSearch;
  /** Ids of the accounts in one role, sorted. */
  roleMembers: (roleId: RoleId) => Promise<PersonId[]>;
}

/** Ids of the accounts in one role by its own list, hidden ones too. */
export async function readRoleMembers(
  routes: Pick<Routes, 'getRoleMembership'>,
  roleId: RoleId,
  pageSize: number,
): Promise<PersonId[]> {
  // The caller has the list of roles, and a role that was deleted since has no members.
  const { response } = await routes.getRoleMembership(roleId, { pageSize, checkEmpty: false });
  return response.map(({ userId }) => idFrom(userId, `a person of role ${roleId}`)).sort((a, b) => a - b);
}

/**
 * Checks a search for all people: the acting person must be among those found, unless theirs is a support account,
 * which only the other search finds. Raises `short-list` where they are missing. A search that found someone is
 * taken as it is where the acting person is not known.
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

/** People in roles that hold `authorization.roles`; all people where the instance ignores the filter by id. */
export async function readAdmins(
  { search, roleMembers }: PeopleSource,
  roles: readonly Pick<LiveRole, 'id' | 'grants'>[],
): Promise<LivePeople> {
  const managing = roles.filter(({ grants }) => grants.includes(MANAGE_ROLES)).map(({ id }) => id);
  const ids = (await Promise.all(managing.map(roleMembers))).flat().sort((a, b) => a - b);
  const { people, filtered } = await searchByIds(search, ids, 'active');
  if (!filtered) return { scope: 'all', list: people };
  return { scope: 'admins', list: people.filter(({ roleId }) => managing.includes(roleId)) };
}

/** Accounts of a role that are not among `known`: support accounts, which user search leaves out. */
export async function readHiddenMembers(
  { search, roleMembers }: PeopleSource,
  roleId: RoleId,
  known: readonly Person[],
): Promise<Person[]> {
  const knownIds = new Set(known.map(({ id }) => id));
  const hidden = await readHidden(
    search,
    (await roleMembers(roleId)).filter((id) => !knownIds.has(id)),
  );
  return hidden.filter((person) => person.roleId === roleId);
}

/** These people, hidden ones too, sorted by id. */
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
