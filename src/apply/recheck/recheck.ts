import type { ChangeId } from '../../plan/change.js';
import type { Replay } from '../../journal/replay.js';
import { dependenciesOf } from '../../model/closure.js';
import type { Snapshot } from '../../model/snapshot.js';
import type { Plan } from '../../plan/plan.js';
import type { CreatedRoleIds } from '../role-ids.js';
import { comparisonOf } from './comparison.js';
import { findCreated } from './created-roles.js';
import { checkMembers, checkPeople, checkSettings } from './people-and-settings.js';
import { checkNames, checkRoles } from './roles.js';
import type { StaleField } from './stale-plan.js';

/** What the comparison found. */
export interface Recheck {
  /** Empty: the plan may be applied. */
  stale: readonly StaleField[];
  /** Ids of changes whose effect is live already: nothing is sent for these. */
  already: ReadonlySet<ChangeId>;
  /** Ids of roles that the plan creates and that are live already, by symbolic id. */
  createdRoleIds: CreatedRoleIds;
}

/**
 * Compares live state with what a plan relies on: nothing locks an instance between plan and apply. Every object must be as the plan saw it, or as the plan
 * ends it, or as the journal of an earlier run of the same plan left it. `live` holds, for roles whose grants
 * will be written, their own lists; objects that the plan does not rely on are not compared.
 */
export function recheck(plan: Plan, live: Snapshot, resume: Replay | null): Recheck {
  const comparison = comparisonOf(plan, live, resume);
  const deps = dependenciesOf(live.catalogue);
  findCreated(comparison, deps);
  checkNames(comparison);
  checkRoles(comparison, deps);
  checkPeople(comparison);
  checkMembers(comparison);
  checkSettings(comparison);
  const { stale, already, createdRoleIds } = comparison;
  return { stale, already, createdRoleIds };
}
