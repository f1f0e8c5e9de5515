import { memoize } from '../../model/memoize.js';
import { isOrdinary } from '../../model/person.js';
import type { Person } from '../../model/person.js';
import { isSystemRole } from '../../model/role.js';
import type { ExistingRole } from '../../model/role.js';
import type { LiveRole, Snapshot } from '../../model/snapshot.js';
import type { LiveState, State } from '../../model/state.js';

/** The totals that percentage limits refer to. */
export interface LimitBases {
  customRoles: number;
  people: number;
  customGrants: number;
}

/** Counts these totals for one instance. */
export function limitBases({ roles, people }: Snapshot, live: LiveState, end: State): LimitBases {
  return {
    customRoles: customRoles(live).length,
    people: people.scope === 'all' ? countPeople(people.list) : (memberCount(roles) ?? people.list.length),
    customGrants: countCustomGrants(live, end),
  };
}

/** Live roles without system roles, which can be neither deleted nor changed. */
export function customRoles(live: LiveState): ExistingRole[] {
  return [...live.roles.values()].filter((role) => !isSystemRole(role.id));
}

/** The number of people without support and system accounts. */
export const countPeople = memoize((people: readonly Person[]): number =>
  people.reduce((count, person) => (isOrdinary(person) ? count + 1 : count), 0),
);

/** The number of grants of live custom roles that are not deleted. */
export function countCustomGrants(live: LiveState, end: State): number {
  return customRoles(live)
    .filter(({ key }) => end.roles.has(key))
    .reduce((sum, { grants }) => sum + grants.length, 0);
}

/** The sum of the instance's own member counts, for snapshots without all people; null if a count is missing. */
function memberCount(roles: readonly LiveRole[]): number | null {
  return roles.reduce<number | null>(
    (sum, { userCount }) => (sum === null || userCount === null ? null : sum + userCount),
    0,
  );
}
