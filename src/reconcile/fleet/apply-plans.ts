import type { FleetDocument, FleetRow } from '../../fleet/document.js';
import { openGroups } from '../../fleet/groups.js';
import type { GroupCollector } from '../../fleet/groups.js';
import { isFailure } from '../../fleet/document.js';
import { blankRow } from '../../fleet/rows.js';
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
import { checkPlan } from '../saved-documents.js';
import { applyPlanned } from './apply-fleet.js';
import type { FleetApplyRequest } from './fleet-request.js';
import { failedRow } from './failed-row.js';
import { clearProblemsFile, withProblemsFile } from './problems-file.js';
import { attemptsOf } from './fleet-folder.js';
import { refuseShardOfApply } from './shard-rules.js';

/** What an earlier `fleet plan` left. */
export interface SavedFleet {
  document: FleetDocument;
  /** The plan file of an instance, as parsed; null where it is not there. */
  planOf: (instance: string) => Promise<unknown>;
  /** What lies beside it on the roles of the instance; null where it is not there. */
  rolesOf?: ((instance: string) => Promise<InstanceRoles | null>) | undefined;
}

/**
 * Applies the plan files of an earlier run, and reads no manifest. Waves, suspensions, credentials and limits are those
 * of the inventory of today. A plan file that is not the one its row names is refused; rows without a plan stay and count.
 */
export async function applyFleetPlans(request: FleetApplyRequest, saved: SavedFleet): Promise<FleetDocument> {
  refuseShardOfApply(request, request.allOrNothing);
  const groups = openGroups();
  const byName = new Map(request.inventory.entries.map((entry) => [entry.name, entry]));
  const names = new Set(request.selection.names);
  const planned: FleetRow[] = [];
  const seen = { rules: new Set<string>(), unread: 0 };
  for (const row of saved.document.rows.filter(({ instance }) => names.has(instance))) {
    const entry = byName.get(row.instance);
    const attempts = attemptsOf(request.folder.earlier, row.instance);
    const kept = request.folder.earlier?.ended.get(row.instance);
    if (kept?.status === 'done' && !request.folder.earlier?.begun.has(row.instance)) {
      planned.push(kept);
      seen.unread += 1;
    } else {
      const found = await plannedRow(row, entry, { request, saved, groups, seen });
      const ended = await withProblemsFile(row.instance, found, request.folder);
      planned.push({ ...ended, attempts });
      // The others end when they are applied.
      if (ended.status !== 'changes') await request.onRow?.(ended);
    }
  }
  // A plan that was not read may have any rule.
  if (planned.length > 0 && seen.unread === 0) refuseUnknownRules(request.allowOf, seen.rules);
  const count = { failures: planned.filter(isFailure).length };
  return applyPlanned(request, { planned, groups, count });
}

interface Judging {
  request: FleetApplyRequest;
  saved: SavedFleet;
  groups: GroupCollector;
  /** The names of all rules, and how many plans were not read. */
  seen: { rules: Set<string>; unread: number };
}

/** A row of the saved document by the inventory of today, its plan file checked and taken over. */
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
  if (entry.suspended !== null) return blankRow(entry, 'suspended', entry.suspended.reason);
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
    const document = await request.folder.writeInstance(row.instance, 'plan.json', plan);
    const roles = await saved.rolesOf?.(row.instance);
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
    const { status, exit, refusals, problems, because } = failedRow(error, {
      ...{ isSent: false, overran: false, roots },
    });
    return { ...here, status, exit, refusals, problems, because };
  }
}

/** The plan file that a row names. Raises where it is another one. */
async function planOfRow({ instance, digest }: FleetRow, { planOf }: SavedFleet): Promise<Plan> {
  const plan = checkPlan(await planOf(instance), `instances/${instance}/plan.json`);
  if (plan.instance === instance && plan.digest === digest) return plan;
  throw new ProblemError(
    problem('plan-tampered', 'the plan file is not the one that the fleet document names', {
      hint: 'plan the fleet again',
    }),
  );
}

/** A plan that was refused may be applied where this run allows all of it; live state judges it once more then. */
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
