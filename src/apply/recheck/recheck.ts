import type { Replay } from '../../journal/replay.js';
import { dependenciesOf } from '../../model/closure.js';
import type { Snapshot } from '../../model/snapshot.js';
import { objectText } from '../../plan/object-ref.js';
import type { ObjectRef } from '../../plan/object-ref.js';
import type { Fingerprint, Plan } from '../../plan/plan.js';
import type { Comparison } from './comparison.js';
import { findCreated } from './created-roles.js';
import { checkMembers, checkPeople, checkSettings } from './people-and-settings.js';
import { checkNames, checkRoles } from './roles.js';
import { stepsByValue } from './steps-by-value.js';
import type { StaleField } from './stale-plan.js';

/** What the comparison found. */
export interface Recheck {
  /** Empty: the plan may be applied. */
  stale: readonly StaleField[];
  /** Ids of changes whose effect is live already: nothing is sent for these. */
  already: ReadonlySet<string>;
  /** Ids of roles that the plan makes and that are live already, by symbolic id. */
  createdRoleIds: ReadonlyMap<string, number>;
}

/**
 * Compares live state with what a plan relied on: optimistic concurrency, since nothing locks an instance. Every object
 * must be as the plan saw it, or as the plan ends it, or as the journal of an earlier run of the same plan
 * left it. `fresh` holds, for roles whose grants will be written, their own lists; objects that the plan
 * did not rely on are not looked at.
 */
export function recheck(plan: Plan, fresh: Snapshot, resume: Replay | null): Recheck {
  const prints = new Map(plan.fingerprints.map((print) => [objectText(print.of), print]));
  const seen = (of: ObjectRef): Fingerprint['fields'] | undefined => prints.get(objectText(of))?.fields;
  const comparison: Comparison = {
    plan,
    live: fresh,
    planned: stepsByValue(plan.changes),
    seen,
    label: (of) => prints.get(objectText(of))?.label ?? objectText(of),
    nameOf: (roleId) => {
      if (typeof roleId !== 'number') return null;
      const name =
        fresh.roles.find((role) => role.id === roleId)?.name ?? seen({ kind: 'role', roleId })?.name;
      return typeof name === 'string' ? name : `role ${roleId}`;
    },
    wasSent: (change) => resume?.changes.get(change)?.sent ?? false,
    resume,
    createdRoleIds: new Map(),
    stale: [],
    already: new Set(),
  };
  const deps = dependenciesOf(fresh.catalogue);
  findCreated(comparison, deps);
  checkNames(comparison);
  checkRoles(comparison, deps);
  checkPeople(comparison);
  checkMembers(comparison);
  checkSettings(comparison);
  const { stale: moved, already, createdRoleIds: book } = comparison;
  return { stale: moved, already, createdRoleIds: book };
}
