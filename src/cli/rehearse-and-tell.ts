import { resolve } from 'node:path';
import { recheck } from '../apply/recheck/recheck.js';
import { resumeOf } from '../journal/runs.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Plan } from '../plan/plan.js';
import { EXIT } from './exit.js';
import type { Exit } from './exit.js';
import type { ManifestInput } from './input.js';
import { json, renderPlan } from './output.js';
import { planOffline, planOptions } from './planning.js';
import type { PlanningFlags } from './planning.js';
import { print } from './deliver.js';
import { mayColour } from './world.js';
import type { Environment } from './world.js';

/** A plan to rehearse, and what it came from. */
export interface RehearsalJob {
  plan: Plan;
  snapshot: Snapshot;
  /** What this run's flags let pass. */
  allowed: Plan['allowed'];
  /** Null for a saved plan. */
  input: ManifestInput | null;
}

/** `--dry-run`: performs a plan on an embedded copy of the instance and tells what happened there. */
export async function runDryRun(
  job: RehearsalJob,
  { flags, world }: { flags: PlanningFlags & { format: 'text' | 'json'; state: string }; world: Environment },
): Promise<Exit> {
  const { rehearse } = await import('../rehearse/rehearse.js');
  const { plan, input, snapshot, allowed } = job;
  const options = planOptions(flags, world);
  const rehearsal = await rehearse({
    plan,
    allowed,
    snapshot,
    planAgain: (after) => (input ? planOffline(input, after, options) : leftOf(plan, after)),
    resume: await resumeOf(resolve(world.cwd, flags.state), plan),
    clock: { now: world.now, sleep: world.sleep },
  });
  const { rehearsalText } = await import('../render/text/rehearsal.js');
  const text =
    flags.format === 'json'
      ? json(rehearsal.document)
      : rehearsalText(rehearsal, { colour: mayColour(world.stdout, world.env) });
  if (flags.format === 'text')
    await print(
      world,
      await renderPlan(plan, 'text', {
        colour: mayColour(world.stdout, world.env),
        limit: flags.impactLimit,
      }),
    );
  await print(world, text);
  return rehearsal.holds ? EXIT.done : EXIT.failed;
}

/** What is left of a saved plan once it was performed: it has no manifest to be made again from. */
function leftOf(plan: Plan, after: Snapshot): Plan {
  const { already } = recheck(plan, after, null);
  return { ...plan, changes: plan.changes.filter((change) => !already.has(change.id)) };
}
