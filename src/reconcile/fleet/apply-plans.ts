import type { FleetDocument, FleetRow } from '../../fleet/document.js';
import { openGroups } from '../../fleet/groups.js';
import type { GroupCollector } from '../../fleet/groups.js';
import { isFailure } from '../../fleet/document.js';
import { blankRow } from '../../fleet/rows.js';
import type { FleetEntry } from '../../inventory/inventory.js';
import { refusal } from '../../model/refusal.js';
import type { Refusal } from '../../model/refusal.js';
import { ProblemError, plainMessage } from '../../problem/problem.js';
import { refusalsOf } from '../errors.js';
import { checkPlan } from '../saved-documents.js';
import { applyPlanned } from './apply-fleet.js';
import type { FleetApplyRequest } from './apply-fleet.js';
import { planContentDigest } from './plan-fleet.js';
import { attemptsOf } from './fleet-folder.js';

/** What an earlier `fleet plan` left. */
export interface SavedFleet {
  document: FleetDocument;
  /** The plan file of an instance, as parsed; null where it is not there. */
  planOf: (instance: string) => Promise<unknown>;
}

/**
 * Applies the plan files of an earlier run, and reads no manifest. Waves, suspensions, credentials and limits are those
 * of the inventory of today. A plan file that is not the one its row names is refused; rows without a plan stay and count.
 */
export async function applyFleetPlans(request: FleetApplyRequest, saved: SavedFleet): Promise<FleetDocument> {
  const groups = openGroups();
  const byName = new Map(request.inventory.entries.map((entry) => [entry.name, entry]));
  const names = new Set(request.selection.names);
  const planned: FleetRow[] = [];
  for (const row of saved.document.rows.filter(({ instance }) => names.has(instance))) {
    const entry = byName.get(row.instance);
    const attempts = attemptsOf(request.folder.earlier, row.instance);
    const kept = request.folder.earlier?.ended.get(row.instance);
    if (kept?.status === 'done' && !request.folder.earlier?.begun.has(row.instance)) planned.push(kept);
    else planned.push({ ...(await plannedRow(row, entry, { request, saved, groups })), attempts });
  }
  const count = { failures: planned.filter(isFailure).length };
  return applyPlanned(request, { planned, groups, count });
}

interface Judging {
  request: FleetApplyRequest;
  saved: SavedFleet;
  groups: GroupCollector;
}

/** A row of the saved document by the inventory of today, its plan file checked and taken over. */
async function plannedRow(
  row: FleetRow,
  entry: FleetEntry | undefined,
  { request, saved, groups }: Judging,
): Promise<FleetRow> {
  const fresh = { ...row, attempts: [], sent: false, runId: null };
  if (!entry) {
    const gone = refusal('stale-plan', `${row.instance} is no longer in the inventory`, {
      hint: 'plan the fleet again',
    });
    return refused(fresh, [gone]);
  }
  const here = { ...fresh, wave: entry.wave, labels: blankRow(entry, row.status).labels };
  if (entry.suspended !== null) return blankRow(entry, 'suspended', entry.suspended.reason);
  if (row.digest === null) return here;
  try {
    const plan = checkPlan(await saved.planOf(row.instance), `instances/${row.instance}/plan.json`);
    if (plan.instance !== row.instance || planContentDigest(plan) !== row.digest) {
      const hint = 'plan the fleet again';
      throw new ProblemError([
        {
          code: 'plan-tampered',
          severity: 'error',
          message: 'the plan file is not the one that the fleet document names',
          hint,
        },
      ]);
    }
    const document = await request.folder.writeInstance(row.instance, 'plan.json', plan);
    // A refused plan is judged anew when it is applied: --allow may let it pass by then.
    const isToApply = plan.changes.length > 0;
    const status = isToApply ? 'changes' : row.status;
    const planned: FleetRow = { ...here, document, status, refusals: isToApply ? [] : row.refusals };
    groups.add(planned, plan.changes);
    return planned;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { ...refused(here, refusalsOf(error)), because: plainMessage(error) };
  }
}

function refused(row: FleetRow, refusals: readonly Refusal[]): FleetRow {
  const because = refusals.map(({ message }) => message).join('; ');
  return { ...row, status: 'refused', exit: 4, refusals, because };
}
