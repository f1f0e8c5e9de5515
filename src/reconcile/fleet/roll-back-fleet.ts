import type { Outcome } from '../../apply/outcome.js';
import { FLEET_FILES } from '../../fleet/document.js';
import type { FleetDocument, FleetRow } from '../../fleet/document.js';
import { onlyOwnRules, refuseUnknownRules as refuseUnknownSharedRules } from '../../fleet/allow-of.js';
import { wholeSelection } from '../../fleet/shard.js';
import { openGroups } from '../../fleet/groups.js';
import type { InstanceRoles } from '../../fleet/instance-roles.js';
import type { GroupCollector } from '../../fleet/groups.js';
import { BLANK_RESULT, blankRow, summaryOfChanges } from '../../fleet/rows.js';
import type { InstanceResult } from '../../fleet/rows.js';
import type { FleetEntry } from '../../inventory/inventory.js';
import { refusal } from '../../model/refusal.js';
import { refuseUnknownRules } from '../../plan/guards/allow.js';
import type { Plan } from '../../plan/plan.js';
import { ProblemError, problem } from '../../problem/problem.js';
import type { RunRecord } from '../../rollback/rollback.js';
import { refuse } from '../errors.js';
import { planRollback, rulesOfUndo } from '../roll-back.js';
import { checkPlan, inspectSaved } from '../saved-documents.js';
import { processWaves } from './apply-fleet.js';
import { applyPlanTo } from './apply-one.js';
import type { OpenInstance } from './apply-one.js';
import type { AppliedFleet } from './applied-fleet.js';
import { countMade } from './changes-of-row.js';
import { collectChanges } from './collect-changes.js';
import { finishFleet } from './finish-fleet.js';
import { withInstance } from './fleet-request.js';
import type { FleetApplyRequest } from './fleet-request.js';
import { overInstances } from './over-instances.js';
import type { InstanceContext } from './over-instances.js';
import { planResult } from './plan-fleet.js';
import { rolesOnInstance } from './roles-on-instance.js';
import { resumeRun } from './resume-run.js';

/** Options of a fleet rollback. */
export interface FleetRollbackRequest extends FleetApplyRequest {
  applied: AppliedFleet;
  /** False to only plan. */
  write: boolean;
}

/**
 * Undoes a fleet apply, instance by instance, in reverse waves:
 *
 *   plan the undoing of all ─> last wave first: undo each, judge the wave ─> document
 *
 * If an instance has several runs, the newest is undone first. An instance with later changes to the same objects is
 * refused.
 */
export async function rollBackFleet(request: FleetRollbackRequest): Promise<FleetDocument> {
  const groups = openGroups();
  const count = { failures: 0 };
  const changes = collectChanges(groups.add, request);
  const { kept, left, withAttempts } = await resumeRun(request.folder, request.entries, {
    groups,
    file: 'plan.json',
  });
  const { onRow } = changes;
  const rulesOf = new Map<string, readonly string[]>();
  const rows = await overInstances(left, { ...request, onRow, count }, async (entry, context) => {
    const { plan, roles, further, rules } = await planUndoing(entry, context, request);
    if (rules) rulesOf.set(entry.name, rules);
    if (!plan) return NOTHING_WRITTEN;
    changes.keep(entry.name, plan.changes);
    const document = await request.folder.writeInstance(entry.name, 'plan.json', plan);
    if (roles) await request.folder.writeInstance(entry.name, 'roles.json', roles);
    const result = planResult(plan, request);
    return { ...result, document, because: result.because ?? earlierText(further, ['is', 'are']) };
  });
  if (rows.some(({ document }) => document)) refuseUnknownRulesOf(request, rulesOf);
  const planned = [...kept, ...rows.map(withAttempts), ...goneRows(request)];
  if (!request.write) return finishFleet(request, { command: 'rollback', rows: planned, groups });
  return processWaves(
    request,
    { planned, groups, count },
    {
      command: 'rollback',
      waves: [...request.inventory.waves].reverse(),
      apply: (entry, context) => undo(entry, { context, groups }, request),
      refusals: [],
    },
  );
}

/**
 * Refuses a rule that is allowed for all instances if no run has it. The rules of an instance that was not planned now are
 * unknown, and so are those of other shards.
 */
function refuseUnknownRulesOf(
  { allowOf, entries, selection }: FleetRollbackRequest,
  rulesOf: ReadonlyMap<string, readonly string[]>,
): void {
  if (selection.shard !== null || entries.some(({ name }) => !rulesOf.has(name))) return;
  refuseUnknownSharedRules(allowOf, new Set([...rulesOf.values()].flat()));
}

/** The row of an instance that the apply did not write to. */
const NOTHING_WRITTEN: InstanceResult = { ...BLANK_RESULT, status: 'clean', exit: 0 };

/** How many earlier runs are undone after the newest, or were; null if none. */
function earlierText(count: number, [one, several]: readonly [string, string]): string | null {
  if (count < 1) return null;
  return count === 1
    ? `an earlier run ${one} undone after it`
    : `${count} earlier runs ${several} undone after it`;
}

/** Rows for instances that are no longer in the inventory, so that they have no credential. */
function goneRows({ inventory, selection }: FleetRollbackRequest): FleetRow[] {
  const known = new Set(inventory.entries.map(({ name }) => name));
  const own = new Set(selection.names);
  return wholeSelection(selection)
    .filter((name) => own.has(name) && !known.has(name))
    .map((name): FleetRow => {
      const message = `${name} is no longer in the inventory`;
      const gone = refusal('stale-plan', message, { hint: 'add it again, or undo its run with rollback' });
      const row = blankRow({ name, labels: new Map(), wave: 'rest' }, 'refused', message);
      return { ...row, exit: 4, refusals: [gone] };
    });
}

