import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { FleetDocument } from '../../fleet/document.js';
import { ProblemError, problem } from '../../problem/problem.js';
import { applyFleet } from '../../reconcile/fleet/apply-fleet.js';
import type { FleetApplyRequest } from '../../reconcile/fleet/apply-fleet.js';
import { applyFleetPlans } from '../../reconcile/fleet/apply-plans.js';
import type { SavedFleet } from '../../reconcile/fleet/apply-plans.js';
import { wholeNumber } from '../../shell/connect.js';
import { note, warn } from '../../shell/deliver.js';
import { isInteractive, mayColour, write } from '../../shell/environment.js';
import type { Environment } from '../../shell/environment.js';
import type { Exit } from '../../shell/exit.js';
import { deliverFleet, planFleetOutputs, renderFleet } from '../../shell/fleet/fleet-output.js';
import type { FleetOutputFlags } from '../../shell/fleet/fleet-output.js';
import { readFleetDocument } from '../../shell/fleet/open-fleet.js';
import { readDocument } from '../../shell/input.js';
import { runFleet } from '../../shell/fleet/fleet-run.js';
import type { FleetRunFlags } from '../../shell/fleet/fleet-run.js';
import { confirmOn } from '../ask.js';

export interface FleetApplyFlags extends FleetRunFlags, FleetOutputFlags {
  yes?: boolean | undefined;
  allOrNothing?: boolean | undefined;
  waitForLock?: number | undefined;
  concurrency?: number | undefined;
  impactLimit?: number | undefined;
  /** The inventory of today, where a folder of plans is applied. */
  fleet?: string | undefined;
}

/** A day, in seconds. */
const LONGEST_WAIT = 86_400;

/** `fleet apply`: plans everything first, shows it, asks once, then goes wave by wave. */
export async function apply(flags: FleetApplyFlags, world: Environment): Promise<Exit> {
  const reports = await planFleetOutputs(flags, world);
  const seconds = wholeNumber('wait-for-lock', flags.waitForLock, undefined, 0, LONGEST_WAIT) ?? 0;
  let isShown = false;
  const show = async (planned: FleetDocument): Promise<void> => {
    const colour = mayColour(world.stderr, world.env);
    const text = await renderFleet(planned, { format: 'text', colour });
    isShown = await write(world.stderr, `${text}\n`).catch(() => false);
  };
  const saved = await savedFleet(flags, world);
  const apply = (request: FleetApplyRequest): Promise<FleetDocument> =>
    saved ? applyFleetPlans(request, saved) : applyFleet(request);
  const run = { command: 'apply' as const, flags: saved ? flagsOf(saved, flags) : flags, world };
  const document = await runFleet(run, (request) =>
    apply({
      ...request,
      allOrNothing: flags.allOrNothing ?? false,
      waitForLockMs: seconds * 1000,
      concurrency: flags.concurrency,
      onPlanned: flags.yes && !isInteractive(world) ? undefined : show,
      confirm: flags.yes ? undefined : (planned) => ask(planned, world, isShown),
      onWave: (wave) => void note(world, `wave ${wave}`),
      onSent: () => (world.ledger.sent = true),
      onWarning: (instance, line) => warn(world, `${instance}: ${line}`),
    }),
  );
  await deliverFleet(document, { flags, reports, world });
  return document.summary.exit as Exit;
}

/** A folder of plans that is to be applied; null where manifests are. */
async function savedFleet(
  { inventory, out }: FleetApplyFlags,
  world: Environment,
): Promise<(SavedFleet & { folder: string }) | null> {
  const folder = resolve(world.cwd, inventory);
  const found = await stat(folder).catch(() => null);
  if (!found?.isDirectory()) return null;
  if (out !== undefined && resolve(world.cwd, out) === folder) {
    throw new ProblemError(
      problem('usage', '--out is the folder of the plans that are applied', {
        where: { what: '--out' },
        hint: 'name another folder',
      }),
    );
  }
  const document = await readFleetDocument(inventory, world);
  const planOf = (instance: string): Promise<unknown> =>
    readDocument(join(inventory, 'instances', instance, 'plan.json'), world);
  return { document, planOf, folder: inventory };
}

/** The plans' own instances, and the inventory of today. */
function flagsOf({ document }: SavedFleet, flags: FleetApplyFlags): FleetApplyFlags {
  return { ...flags, inventory: flags.fleet ?? document.inventory.file, names: document.selection.names };
}

function ask(planned: FleetDocument, world: Environment, isShown: boolean): Promise<void> {
  const count = planned.summary.changes;
  const message = `Write to ${count} ${count === 1 ? 'instance' : 'instances'}?`;
  return confirmOn(world, { message, isShown, subject: 'the plan of the fleet' });
}
