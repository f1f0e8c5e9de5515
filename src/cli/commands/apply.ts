import { ProblemError, problem } from '../../problem/problem.js';
import { applyManifest, applySavedPlan } from '../../reconcile/apply-plan.js';
import type { Applied, ApplyRequest } from '../../reconcile/apply-plan.js';
import type { Connection } from '../../reconcile/connect.js';
import { outcomeText } from '../../render/text/outcome.js';
import { askYes } from '../ask.js';
import { withConnection } from '../../shell/connect.js';
import type { ConnectFlags } from '../../shell/connect.js';
import { print } from '../../shell/deliver.js';
import { dryRun } from '../dry-run.js';
import type { ApplySource } from '../dry-run.js';
import { EXIT, exitOfOutcome } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import { readManifest, readPlan, readPolicy, sniff } from '../../shell/input.js';
import { json, renderPlan } from '../../shell/output.js';
import { planningOptions, runRequest } from '../../shell/run-options.js';
import type { PlanningFlags, RunFlags } from '../../shell/run-options.js';
import { isInteractive, mayColour, write } from '../../shell/environment.js';
import type { Environment } from '../../shell/environment.js';

/** Flags of `apply`; `rollback` shares all but the manifest. */
export interface ApplyFlags extends ConnectFlags, PlanningFlags, RunFlags {
  manifest: readonly string[];
  policy?: string | undefined;
  format: 'text' | 'json';
  yes?: boolean | undefined;
  dryRun?: boolean | undefined;
  concurrency?: number | undefined;
}

/** `apply`: a manifest or a saved plan. */
export async function apply(flags: ApplyFlags, world: Environment): Promise<Exit> {
  const saved = await savedPlanOf(flags.manifest, world);
  const options = planningOptions(flags);
  const source: ApplySource =
    saved === null
      ? { manifest: await readManifest(flags.manifest, world, flags) }
      : { plan: await readPlan(saved, world), policy: await readPolicy(flags.policy, world) };
  const purpose = flags.dryRun ? 'read' : 'write';
  return withConnection({ flags, world, purpose }, async (connection) => {
    if (flags.dryRun) return dryRun(source, connection, { flags, world });
    const request = { ...options, ...applyRequest(flags, world) };
    return printOutcome(await applySource(source, connection, request), flags, world);
  });
}

function applySource(source: ApplySource, connection: Connection, request: ApplyRequest): Promise<Applied> {
  return 'plan' in source
    ? applySavedPlan(source.plan, connection, { ...request, policy: source.policy })
    : applyManifest(source.manifest, connection, request);
}

/** The request of an apply that shows the plan, and asks for confirmation unless `--yes` is given. */
export function applyRequest(
  flags: RunFlags & Pick<ApplyFlags, 'format' | 'yes' | 'impactLimit'>,
  world: Environment,
): ApplyRequest {
  let isShown = true;
  return {
    ...runRequest(flags, world),
    onPlan: async (plan) => {
      const isText = flags.format === 'text';
      // With JSON on stdout, print the plan on stderr, next to the question.
      if (!isText && (flags.yes || plan.changes.length === 0 || !isInteractive(world))) return;
      const colour = mayColour(isText ? world.stdout : world.stderr, world.env);
      const text = await renderPlan(plan, 'text', { colour, limit: flags.impactLimit });
      isShown = isText ? await print(world, text) : await write(world.stderr, text).catch(() => false);
    },
    confirm: flags.yes ? undefined : (plan) => askYes(plan, world, isShown),
  };
}

/** Prints the outcome of an apply. An empty plan in text already shows that there is nothing to do. */
export async function printOutcome(
  { plan, outcome }: Applied,
  { format }: Pick<ApplyFlags, 'format'>,
  world: Environment,
): Promise<Exit> {
  if (format === 'json') await print(world, json(outcome));
  else if (plan.changes.length > 0)
    await print(world, outcomeText(outcome, { colour: mayColour(world.stdout, world.env) }));
  return plan.changes.length === 0 ? EXIT.done : exitOfOutcome(outcome);
}

/** The saved plan among the paths; null if they are manifests. */
async function savedPlanOf(paths: readonly string[], world: Environment): Promise<string | null> {
  const kinds = await Promise.all(paths.map((path) => sniff(path, world)));
  const index = kinds.findIndex((kind) => kind !== 'manifest');
  if (index < 0) return null;
  if (paths.length > 1) {
    throw new ProblemError(
      problem('usage', 'a saved plan is applied alone', { where: { file: paths[index] ?? '' } }),
    );
  }
  return paths[index] ?? null;
}
