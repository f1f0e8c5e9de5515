import { compareStates } from '../../src/diff/compare.js';
import { protectedGrants } from '../../src/model/admin-level.js';
import { DEFAULT_POLICY } from '../../src/model/policy.js';
import type { Policy } from '../../src/model/policy.js';
import { placementOf } from '../../src/model/placement.js';
import { liveKey, newRole } from '../../src/model/role.js';
import type { Role, RoleKey } from '../../src/model/role.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { roleAt, stateOf } from '../../src/model/state.js';
import type { State } from '../../src/model/state.js';
import type { GuardInput } from '../../src/plan/guards/guard.js';
import { cohortsOf } from '../../src/plan/order/cohorts.js';
import { grantShifts } from '../../src/plan/review/grant-shifts.js';

/** The input of a guard for two snapshots. `policy` is merged into the default one. */
export function guardInput(
  live: Snapshot,
  end: Snapshot,
  { policy = {}, ...rest }: Partial<Omit<GuardInput, 'policy'>> & { policy?: Partial<Policy> } = {},
): GuardInput {
  const states = { live: stateOf(live), end: endOf(live, end) };
  const whole = { ...DEFAULT_POLICY, ...policy };
  const me = rest.me === undefined ? (live.me?.id ?? null) : rest.me;
  const cohorts = cohortsOf(states, compareStates(states.live, states.end), me);
  return {
    ...states,
    people: live.people.list,
    me,
    policy: whole,
    changes: [],
    cohorts,
    shifts: grantShifts(cohorts),
    isProtected: protectedGrants(live.catalogue, whole.protectedGrants),
    missingPeople: [],
    missingMembers: [],
    unmanaged: [],
    ...rest,
  };
}

/** A snapshot as an end state. A role whose id is not live is created by the plan. */
export function endOf(live: Snapshot, end: Snapshot): State {
  const liveIds = new Set(live.roles.map(({ id }) => id));
  const state = stateOf(end);
  const roles = end.roles.map((role) =>
    liveIds.has(role.id) ? roleAt(state, liveKey(role.id)) : newRole(role),
  );
  const keys = new Map(end.roles.map(({ id }, index) => [id, (roles[index] as Role).key]));
  const keyAt = (id: number): RoleKey => keys.get(id) ?? liveKey(id);
  return {
    ...state,
    roles: new Map(roles.map((role) => [role.key, role])),
    people: placementOf(
      live.people.list,
      new Map(end.people.list.map(({ id, roleId }) => [id, keyAt(roleId)])),
    ),
    defaultRole: keyAt(end.defaultRoleId),
  };
}
