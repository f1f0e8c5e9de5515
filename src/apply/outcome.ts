import type { PolicyFile } from '../model/policy-overlay.js';
import type { OutcomeRunId } from '../journal/run-id.js';
import type { ChangeId, ChangeKind } from '../plan/change.js';
import type { Accepted, Allowed, Plan, PlanWarning } from '../plan/plan.js';

/** Version of the outcome document's format. */
export const OUTCOME_FORMAT = 1;

/**
 * How a change ended, confirmed by reading back. `already`: its effect was live before anything was sent.
 * `skipped`: not sent, because of another change or because the run stopped. `unknown`: sent, but the instance
 * could not be read.
 */
export type ChangeStatus = 'done' | 'already' | 'failed' | 'skipped' | 'unknown';

/** Every status, in the order in which reports name them. */
export const CHANGE_STATUSES: readonly ChangeStatus[] = ['done', 'already', 'failed', 'skipped', 'unknown'];

/** The result of one change of a plan. */
export interface ChangeOutcome {
  /** The change's id in the plan. */
  id: ChangeId;
  kind: ChangeKind;
  /** As in the plan: null for the allowlist and nothing else. */
  role: string | null;
  status: ChangeStatus;
  /** Why, in a sentence without a full stop; null where the status is enough. */
  reason: string | null;
  /** Id of the change that a skipped one depends on and that was not completed; null otherwise. */
  because: ChangeId | null;
}

/** How many changes ended how. */
export interface OutcomeSummary extends Readonly<Record<ChangeStatus, number>> {
  changes: number;
}

/** The result of a run. Plain JSON. */
export interface Outcome {
  formatVersion: typeof OUTCOME_FORMAT;
  kind: 'outcome';
  /** The run, and the name of its folder. */
  runId: OutcomeRunId;
  instance: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  finishedAt: string;
  /** True where everything happened on a sandbox filled from the snapshot, and nothing on the instance. */
  dryRun: boolean;
  summary: OutcomeSummary;
  /** In the plan's order. */
  changes: readonly ChangeOutcome[];
  /** Addresses and ids of the manifest that are not on the instance and were left out. */
  missingPeople: readonly string[];
  /** Refusals that the flags of this run allowed, with their reason. */
  allowed: readonly Allowed[];
  /** Differences that were left alone because the manifest accepts them. */
  accepted: readonly Accepted[];
  /** Who is responsible for the roles of the manifest. Sorted by role. */
  owners: Plan['owners'];
  /** Those of the plan, and of the run. */
  warnings: readonly PlanWarning[];
  /** The policy file that it was judged by; left out where there was none. */
  policyFile?: PolicyFile;
}

/** Counts how changes ended. */
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

/** The outcome of a plan without changes. Nothing was written, so no run is kept. */
export function nothingToDo(plan: Plan, at: string): Outcome {
  return {
    formatVersion: OUTCOME_FORMAT,
    kind: 'outcome',
    runId: 'none',
    instance: plan.instance,
    startedAt: at,
    finishedAt: at,
    dryRun: false,
    summary: summarise([]),
    changes: [],
    missingPeople: plan.missingPeople,
    allowed: plan.allowed,
    accepted: plan.accepted,
    owners: plan.owners,
    warnings: plan.warnings,
    ...(plan.policyFile ? { policyFile: plan.policyFile } : {}),
  };
}
