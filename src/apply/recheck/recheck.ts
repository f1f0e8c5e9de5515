import type { ChangeId } from '../../plan/change.js';
import type { Replay } from '../../journal/replay.js';
import { dependenciesOf } from '../../model/closure.js';
import type { Snapshot } from '../../model/snapshot.js';
import { objectText } from '../../plan/object-ref.js';
import type { ObjectRef } from '../../plan/object-ref.js';
import type { Fingerprint, Plan } from '../../plan/plan.js';
import type { CreatedRoleIds } from '../role-ids.js';
import type { Comparison } from './comparison.js';
import { findCreated } from './created-roles.js';
import { checkMembers, checkPeople, checkSettings } from './people-and-settings.js';
import { checkNames, checkRoles } from './roles.js';
import type { StaleField } from './stale-plan.js';
import { stepsByValue } from './steps-by-value.js';

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

function comparisonOf(plan: Plan, live: Snapshot, resume: Replay | null): Comparison {
  const prints = new Map(plan.fingerprints.map((print) => [objectText(print.of), print]));
  const recorded = (of: ObjectRef): Fingerprint['fields'] | undefined => prints.get(objectText(of))?.fields;
  return {
    plan,
    live,
    planned: stepsByValue(plan.changes),
    recorded,
    label: (of) => prints.get(objectText(of))?.label ?? objectText(of),
    nameOf: (roleId) => {
      if (typeof roleId !== 'number') return null;
      const name =
        live.roles.find((role) => role.id === roleId)?.name ?? recorded({ kind: 'role', roleId })?.name;
      return typeof name === 'string' ? name : `role ${roleId}`;
    },
    wasSent: (change) => resume?.changes.get(change)?.sent ?? false,
    resume,
    createdRoleIds: new Map(),
    stale: [],
    already: new Set(),
  };
}
