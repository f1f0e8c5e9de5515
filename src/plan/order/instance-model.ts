import { allowlistWithDefault } from '../../model/allowlist.js';
import type { Dependencies } from '../../model/closure.js';
import type { Grant } from '../../model/grant.js';
import { grantSet } from '../../model/grant.js';
import { keyOf } from '../../model/role-id.js';
import type { RoleKey } from '../../model/role-id.js';
import { addTo } from '../../model/group.js';
import { sortKeys } from '../../model/state.js';
import type { AllowlistKeys, State } from '../../model/state.js';
import type { OrderedChange } from '../change.js';
import type { Cohort } from './cohorts.js';
import type { PersonId } from '../../model/ids.js';

/** A model of the instance while a plan is applied: the grants of each role, and its people. */
export interface InstanceModel {
  /** The grants that a role may hold: the list last written, with its dependencies, which an instance may add. */
  held(role: RoleKey): ReadonlySet<Grant>;
  /** The list last written as sent, without dependencies: it is not certain that an instance adds them. */
  sent(role: RoleKey): ReadonlySet<Grant>;
  /** The role that the people of a cohort are in. */
  roleOf(cohort: Cohort): RoleKey;
  /** A list with its dependencies. */
  closureOf(list: readonly Grant[]): ReadonlySet<Grant>;
  defaultRole(): RoleKey;
  allowlist(): AllowlistKeys;
  /** Performs a change. Returns the cohorts whose access may have changed; all are in one role now. */
  perform(change: OrderedChange): Cohort[];
}

/** The input of a model. */
export interface ModelInput {
  live: State;
  /** The starting grants of new roles. */
  starts: ReadonlyMap<RoleKey, { grants: readonly Grant[] }>;
  cohorts: readonly Cohort[];
  dependencies: Dependencies;
}

const NOTHING: readonly Grant[] = [];

/** A model of the instance before the first change. */
export function instanceModel({ live, starts, cohorts, dependencies }: ModelInput): InstanceModel {
  const closureOf = dependencies.closure;
  const held = new Map<RoleKey, ReadonlySet<Grant>>();
  const sent = new Map<RoleKey, ReadonlySet<Grant>>();
  const places = placesOf(cohorts);
  const atFirst = (role: RoleKey): ReadonlySet<Grant> =>
    grantSet((starts.get(role) ?? live.roles.get(role))?.grants ?? NOTHING);
  let { defaultRole, allowlist } = live;

  const perform = (change: OrderedChange): Cohort[] => {
    switch (change.kind) {
      case 'grants.set': {
        const role = keyOf(change.roleId);
        held.set(role, closureOf(change.after));
        sent.set(role, grantSet(change.after));
        return places.cohortsIn(role);
      }
      case 'members.move':
        return places.move(keyOf(change.roleId), new Set(change.people.map(({ id }) => id)));
      case 'defaultRole.set':
        defaultRole = keyOf(change.roleId);
        allowlist = allowlistWithDefault(allowlist, defaultRole);
        return [];
      case 'allowlist.set':
        allowlist = change.afterIds === null ? 'off' : sortKeys(change.afterIds.map(keyOf));
        return [];
      case 'role.create':
      case 'role.update':
      case 'role.delete':
        return [];
    }
  };
  return {
    held: (role) => held.get(role) ?? atFirst(role),
    sent: (role) => sent.get(role) ?? atFirst(role),
    roleOf: places.roleOf,
    closureOf,
    defaultRole: () => defaultRole,
    allowlist: () => allowlist,
    perform,
  };
}

interface Places {
  roleOf: (cohort: Cohort) => RoleKey;
  cohortsIn: (role: RoleKey) => Cohort[];
  /** Moves people into a role; returns their cohorts. */
  move: (role: RoleKey, people: ReadonlySet<PersonId>) => Cohort[];
}

/** The roles of cohorts, indexed by role: of thousands of cohorts, few are in the role that a change concerns. */
function placesOf(cohorts: readonly Cohort[]): Places {
  const startingIn = new Map<RoleKey, Cohort[]>();
  const goingTo = new Map<RoleKey, Cohort[]>();
  const arrived = new Set<Cohort>();
  for (const cohort of cohorts) {
    addTo(startingIn, cohort.from, cohort);
    if (cohort.from !== cohort.to) addTo(goingTo, cohort.to, cohort);
  }
  return {
    roleOf: (cohort) => (arrived.has(cohort) ? cohort.to : cohort.from),
    cohortsIn: (role) => [
      ...(startingIn.get(role) ?? []).filter((cohort) => !arrived.has(cohort)),
      ...(goingTo.get(role) ?? []).filter((cohort) => arrived.has(cohort)),
    ],
    move: (role, people) => {
      const moved = (goingTo.get(role) ?? []).filter(
        (cohort) => !arrived.has(cohort) && cohort.people.some(({ id }) => people.has(id)),
      );
      for (const cohort of moved) arrived.add(cohort);
      return moved;
    },
  };
}
