import { isOrdinary } from '../../model/person.js';
import type { Person } from '../../model/person.js';
import { isSystemRole } from '../../model/role.js';
import type { ExistingRole } from '../../model/role.js';
import type { LiveRole, Snapshot } from '../../model/snapshot.js';
import type { LiveState, State } from '../../model/state.js';

/** What the limits of a policy are a share of. */
export interface LimitBases {
  customRoles: number;
  people: number;
  customGrants: number;
}

/** Counts what limits are a share of, on one instance. */
export function limitBases({ roles, people }: Snapshot, live: LiveState, end: State): LimitBases {
  return {
    customRoles: customRoles(live).length,
    people: people.scope === 'all' ? countPeople(people.list) : (memberCount(roles) ?? people.list.length),
    customGrants: countCustomGrants(live, end),
  };
}

/** Live roles without the system roles, which can neither be deleted nor changed. */
export function customRoles(live: LiveState): ExistingRole[] {
  return [...live.roles.values()].filter((role) => !isSystemRole(role.id));
}

/** The number of people without support and system accounts. */
export function countPeople(people: readonly Person[]): number {
  return people.filter(isOrdinary).length;
}

/** Grants that live custom roles hold which stay. */
export function countCustomGrants(live: LiveState, end: State): number {
  return customRoles(live)
    .filter(({ key }) => end.roles.has(key))
    .reduce((sum, { grants }) => sum + grants.length, 0);
}

/** The people of all roles as the instance counts them, where not all people were read; null where it does not count. */
function memberCount(roles: readonly LiveRole[]): number | null {
  return roles.reduce<number | null>(
    (sum, { userCount }) => (sum === null || userCount === null ? null : sum + userCount),
    0,
  );
}
