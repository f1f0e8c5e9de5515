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
import type { ResultFormat } from '../../shell/formats.js';
import { EXIT, exitOfOutcome } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import { readManifest, readPlan, readPolicy, detectFileKind } from '../../shell/input.js';
import { jsonText } from '../../model/json-text.js';
import { renderPlan } from '../../shell/output.js';
import { lockWaitMs, planningOptions, runRequest } from '../../shell/run-options.js';
import type { PlanningFlags, RunFlags } from '../../shell/run-options.js';
import { appearanceOf, isInteractive, write } from '../../shell/environment.js';
import type { Environment } from '../../shell/environment.js';

/** Flags of `apply`; `rollback` shares all but the manifest. */
export interface ApplyFlags extends ConnectFlags, PlanningFlags, RunFlags {
  manifest: readonly string[];
  policy?: string | undefined;
  format: ResultFormat;
  yes?: boolean | undefined;
  dryRun?: boolean | undefined;
  concurrency?: number | undefined;
}

/** `apply`: a manifest or a saved plan. */
export async function apply(flags: ApplyFlags, environment: Environment): Promise<Exit> {
  const saved = await savedPlanOf(flags.manifest, environment);
  const options = planningOptions(flags);
  // Also for a dry run, which accepts the flags of the run that it shows but does not wait.
  lockWaitMs(flags);
  const source: ApplySource =
    saved === null
      ? { manifest: await readManifest(flags.manifest, environment, flags) }
      : { plan: await readPlan(saved, environment), policy: await readPolicy(flags.policy, environment) };
  const purpose = flags.dryRun ? 'read' : 'write';
  return withConnection({ flags, environment, purpose }, async (connection) => {
    if (flags.dryRun) return dryRun(source, connection, { flags, environment });
    const request = { ...options, ...applyRequest(flags, environment) };
    return printOutcome(await applySource(source, connection, request), flags, environment);
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
  environment: Environment,
): ApplyRequest {
  let isShown = true;
  return {
    ...runRequest(flags, environment),
    onPlan: async (plan) => {
      const isText = flags.format === 'text';
      // With JSON on stdout, print the plan on stderr, next to the question.
      if (!isText && (flags.yes || plan.changes.length === 0 || !isInteractive(environment))) return;
      const appearance = appearanceOf(isText ? environment.stdout : environment.stderr, environment.env);
      const text = await renderPlan(plan, 'text', { ...appearance, limit: flags.impactLimit });
      isShown = isText
        ? await print(environment, text)
        : await write(environment.stderr, text).catch(() => false);
    },
    confirm: flags.yes ? undefined : (plan) => askYes(plan, environment, isShown),
  };
}

/** Prints the outcome of an apply. An empty plan in text already shows that there is nothing to do. */
export async function printOutcome(
  { plan, outcome }: Applied,
  { format }: { format: ResultFormat },
  environment: Environment,
): Promise<Exit> {
  if (format === 'json') await print(environment, jsonText(outcome));
  else if (plan.changes.length > 0)
    await print(environment, outcomeText(outcome, appearanceOf(environment.stdout, environment.env)));
  return plan.changes.length === 0 ? EXIT.done : exitOfOutcome(outcome);
}

/** The saved plan among the paths; null if they are manifests. */
async function savedPlanOf(paths: readonly string[], environment: Environment): Promise<string | null> {
  const kinds = await Promise.all(paths.map((path) => detectFileKind(path, environment)));
  const index = kinds.findIndex((kind) => kind !== 'manifest');
  if (index < 0) return null;
  if (paths.length > 1) {
    throw new ProblemError(
      problem('usage', 'a saved plan is applied alone', { where: { file: paths[index] ?? '' } }),
    );
  }
  return paths[index] ?? null;
}
