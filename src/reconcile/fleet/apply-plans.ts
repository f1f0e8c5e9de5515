import type { FleetDocument, FleetRow } from '../../fleet/document.js';
import { openGroups } from '../../fleet/groups.js';
import type { GroupCollector } from '../../fleet/groups.js';
import { isFailure } from '../../fleet/document.js';
import { blankRow } from '../../fleet/rows.js';
import type { InstanceResult } from '../../fleet/rows.js';
import type { FleetEntry } from '../../inventory/inventory.js';
import { refuseUnknownRules } from '../../fleet/allow-of.js';
import { refusal } from '../../model/refusal.js';
import type { InstanceRoles } from '../../fleet/instance-roles.js';
import type { Refusal } from '../../model/refusal.js';
import { ruleFlag } from '../../plan/guards/allow.js';
import type { Allow } from '../../plan/guards/allow.js';
import type { Plan } from '../../plan/plan.js';
import { policyWithFile } from '../../plan/saved/policy-over-plan.js';
import { ProblemError, problem } from '../../problem/problem.js';
import { checkPlan, inspectSaved } from '../saved-documents.js';
import { applyPlanned } from './apply-fleet.js';
import { checkPlans } from './check-plans.js';
import type { FleetApplyRequest } from './fleet-request.js';
import { failedRow } from './failed-row.js';
import { clearProblemsFile, withProblemsFile } from './problems-file.js';
import { attemptsOf } from './fleet-folder.js';
import { suspensionText } from './over-instances.js';
import { regroup } from './resume-run.js';
import { refuseShardOfApply } from './shard-rules.js';

/** The result of an earlier `fleet plan`. */
export interface SavedFleet {
  document: FleetDocument;
  /** The parsed plan file of an instance; null if it does not exist. */
  planOf: (instance: string) => Promise<unknown>;
  /** The parsed `roles.json` of an instance; null if it does not exist. */
  rolesOf?: ((instance: string) => Promise<InstanceRoles | null>) | undefined;
}

/**
 * Applies the plan files of an earlier run without reading manifests. Waves, suspensions, credentials and limits come from
 * the current inventory. A plan file that does not match its row is refused; rows without a plan are kept and count.
 * With `allOrNothing`, every plan is checked against its instance before the first write.
 */
export async function applyFleetPlans(request: FleetApplyRequest, saved: SavedFleet): Promise<FleetDocument> {
  refuseShardOfApply(request);
  const groups = openGroups();
  const byName = new Map(request.inventory.entries.map((entry) => [entry.name, entry]));
  const names = new Set(request.selection.names);
  const planned: FleetRow[] = [];
  const seen = { rules: new Set<string>(), unread: 0 };
  for (const row of saved.document.rows.filter(({ instance }) => names.has(instance))) {
    const entry = byName.get(row.instance);
    const attempts = attemptsOf(request.folder.earlier, row.instance);
    const kept = request.folder.earlier?.ended.get(row.instance);
    if (kept && KEPT.has(kept.status) && !request.folder.earlier?.begun.has(row.instance)) {
      await regroup(request.folder, kept, { groups, file: 'plan.json' });
      planned.push(kept);
      seen.unread += 1;
    } else {
      const found = await plannedRow(row, entry, { request, saved, groups, seen });
      const ended = await withProblemsFile(row.instance, found, request.folder);
      planned.push({ ...ended, attempts });
      // Rows with changes end when they are applied.
      if (ended.status !== 'changes') await request.onRow?.(ended);
    }
  }
  // The rules of plans that were not read, and those of other shards, are unknown.
  const isAllKnown = seen.unread === 0 && request.selection.shard === null;
  if (planned.length > 0 && isAllKnown) refuseUnknownRules(request.allowOf, seen.rules);
  const count = { failures: planned.filter(isFailure).length };
  const checked = request.allOrNothing ? await checkPlans(request, { planned, count }) : planned;
  return applyPlanned(request, { source: 'saved-plans', planned: checked, groups, count });
}

/** Statuses of rows that a resumed run keeps. */
const KEPT: ReadonlySet<FleetRow['status']> = new Set(['done', 'clean']);