/** The plan that undoes a run, and the number of runs to undo after it. */
interface Undoing {
  /** Null if nothing was written. */
  plan: Plan | null;
  /** The files next to the plan; null if an interrupted rollback has already written them. */
  roles: InstanceRoles | null;
  further: number;
  /** The names of the rules of all runs; null if they were not read. */
  rules: readonly string[] | null;
}

/** Plans the first undo of an instance. An interrupted rollback is finished with its own plan. */
async function planUndoing(
  entry: FleetEntry,
  context: InstanceContext,
  request: FleetRollbackRequest,
): Promise<Undoing> {
  const begun = await begunPlan(entry, request);
  if (begun) return { plan: begun, roles: null, further: 0, rules: null };
  const runs = await request.applied.runsOf(entry.name);
  if (runs.length === 0 && (await request.applied.isLost(entry.name))) throw lostRun(entry);
  if (runs.length === 0) return { plan: null, roles: null, further: 0, rules: [] };
  return withInstance(request, { entry, context, purpose: 'read' }, (connection) =>
    nextUndoing(runs, { entry, connection, context }, request),
  );
}

/** The error for an instance without a record of its apply, which cannot be undone. */
function lostRun({ name }: FleetEntry): ProblemError {
  return new ProblemError(
    problem('bad-file', `instances/${name}/run: the record of the apply is missing`, {
      hint: 'something was or may have been written: join the folders of all shards with fleet merge, then undo that',
    }),
  );
}

async function begunPlan({ name }: FleetEntry, { folder }: FleetRollbackRequest): Promise<Plan | null> {
  if (!folder.earlier?.begun.has(name)) return null;
  const found = await folder.readInstance(name, 'plan.json');
  if (found === null) return null;
  const file = `${FLEET_FILES.instances}/${name}/plan.json`;
  const plan = checkPlan(found, file);
  refuse(inspectSaved(plan));
  if (plan.instance === name) return plan;
  throw new ProblemError(problem('plan-tampered', 'the plan is for another instance', { where: { file } }));
}

/** The plan that undoes the newest run with changes left to undo. */
async function nextUndoing(
  runs: readonly RunRecord[],
  { entry, connection, context }: OpenInstance,
  { allowOf, reason, impactLimit, policy }: FleetRollbackRequest,
): Promise<Undoing> {
  const known = runs.flatMap((run) => rulesOfUndo(run, policy));
  refuseUnknownRules(allowOf(entry.name, known), known);
  const rules = known.map(({ name }) => name);
  let left: Undoing = { plan: null, roles: null, further: 0, rules };
  for (const [index, run] of runs.entries()) {
    // The policies of the runs may differ.
    const allow = onlyOwnRules(allowOf)(entry.name, rulesOfUndo(run, policy));
    const { plan, snapshot } = await planRollback(run, connection, {
      ...{ runtime: context.runtime, allow, reason, impactLimit, policy },
      earlier: runs.slice(index + 1).flatMap(({ before }) => before ?? []),
    });
    const roles = rolesOnInstance(entry.name, null, { snapshot, document: plan });
    if (plan.changes.length + plan.refusals.length > 0)
      return { plan, roles, further: runs.length - index - 1, rules };
    left = { plan, roles, further: 0, rules };
  }
  return left;
}

/** Undoes the runs of an instance, newest first, until all are undone or one cannot be. */
async function undo(
  entry: FleetEntry,
  { context, groups }: { context: InstanceContext; groups: GroupCollector },
  request: FleetRollbackRequest,
): Promise<InstanceResult> {
  const begun = await begunPlan(entry, request);
  const runs = await request.applied.runsOf(entry.name);
  return withInstance(request, { entry, context, purpose: 'write' }, async (connection) => {
    const instance = { entry, connection, context };
    const own = { ...request, allowOf: onlyOwnRules(request.allowOf) };
    const undone: { plan: Plan; result: InstanceResult; outcome: Outcome }[] = [];
    const undoPlan = async (plan: Plan): Promise<void> => {
      undone.push({ plan, ...(await applyPlanTo(instance, plan, own)) });
    };
    if (begun) await undoPlan(begun);
    // Each iteration undoes one run.
    for (let turn = 0; turn < runs.length && undone.at(-1)?.result.status !== 'incomplete'; turn += 1) {
      const { plan } = await nextUndoing(runs, instance, request);
      if (!plan) break;
      refuse(plan.refusals, plan.policyFile);
      if (plan.changes.length === 0) break;
      await request.folder.writeInstance(entry.name, 'plan.json', plan);
      await undoPlan(plan);
    }
    const [first, last] = [undone[0], undone.at(-1)];
    if (!first || !last) {
      groups.add({ instance: entry.name }, []);
      return { ...NOTHING_WRITTEN, summary: summaryOfChanges([]) };
    }
    if (last.result.status === 'incomplete') return last.result;
    // The row and its group show the changes of the first plan.
    const { plan, outcome } = first;
    const { earlier } = request.folder;
    const made = { instance: entry.name, planned: plan.changes, outcome, earlier };
    const counted = countMade(made, { status: 'done', groups });
    if (undone.length === 1) return { ...last.result, ...counted };
    const because = earlierText(undone.length - 1, ['was', 'were']);
    return { ...last.result, ...counted, status: 'done', because };
  });
}
