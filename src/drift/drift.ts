import type { Change, PlanRoleId } from '../plan/change.js';
import type { Plan, PlanSummary, PlanWarning } from '../plan/plan.js';
import type { Violation } from '../plan/rules/violations.js';
import type { PersonId } from '../model/ids.js';

/** Version of the drift document's format. */
export const DRIFT_FORMAT = 1;

/** Who made a difference and when, according to the audit log. */
export interface Attributed {
  /** The person, as named in the audit log; null if unknown. */
  by: string | null;
  /** ISO 8601, UTC; null if unknown. */
  at: string | null;
}

/**
 * A difference, as the change that would undo it: `before` is the live value, `after` the value of the manifest.
 * Reports for people show it in the opposite direction.
 */
export type DriftChange = Change & Attributed;

/** A person who is in a role and should not be. */
export interface DriftExtra {
  id: PersonId;
  email: string | null;
  /** The role that lists them; null if no role does. */
  to: string | null;
  /** The `until` of their membership in this role, if it has ended; absent otherwise. */
  until?: string;
}

/** The differences in the members of a role. */
export interface DriftMembers {
  /** The name in the manifest, or the live name of an unwanted role. */
  role: string;
  roleId: PlanRoleId;
  /** People who are listed in this role and are in another one (`from`). Sorted by id. */
  missing: readonly { id: PersonId; email: string | null; from: string }[];
  /**
   * People in this role who are listed in another one (`to`), or in none if the list is exact or the role unwanted.
   * Sorted by id.
   */
  extra: readonly DriftExtra[];
}

/** Counts of differences, with the names that plans use for changes. */
export interface DriftSummary extends Omit<PlanSummary, 'refusals'> {
  /**
   * The differences for which `drift` exits with 2: changes, listed people who are not on the instance, violations of
   * rules of level `refuse`, and unmanaged roles if the policy is `fail` (with `delete` they are changes).
   */
  differences: number;
}

/** How an instance differs from its manifest. Plain JSON. Has no guards and so no refusals. */
export interface Drift extends Omit<
  Plan,
  | 'formatVersion'
  | 'kind'
  | 'onlyExpired'
  | 'summary'
  | 'changes'
  | 'refusals'
  | 'allowed'
  | 'fingerprints'
  | 'digest'
> {
  formatVersion: typeof DRIFT_FORMAT;
  kind: 'drift';
  summary: DriftSummary;
  /** Extra people are listed under their current role (`role`); `after.role` is their target. */
  changes: readonly DriftChange[];
  /** The missing and extra people of each role. Sorted by name. */
  members: readonly DriftMembers[];
  /** Violations of rules on the instance, without accepted ones. Sorted by name. */
  violations: readonly Violation[];
  /** What the manifest names and the instance does not have. `drift` exits with 3 if there is any. */
  problems: readonly PlanWarning[];
  /** Whether the audit log was read. `note` is the reason if it was not read, or not completely. */
  attribution: { available: boolean; note: string | null };
}
