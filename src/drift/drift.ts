import type { Change, PlanRoleId } from '../plan/change.js';
import type { Plan, PlanSummary, PlanWarning } from '../plan/plan.js';
import type { Violation } from '../plan/rules/violations.js';
import type { PersonId } from '../model/ids.js';

/** Version of the drift document's form. */
export const DRIFT_FORMAT = 1;

/** Who did it and when, as far as the audit log shows. */
export interface Attributed {
  /** Who made the difference on the instance, as the audit log names them; null where unknown. */
  by: string | null;
  /** When, ISO 8601, UTC; null where unknown. */
  at: string | null;
}

/**
 * A difference, in the form of the change that would undo it: `before` is what is live, `after` what the
 * manifest says. Reports for people read it the other way round.
 */
export type DriftChange = Change & Attributed;

/** A person who is in a role and should not be. */
export interface DriftExtra {
  id: PersonId;
  email: string | null;
  /** The role that lists them; null where none does. */
  to: string | null;
  /** The `until` of their entry in this role, which has ended; left out for all others. */
  until?: string;
}

/** What differs in who is in a role. */
export interface DriftMembers {
  /** The name that the manifest wants; of a role that it does not want, the live one. */
  role: string;
  roleId: PlanRoleId;
  /** Listed in this role, and in another one (`from`). Sorted by id. */
  missing: readonly { id: PersonId; email: string | null; from: string }[];
  /** In this role, and listed in another one (`to`) or, as the list is exact or the role not wanted, in none. Sorted by id. */
  extra: readonly DriftExtra[];
}

/** Counts of differences, named like those of a plan: the changes that an apply would make. */
export interface DriftSummary extends Omit<PlanSummary, 'refusals'> {
  /**
   * All that makes `drift` exit with 2: the changes, the people who are listed and not on the instance, the
   * violations of rules of level `refuse`, and the unmanaged roles where the policy is `fail` (under `delete` they are changes already).
   */
  differences: number;
}

/** What changed on an instance against its manifest. Plain JSON. No guards, hence no refusals. */
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
  /** People who are too many are listed under the role that they are in: `role` is that one, `after.role` where they go. */
  changes: readonly DriftChange[];
  /** Role by role, who is missing and who is too many. Sorted by name. */
  members: readonly DriftMembers[];
  /** Rules that are broken on the instance, by name, less what is accepted. */
  violations: readonly Violation[];
  /** What the manifest names and the instance does not have; `drift` then exits with 3. */
  problems: readonly PlanWarning[];
  /** Could the audit log be read, and if not, or not wholly, why. */
  attribution: { available: boolean; note: string | null };
}