interface Judging {
  request: FleetApplyRequest;
  saved: SavedFleet;
  groups: GroupCollector;
  /** The names of all rules, and the number of plans that were not read. */
  seen: { rules: Set<string>; unread: number };
}

/** A row of the saved document, updated from the current inventory, with its plan file checked and copied. */
async function plannedRow(
  row: FleetRow,
  entry: FleetEntry | undefined,
  { request, saved, groups, seen }: Judging,
): Promise<FleetRow> {
  const fresh = { ...row, document: null, attempts: [], sent: false, runId: null };
  if (!entry) {
    seen.unread += 1;
    const gone = refusal('stale-plan', `${row.instance} is no longer in the inventory`, {
      hint: 'plan the fleet again',
    });
    return refused(fresh, [gone]);
  }
  const here = { ...fresh, wave: entry.wave, labels: blankRow(entry, row.status).labels };
  if (entry.suspended !== null) return blankRow(entry, 'suspended', suspensionText(entry.suspended));
  if (row.status === 'suspended') {
    const hint = 'plan the fleet again';
    return refused(here, [refusal('stale-plan', 'it was suspended when the plans were made', { hint })]);
  }
  if (row.digest === null && row.status !== 'changes') {
    seen.unread += 1;
    return here;
  }
  try {
    const plan = await planOfRow(row, saved);
    const faults = inspectSaved(plan);
    if (faults.length > 0) {
      seen.unread += 1;
      return refused(here, faults);
    }
    const roles = await saved.rolesOf?.(row.instance);
    const document = await request.folder.writeInstance(row.instance, 'plan.json', plan);
    if (roles) await request.folder.writeInstance(row.instance, 'roles.json', roles);
    await clearProblemsFile(row.instance, request.folder);
    groups.add(here, plan.changes);
    const inForce = policyWithFile(plan, request.policy).rules;
    for (const { name } of inForce) seen.rules.add(name);
    return { ...here, document, ...judgedNow(row, plan, request.allowOf(row.instance, inForce)) };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    seen.unread += 1;
    const { roots = [] } = request;
    const result = failedRow(error, { isSent: false, overran: false, roots });
    const { status, exit, refusals, problems } = result;
    return { ...here, status, exit, refusals, problems, because: causeWithFile(result) };
  }
}

/** The cause, which names the file that cannot be used: a row shows no place beside it. */
function causeWithFile({ because, problems: [first, ...more] }: InstanceResult): string | null {
  const file = first?.code === 'bad-file' && more.length === 0 ? first.file : null;
  return because === null || file === null || because.includes(file) ? because : `${file}: ${because}`;
}

/** The plan file of a row. Raises `plan-tampered` if its digest differs. */
async function planOfRow({ instance, digest }: FleetRow, { planOf }: SavedFleet): Promise<Plan> {
  const plan = checkPlan(await planOf(instance), `instances/${instance}/plan.json`);
  if (plan.instance === instance && plan.digest === digest) return plan;
  throw new ProblemError(
    problem('plan-tampered', 'the plan file is not the one that the fleet document names', {
      hint: 'plan the fleet again',
    }),
  );
}

/** Applies this run's allowances to a refused plan. It is verified against live state later. */
function judgedNow(
  row: FleetRow,
  plan: Plan,
  allow: Allow,
): Pick<FleetRow, 'status' | 'exit' | 'refusals' | 'because'> {
  const left = plan.refusals.filter((one) => !isAllowed(one, allow));
  if (left.length > 0) return refused(row, left);
  const status = plan.changes.length > 0 ? 'changes' : row.status;
  return { status, exit: 0, refusals: [], because: null };
}

function isAllowed({ code, figure, flag }: Refusal, allow: Allow): boolean {
  const given = [...allow].find(([allowed]) => allowed === code)?.[1];
  if (given === undefined) return false;
  if (typeof given === 'number') return figure !== null && given >= figure;
  return given === null || [...given].some((name) => flag === ruleFlag(name));
}

function refused(row: FleetRow, refusals: readonly Refusal[]): FleetRow {
  const because = refusals.map(({ message }) => message).join('; ');
  return { ...row, status: 'refused', exit: 4, refusals, because };
}
