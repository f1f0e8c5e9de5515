import { isDocument, isToRepeat } from '../../fleet/document.js';
import type { FleetCommand, FleetDocument, FleetRow, FleetWave } from '../../fleet/document.js';
import { openGroups } from '../../fleet/groups.js';
import type { GroupCollector } from '../../fleet/groups.js';
import type { InstanceResult } from '../../fleet/rows.js';
import { haltText, judgeWave } from '../../fleet/waves.js';
import { fleetRefusals, limitsOf } from '../../fleet/limits.js';
import type { FleetEntry, Wave } from '../../inventory/inventory.js';
import type { Refusal } from '../../model/refusal.js';
import { ProblemError, plainMessage } from '../../problem/problem.js';
import { unfinishedStarts } from '../apply-plan.js';
import { applyOne } from './apply-one.js';
import { refusalsOf } from '../errors.js';
import { rehearseOne } from './rehearse-one.js';
import type { PlanSource } from './rehearse-one.js';
import { fleetDocument, finishFleet, recordRow } from './finish-fleet.js';
import type { FleetApplyRequest } from './fleet-request.js';
import { overInstances, reasonNotToBegin } from './over-instances.js';
import type { FailureCount, InstanceContext } from './over-instances.js';
import { PROBLEMS_FILE } from './problems-file.js';
import { planEach } from './plan-fleet.js';
import { lockBeforePlanning } from './lock-before-planning.js';
import { lastBegun, resumeRun } from './resume-run.js';
import { refuseShardOfApply } from './shard-rules.js';

/**
 * Applies manifests to many instances:
 *
 *   plan all ─> refuse ─> show ─> ask once ─> wave by wave: apply each, judge the wave ─> document
 */
export async function applyFleet(request: FleetApplyRequest): Promise<FleetDocument> {
  refuseShardOfApply(request);
  const groups = openGroups();
  const count: FailureCount = { failures: 0 };
  const documents = { groups, file: 'plan.json' as const };
  const { kept, left, withAttempts } = await resumeRun(request.folder, request.entries, documents);
  const planned = await planEach(
    { ...request, entries: left },
    {
      count,
      onPlan: groups.add,
      unfinished: (instance) => async (snapshot) =>
        unfinishedStarts(await request.folder.stateOf(instance), snapshot),
      ...lockBeforePlanning(request),
    },
  );
  return applyPlanned(request, {
    source: 'manifests',
    planned: [...kept, ...planned.map(withAttempts)],
    groups,
    count,
  });
}

/** The planned rows of a fleet. */
interface PlannedFleet {
  /** The rows of all entries; those with the status `changes` are applied. */
  planned: readonly FleetRow[];
  groups: GroupCollector;
  count: FailureCount;
}

/** The work on each instance, and the order of waves. */
interface FleetWork {
  command: Extract<FleetCommand, 'apply' | 'dry-run' | 'rollback'>;
  waves: readonly Wave[];
  apply: (entry: FleetEntry, context: InstanceContext) => Promise<InstanceResult>;
  /** Refusals of the fleet as a whole. */
  refusals: readonly Refusal[];
}

/** Applies planned rows, after refusals and confirmation. A dry run rehearses them in the same order. */
export function applyPlanned(
  request: FleetApplyRequest,
  { source, ...fleet }: PlannedFleet & { source: PlanSource },
): Promise<FleetDocument> {
  const { inventory, selection, dryRun } = request;
  return processWaves(request, fleet, {
    command: dryRun ? 'dry-run' : 'apply',
    waves: inventory.waves,
    apply: (entry, context) =>
      dryRun
        ? rehearseOne(entry, { context, source, groups: fleet.groups }, request)
        : applyOne(entry, { context, groups: fleet.groups }, request),
    refusals: fleetRefusals(limitsOf(inventory), fleet.planned, selection.shard),
  });
}

/** Does the work on every instance with changes, wave by wave, after refusals and confirmation. */
export async function processWaves(
  request: FleetApplyRequest,
  fleet: PlannedFleet,
  work: FleetWork,
): Promise<FleetDocument> {
  const { planned, groups } = fleet;
  const { command, refusals } = work;
  const record = recordOnce(request);
  const finish = async (ended: readonly FleetRow[], waves: readonly FleetWave[]): Promise<FleetDocument> => {
    const rows = ended.map((row) => lastBegun(request.folder, row));
    for (const row of rows.filter(({ status }) => !WRITTEN.has(status))) await record(row);
    return finishFleet(request, { command, rows, waves, refusals, groups });
  };
  const preview = fleetDocument(request, { command, rows: planned, groups, refusals });
  await request.onPlanned?.(preview);
  // A run that is killed must not list a suspended instance as one that was not started.
  for (const row of planned.filter(({ status }) => status === 'suspended')) await record(row);
  const halted = reasonToWriteNothing(request, planned, refusals);
  if (halted !== null) return finish(planned.map(notStarted(halted)), []);
  // Do not ask if nothing will start.
  const isAsked =
    !request.dryRun && planned.some(isToApply) && reasonNotToBegin(request, fleet.count) === null;
  const unconfirmed = isAsked ? await askFor(request, preview) : null;
  if (unconfirmed !== null) return finish(planned.map(unconfirmed), []);
  const { rows, waves } = await applyWaves(request, fleet, { ...work, record });
  return finish(rows, waves);
}

