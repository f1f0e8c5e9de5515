import type { PolicyFile } from '../model/policy-overlay.js';
import type { ChangeStatus } from '../journal/entry.js';
import type { OutcomeRunId } from '../journal/run-id.js';
import type { ChangeId, ChangeKind } from '../plan/change.js';
import type { Accepted, Allowed, Plan, PlanWarning } from '../plan/plan.js';

/** Version of the outcome document's format. */
export const OUTCOME_FORMAT = 1;

/** The result of one change of a plan. */
export interface ChangeOutcome {
  /** The change's id in the plan. */
  id: ChangeId;
  kind: ChangeKind;
  /** The role in the plan; null for the allowlist. */
  role: string | null;
  status: ChangeStatus;
  /** The reason, without a full stop; null if the status needs none. */
  reason: string | null;
  /** Id of the incomplete change that caused a skip; null otherwise. */
  because: ChangeId | null;
}

/** Counts of changes by status. */
export interface OutcomeSummary extends Readonly<Record<ChangeStatus, number>> {
  changes: number;
}

/** The result of a run. Plain JSON. */
export interface Outcome {
  formatVersion: typeof OUTCOME_FORMAT;
  kind: 'outcome';
  /** The id of the run, which is also the name of its folder. */
  runId: OutcomeRunId;
  instance: string;
  /** Whose credential made the changes, who may not be the one who made the plan. Absent in earlier versions. */
  me?: Plan['me'];
  /** ISO 8601, UTC. */
  startedAt: string;
  finishedAt: string;
  /** True if the run used a sandbox that was filled from the snapshot, and did not contact the instance. */
  dryRun: boolean;
  summary: OutcomeSummary;
  /** In the plan's order. */
  changes: readonly ChangeOutcome[];
  /** Addresses and ids in the manifest that are not on the instance. */
  missingPeople: readonly string[];
  /** Refusals that this run allowed, with their reason. */
  allowed: readonly Allowed[];
  /** Differences that the manifest accepts. */
  accepted: readonly Accepted[];
  /** Owners of the roles of the manifest. Sorted by role. */
  owners: Plan['owners'];
  /** Warnings of the plan and of the run. */
  warnings: readonly PlanWarning[];
  /** The policy file of the run; absent without one. */
  policyFile?: PolicyFile;
}

/** Counts changes by status. */
export function summarise(changes: readonly Pick<ChangeOutcome, 'status'>[]): OutcomeSummary {
  const count = (status: ChangeStatus): number => changes.filter((change) => change.status === status).length;
  return {
    changes: changes.length,
    done: count('done'),
    already: count('already'),
    failed: count('failed'),
    skipped: count('skipped'),
    unknown: count('unknown'),
  };
}

/** The outcome of a plan whose changes, if any, are all live already. It has no run folder. */
export function nothingToDo(plan: Plan, at: string): Outcome {
  const changes = plan.changes.map(({ id, kind, role }): ChangeOutcome => {
    return { id, kind, role, status: 'already', reason: null, because: null };
  });
  return {
    formatVersion: OUTCOME_FORMAT,
    kind: 'outcome',
    runId: 'none',
    instance: plan.instance,
    me: plan.me,
    startedAt: at,
    finishedAt: at,
    dryRun: false,
    summary: summarise(changes),
    changes,
    missingPeople: plan.missingPeople,
    allowed: plan.allowed,
    accepted: plan.accepted,
    owners: plan.owners,
    warnings: plan.warnings,
    ...(plan.policyFile ? { policyFile: plan.policyFile } : {}),
  };
}
