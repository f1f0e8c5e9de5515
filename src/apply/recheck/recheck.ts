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

/** The result of comparing a plan with live state. */
export interface Recheck {
  /** Fields that changed since the plan was made. The plan may be applied if there are none. */
  stale: readonly StaleField[];
  /** Ids of changes whose effect is already live, so that nothing is sent for them. */
  already: ReadonlySet<ChangeId>;
  /** Ids of roles that the plan creates and that are already live, by symbolic id. */
  createdRoleIds: CreatedRoleIds;
}

/**
 * Compares live state with the objects that a plan relies on, because nothing locks an instance between plan and apply.
 * Each object must have its recorded state, its planned end state, or a state in which an earlier run of the same plan
 * left it. Roles in `live` whose grants will be written must have their own lists.
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