/** Statuses of rows that are in the log of this run or of an earlier one before the run ends. */
const WRITTEN: ReadonlySet<FleetRow['status']> = new Set(['done', 'incomplete']);

/** Records the row of an instance, as it is at the end of the run, unless that was done. */
type RecordRow = (row: FleetRow) => Promise<void>;

function recordOnce(request: FleetApplyRequest): RecordRow {
  const recorded = new Set<string>();
  return async (row) => {
    const last = lastBegun(request.folder, row);
    const isKept = request.folder.earlier?.ended.get(row.instance) === last;
    if (isKept || recorded.has(row.instance)) return;
    recorded.add(row.instance);
    await recordRow(request, last);
  };
}

/** Rows for planned instances that were not applied. */
const notStarted =
  (because: string) =>
  (row: FleetRow): FleetRow =>
    isToApply(row) ? { ...row, status: 'not-started', exit: null, because } : row;

const notConfirmed =
  ({ refusals, because }: Pick<FleetRow, 'refusals' | 'because'>) =>
  (row: FleetRow): FleetRow =>
    isToApply(row) ? { ...row, status: 'refused', exit: 4, refusals, because } : row;

const isToApply = ({ status }: FleetRow): boolean => status === 'changes';

function reasonToWriteNothing(
  { allOrNothing }: FleetApplyRequest,
  planned: readonly FleetRow[],
  refusals: readonly Refusal[],
): string | null {
  if (refusals.length > 0) return refusals.map(({ message }) => message).join('; ');
  const bad = planned.filter(isToRepeat);
  if (!allOrNothing || bad.length === 0) return null;
  return `${bad.length} of the selected instances cannot be applied, and --all-or-nothing was given`;
}

/** Asks for confirmation. Null if confirmed, else the result of the rows. A stopped run has no answer. */
async function askFor(
  { confirm }: FleetApplyRequest,
  preview: FleetDocument,
): Promise<((row: FleetRow) => FleetRow) | null> {
  try {
    await confirm?.(preview);
    return null;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const [refusals, because] = [refusalsOf(error), plainMessage(error)];
    return refusals.length > 0 ? notConfirmed({ refusals, because }) : notStarted(because);
  }
}

/** Applies wave by wave. A wave with too many failures stops the following ones. */
async function applyWaves(
  request: FleetApplyRequest,
  { planned, count }: PlannedFleet,
  { waves: order, apply, record }: FleetWork & { record: RecordRow },
): Promise<{ rows: FleetRow[]; waves: FleetWave[] }> {
  const byName = new Map(request.entries.map((entry) => [entry.name, entry]));
  const rows: FleetRow[] = [];
  const waves: FleetWave[] = [];
  let halted: string | null = null;
  for (const wave of order) {
    const inWave = planned.filter((row) => row.wave === wave.name);
    if (inWave.length === 0) continue;
    if (halted === null && reasonNotToBegin(request, count) === null) request.onWave?.(wave.name);
    const ended: readonly FleetRow[] =
      halted === null
        ? await applyWave(request, { inWave, byName, count, wave, apply, record })
        : inWave.map(notStarted(halted));
    rows.push(...ended);
    const judged = judgeWave(wave, ended);
    waves.push(judged);
    if (judged.state === 'failed') halted ??= haltText(judged);
  }
  // Instances that are no longer in the inventory are in none of its waves.
  const known = new Set(order.map(({ name }) => name));
  rows.push(...planned.filter((row) => !known.has(row.wave)));
  return { rows, waves };
}

interface OneWave {
  inWave: readonly FleetRow[];
  byName: ReadonlyMap<string, FleetEntry>;
  count: FailureCount;
  wave: Wave;
  apply: FleetWork['apply'];
  record: RecordRow;
}

async function applyWave(
  request: FleetApplyRequest,
  { inWave, byName, count, wave, apply, record }: OneWave,
): Promise<readonly FleetRow[]> {
  const rows = new Map(inWave.map((row) => [row.instance, row]));
  const entries = inWave.filter(isToApply).flatMap(({ instance }) => byName.get(instance) ?? []);
  const atOnce = Math.min(request.atOnce, wave.atOnce ?? request.atOnce);
  const onRow = async (ended: FleetRow): Promise<void> => {
    const row = joined(rows.get(ended.instance), ended);
    rows.set(row.instance, row);
    await record(row);
    await request.onRow?.(row);
  };
  await overInstances(entries, { ...request, atOnce, count, onRow }, apply);
  return [...rows.values()];
}

/** Merges the row of an apply with the planned one. */
export function joined(planned: FleetRow | undefined, ended: FleetRow): FleetRow {
  if (!planned) return ended;
  return {
    ...planned,
    status: ended.status,
    exit: ended.exit,
    summary: ended.summary ?? planned.summary,
    // No one gains a grant that was in place.
    protected: ended.status === 'clean' ? [] : planned.protected,
    refusals: ended.refusals,
    problems: ended.problems,
    because: ended.because,
    // The row keeps its plan, and the reason why it was not applied.
    document:
      (isDocument(ended, PROBLEMS_FILE) ? planned.document : null) ?? ended.document ?? planned.document,
    runId: ended.runId,
    sent: ended.sent,
    ms: planned.ms + ended.ms,
    requests: planned.requests + ended.requests,
  };
}
