import { resolve } from 'node:path';
import type { Connection } from '../reconcile/connect.js';
import { dryRunManifest, dryRunSavedPlan } from '../reconcile/dry-run.js';
import type { ManifestInput } from '../reconcile/load-manifest.js';
import type { Plan } from '../plan/plan.js';
import type { PolicyInput } from '../plan/saved/policy-over-plan.js';
import { print } from '../shell/deliver.js';
import { EXIT } from '../shell/exit.js';
import type { Exit } from '../shell/exit.js';
import { jsonText } from '../model/json-text.js';
import type { ResultFormat } from '../shell/formats.js';
import { renderPlan } from '../shell/output.js';
import { planningOptions } from '../shell/run-options.js';
import type { PlanningFlags } from '../shell/run-options.js';
import { appearanceOf } from '../shell/environment.js';
import type { Environment } from '../shell/environment.js';

/** The source of an apply or dry run: a manifest, or a saved plan with an optional policy file. */
export type ApplySource = { manifest: ManifestInput } | { plan: Plan; policy: PolicyInput | undefined };

/** `--dry-run`: performs a plan on an embedded copy of the instance, and prints what happened there. */
export async function dryRun(
  source: ApplySource,
  connection: Connection,
  {
    flags,
    environment,
  }: { flags: PlanningFlags & { format: ResultFormat; state: string }; environment: Environment },
): Promise<Exit> {
  const request = {
    ...planningOptions(flags),
    runtime: environment,
    state: resolve(environment.cwd, flags.state),
  };
  const { plan, rehearsal } =
    'plan' in source
      ? await dryRunSavedPlan(source.plan, connection, { ...request, policy: source.policy })
      : await dryRunManifest(source.manifest, connection, request);
  if (flags.format === 'json') await print(environment, jsonText(rehearsal.document));
  else {
    const { rehearsalText } = await import('../render/text/rehearsal.js');
    const appearance = appearanceOf(environment.stdout, environment.env);
    await print(environment, await renderPlan(plan, 'text', { ...appearance, limit: flags.impactLimit }));
    await print(environment, rehearsalText(rehearsal, appearance));
  }
  return rehearsal.holds ? EXIT.done : EXIT.failed;
}
