import type { Desired } from '../desired/desired.js';
import { compareStates } from '../diff/compare.js';
import type { Difference } from '../diff/difference.js';
import { protectedGrants } from '../model/admin-level.js';
import { dependenciesOf } from '../model/closure.js';
import type { Dependencies } from '../model/closure.js';
import type { Grant } from '../model/grant.js';
import type { Person } from '../model/person.js';
import type { Policy } from '../model/policy.js';
import type { Snapshot } from '../model/snapshot.js';
import { stateOf } from '../model/state.js';
import type { LiveState, State } from '../model/state.js';
import { cohortsOf } from './order/cohorts.js';
import type { Cohort } from './order/cohorts.js';
import { grantShifts } from './review/grant-shifts.js';
import type { GrantShift } from './review/grant-shifts.js';

/** The common basis of a plan: both states, and everything that follows from their comparison alone. */
export interface PlanBasis {
  snapshot: Snapshot;
  live: LiveState;
  end: State;
  people: readonly Person[];
  dependencies: Dependencies;
  isProtected: ReadonlySet<Grant>;
  differences: readonly Difference[];
  cohorts: readonly Cohort[];
  /** Everyone who gains or loses a protected grant; of others the first `impactLimit` people by address. */
  shifts: ReadonlyMap<Grant, GrantShift>;
}

/** The input of a basis in addition to both states. */
interface BasisOptions {
  policy: Policy;
  /** The people named per grant that is not protected. */
  impactLimit: number;
}

/** Compares live state with the end state. */
export function planBasis(
  snapshot: Snapshot,
  { target }: Desired,
  { policy, impactLimit }: BasisOptions,
): PlanBasis {
  const live = stateOf(snapshot);
  const end = target.state;
  const people = snapshot.people.list;
  const isProtected = protectedGrants(snapshot.catalogue, policy.protectedGrants);
  const differences = compareStates(live, end);
  const cohorts = cohortsOf({ live, end }, differences, snapshot.me?.id ?? null);
  return {
    snapshot,
    live,
    end,
    people,
    dependencies: dependenciesOf(snapshot.catalogue),
    isProtected,
    differences,
    cohorts,
    shifts: grantShifts(cohorts, (grant) => (isProtected.has(grant) ? Infinity : impactLimit)),
  };
}
