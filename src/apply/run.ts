import { isCompleted, JOURNAL_FORMAT } from '../journal/entry.js';
import type { ChangeStatus, JournalEntry } from '../journal/entry.js';
import { dependenciesOf } from '../model/closure.js';
import type { Dependencies } from '../model/closure.js';
import type { Grant } from '../model/grant.js';
import type { NewRoleId } from '../model/role-id.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Change, ChangeId } from '../plan/change.js';
import type { Plan } from '../plan/plan.js';
import { plainMessage, ProblemError } from '../problem/problem.js';
import type { ApplyLimits, ApplyOptions } from './options.js';
import type { ChangeOutcome } from './outcome.js';
import type { Recheck } from './recheck/recheck.js';
import { stepsByValue } from './recheck/steps-by-value.js';
import type { StaleField } from './recheck/stale-plan.js';
import type { StepsByValue } from './recheck/steps-by-value.js';
import type { PersonId, RoleId } from '../model/ids.js';

/** An apply in progress: its options, what is known of live state, and the result of each change. */
export interface ApplyRun {
  options: ApplyOptions;
  limits: ApplyLimits;
  deps: Dependencies;
  planned: StepsByValue;
  /** The acting person and their role before the first write; null if unknown. */
  me: { id: PersonId; roleId: RoleId } | null;
  /** Whose credential makes the changes, for the record. */
  actor: Plan['me'];
  already: Set<ChangeId>;
  /** Live ids of the roles that this plan creates, by symbolic id. */
  createdRoleIds: Map<NewRoleId, RoleId>;
  /** Ids of the roles that were live before the first write. */
  knownIds: ReadonlySet<RoleId>;
  /** Last known values, from a read or from a confirmed write of this run. */
  names: Map<RoleId, string>;
  grants: Map<RoleId, readonly Grant[]>;
  settings: Pick<Snapshot, 'defaultRoleId' | 'allowlist'>;
  outcomes: Map<ChangeId, ChangeOutcome>;
  /** The first change that was not completed; deletes are skipped because of it. */
  firstFailure: ChangeId | null;
  /** Changes with a request that may have reached the instance. */
  sent: Set<ChangeId>;
  /** Why changes were not sent: errors, and differences from the state that the plan expects. */
  obstacles: ProblemError[];
  differences: StaleField[];
  /** Why the run sends nothing more, apart from the signal. */
  halted: { reason: string; cause: unknown } | null;
}

/** A journal entry before `record` adds its version and time. */
type Unstamped<E> = E extends JournalEntry ? Omit<E, 'v' | 'at'> : never;

/** Starts a run on live state that was compared with the plan. */
export function startRun(
  options: ApplyOptions,
  limits: ApplyLimits,
  { live, found }: { live: Snapshot; found: Recheck },
): ApplyRun {
  return {
    options,
    limits,
    deps: dependenciesOf(live.catalogue),
    planned: stepsByValue(options.plan.changes),
    me: live.people.list.find((person) => person.id === live.me?.id) ?? null,
    actor: live.me && { id: live.me.id, email: live.me.email },
    already: new Set(found.already),
    createdRoleIds: new Map(found.createdRoleIds),
    knownIds: new Set(live.roles.map((role) => role.id)),
    names: new Map(live.roles.map((role) => [role.id, role.name])),
    grants: new Map(live.roles.map((role) => [role.id, role.grants])),
    settings: { defaultRoleId: live.defaultRoleId, allowlist: live.allowlist },
    outcomes: new Map(),
    firstFailure: null,
    sent: new Set(),
    obstacles: [],
    differences: [],
    halted: null,
  };
}

/** Why the run must not send anything more; null while it continues. */
export function stopReason(run: ApplyRun): string | null {
  return run.halted?.reason ?? (run.options.signal?.aborted ? 'interrupted' : null);
}

/** Writes one entry to the journal. Returns false if that failed; the run then sends nothing more. */
export async function record(run: ApplyRun, entry: Unstamped<JournalEntry>): Promise<boolean> {
  const at = new Date(run.options.clock.now()).toISOString();
  try {
    await run.options.journal.append({ v: JOURNAL_FORMAT, at, ...entry });
    return true;
  } catch (cause) {
    run.halted ??= { reason: `the journal cannot be written: ${errorText(cause)}`, cause };
    return false;
  }
}

/** How a change ended. */
export interface Result {
  status: ChangeStatus;
  reason?: string | null;
  because?: ChangeId | null;
  /** The id of a role that was created. */
  roleId?: RoleId | null;
}

/** Records the result of a change in the outcome and the journal, and reports progress. */
export async function settle(run: ApplyRun, change: Change, result: Result): Promise<void> {
  const { status, reason = null, because = null, roleId = null } = result;
  const outcome: ChangeOutcome = {
    id: change.id,
    kind: change.kind,
    role: change.role,
    status,
    reason,
    because,
  };
  run.outcomes.set(change.id, outcome);
  if (!isCompleted(status)) run.firstFailure ??= change.id;
  await record(run, { kind: 'confirmed', change: change.id, status, roleId, reason, because });
  run.options.onProgress?.({
    kind: 'settled',
    change: outcome,
    settled: run.outcomes.size,
    total: run.options.plan.changes.length,
  });
}

/** Did this change end without its effect? A change without a result has not ended. */
export function endedIncomplete(run: ApplyRun, id: ChangeId): boolean {
  const outcome = run.outcomes.get(id);
  return outcome !== undefined && !isCompleted(outcome.status);
}

/**
 * The message of an error for reports. Other errors than `ProblemError` may contain secrets, so their message is not
 * used.
 */
export function errorText(error: unknown): string {
  return error instanceof ProblemError ? plainMessage(error) : 'an error inside domo-roles';
}
