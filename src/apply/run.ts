import type { JournalEntry } from '../journal/entry.js';
import { JOURNAL_FORMAT } from '../journal/entry.js';
import { dependenciesOf } from '../model/closure.js';
import type { Dependencies } from '../model/closure.js';
import type { Grant } from '../model/grant.js';
import type { NewRoleId } from '../model/role-id.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Change, ChangeId } from '../plan/change.js';
import { plainMessage, ProblemError } from '../problem/problem.js';
import type { ApplyLimits, ApplyOptions } from './options.js';
import type { ChangeOutcome, ChangeStatus } from './outcome.js';
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
  /** The acting person and the role they were in before the first write; null where that is not known. */
  me: { id: PersonId; roleId: RoleId } | null;
  already: Set<ChangeId>;
  /** Live ids of the roles that this plan creates, by symbolic id. */
  createdRoleIds: Map<NewRoleId, RoleId>;
  /** Roles that were live before the first write. */
  knownIds: ReadonlySet<RoleId>;
  /** As this run last read or left them. */
  names: Map<RoleId, string>;
  grants: Map<RoleId, readonly Grant[]>;
  settings: Pick<Snapshot, 'defaultRoleId' | 'allowlist'>;
  outcomes: Map<ChangeId, ChangeOutcome>;
  /** The first change that was not completed; deletes are skipped because of it. */
  firstFailure: ChangeId | null;
  /** Changes of which a request was sent: it may have reached the instance. */
  sent: Set<ChangeId>;
  /** Why changes were not sent: errors, and differences from what the plan leaves. */
  obstacles: ProblemError[];
  differences: StaleField[];
  /** Why nothing more is sent, apart from the signal. */
  halted: { reason: string; cause: unknown } | null;
}

/** An entry as a step of the run writes it; version and time are added. */
type Unstamped<E> = E extends JournalEntry ? Omit<E, 'v' | 'at'> : never;

/** Sets up a run on live state that was just compared with the plan. */
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

/** Why nothing more may be sent; null while the run goes on. */
export function stopReason(run: ApplyRun): string | null {
  return run.halted?.reason ?? (run.options.signal?.aborted ? 'interrupted' : null);
}

/** Writes one entry to the journal; false where that failed, after which the run sends nothing more. */
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

/** Records how a change ended: in the outcome, in the journal and as progress. */
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
  if (status !== 'done' && status !== 'already') run.firstFailure ??= change.id;
  await record(run, { kind: 'confirmed', change: change.id, status, roleId, reason, because });
  run.options.onProgress?.({
    kind: 'settled',
    change: outcome,
    settled: run.outcomes.size,
    total: run.options.plan.changes.length,
  });
}

/** Was this change completed? An id that has no result yet counts as completed. */
export function isFinished(run: ApplyRun, id: ChangeId): boolean {
  const outcome = run.outcomes.get(id);
  return outcome === undefined || outcome.status === 'done' || outcome.status === 'already';
}

/** The message of an error, where it may be shown: only our own problems are sure to hold no secret. */
export function errorText(error: unknown): string {
  return error instanceof ProblemError ? plainMessage(error) : 'an error inside domo-roles';
}
