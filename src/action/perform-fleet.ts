import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { nullIfAbsent } from '../problem/system-error.js';
import { join, resolve } from 'node:path';
import { FLEET_FILES } from '../fleet/document.js';
import { planFleet } from '../reconcile/fleet/plan-fleet.js';
import { detectFleetDrift } from '../reconcile/fleet/detect-fleet-drift.js';
import { problemDocument } from '../render/ci/problems-json.js';
import { EXIT, exitOfProblems } from '../shell/exit.js';
import type { Exit } from '../shell/exit.js';
import { checkFleet } from '../shell/fleet/check-fleet.js';
import { runFleetApply } from '../shell/fleet/fleet-apply.js';
import type { FleetApplyFlags } from '../shell/fleet/fleet-apply.js';
import { changesByOwner } from '../shell/fleet/changes-by-owner.js';
import { deliverFleetReports, planFleetOutputs, renderFleet } from '../shell/fleet/fleet-output.js';
import { runFleet } from '../shell/fleet/fleet-run.js';
import type { FinishedFleet } from '../shell/fleet/fleet-run.js';
import { resumedFlags } from '../shell/fleet/resumed-flags.js';
import { mergeFolders } from '../shell/fleet/merge-folders.js';
import { refuseSharedFolder } from '../shell/fleet/refuse-shared-folder.js';
import type { ValidateFormat } from '../shell/formats.js';
import { problemsOutput } from '../shell/validation.js';
import { afterPost, checkWebhookOf } from './drift-webhook.js';
import { inputNames } from './input-names.js';
import type { Mode } from './input-table.js';
import type { Inputs } from './inputs.js';
import { EMPTY_STEP } from './step.js';
import type { Step, StepContext } from './step.js';
import { deliverProblems, planProblemReports } from './validate.js';

/** Runs the mode on the instances of an inventory. `temporary` is a folder that only this step uses. */
export async function performFleet(context: StepContext, temporary: string): Promise<Step> {
  const { inputs, runner, environment } = context;
  const { mode } = inputs;
  if (mode === 'validate') return validate(context);
  checkWebhookOf(inputs);
  const out = resolve(environment.cwd, folderOf(inputs) ?? join(temporary, 'fleet'));
  const page = pageOf(inputs, out);
  const output = {
    format: 'text' as const,
    report: [...inputs.reports, ...(page === null || namesPage(inputs) ? [] : [`${PAGE}${page}`])],
    impactLimit: inputs.impactLimit ?? undefined,
    groupBy: inputs.groupBy ?? undefined,
  };
  const reports = await planFleetOutputs(output, environment);
  const { document, folder } = await runner.withoutCommands(() => run({ ...context, mode }, out));
  const { text: reword } = inputNames({ isFleet: true });
  await runner.log(await renderFleet(document, { ...output, folder, colour: false, reword }));
  await deliverFleetReports(document, { flags: output, reports, folder, environment });
  const step: Step = {
    ...EMPTY_STEP,
    exit: document.summary.exit as Exit,
    fleet: document,
    byOwner: await changesByOwner(document, { ...output, folder }),
    folder,
    page: page && resolve(environment.cwd, page),
  };
  return mode === 'drift' ? afterPost(step, document, context) : step;
}

/** Prefix of the report that is the page of the fleet. */
const PAGE = 'html=';

const namesPage = ({ reports }: Inputs): boolean => reports.some((report) => report.startsWith(PAGE));

/** The path of the page: the one in `report`, otherwise next to the folder. A shard has no page. */
function pageOf({ reports, shard }: Inputs, out: string): string | null {
  const named = reports.find((report) => report.startsWith(PAGE));
  if (named !== undefined) return named.slice(PAGE.length);
  return shard === null ? `${out}.html` : null;
}

/** The folder for the documents of the run. For an apply, `plan-file` is the folder of the plans to apply. */
function folderOf({ mode, out, planFile }: Inputs): string | null {
  return out ?? (mode === 'apply' ? null : planFile);
}

async function run(
  { inputs, environment, mode }: StepContext & { mode: Exclude<Mode, 'validate'> },
  out: string,
): Promise<FinishedFleet> {
  const resumes = inputs.resume && existsSync(join(out, FLEET_FILES.log));
  const flags = resumes ? await resumedFlags(resumeFlags(inputs, out), environment) : flagsOf(inputs, out);
  switch (mode) {
    case 'merge':
      await refuseSharedFolder(out, {}, environment);
      return mergeFolders(await foldersIn(inputs.folders, environment.cwd), out, environment);
    case 'apply':
      return runFleetApply(flags, {}, environment);
    case 'drift':
      return runFleet({ command: 'drift', flags, environment }, (request) =>
        detectFleetDrift({ ...request, sinceDays: inputs.since ?? undefined }),
      );
    case 'plan':
      return runFleet({ command: 'plan', flags, environment }, planFleet);
  }
}

/** Expands `DIR/*` to all folders in DIR: the artifacts of a matrix are downloaded into one parent folder. */
async function foldersIn(patterns: readonly string[], cwd: string): Promise<string[]> {
  const folders: string[] = [];
  for (const pattern of patterns) {
    if (!pattern.endsWith('/*')) {
      folders.push(pattern);
      continue;
    }
    const parent = pattern.slice(0, -2);
    const entries = (await readdir(resolve(cwd, parent), { withFileTypes: true }).catch(nullIfAbsent)) ?? [];
    const children = entries.filter((entry) => entry.isDirectory()).map(({ name }) => `${parent}/${name}`);
    folders.push(...children.sort());
  }
  return folders;
}

async function validate({ inputs, runner, environment }: StepContext): Promise<Step> {
  const reports = await planProblemReports(inputs, environment);
  const found = await checkFleet(
    { ...flagsOf(inputs, ''), catalogue: inputs.catalogue ?? undefined },
    environment,
  );
  const isValid = found.problems.every(({ severity }) => severity !== 'error');
  const text = problemsOutput(found, 'text', { environment, colour: false });
  await runner.log(isValid ? `${text}${found.summary}\n` : text);
  const render = (format: ValidateFormat): string =>
    problemsOutput(found, format, { environment, colour: false });
  await deliverProblems(reports, render, environment);
  const exit = isValid ? EXIT.done : exitOfProblems(found.problems);
  return { ...EMPTY_STEP, exit, problems: found.problems.map(problemDocument) };
}

/** Returns the inputs as flags of the command. */
function flagsOf(inputs: Inputs, out: string): FleetApplyFlags {
  return { ...commonFlags(inputs), ...selectionFlags(inputs), out };
}

/** A resumed run takes its instances from its folder, so the flags that select instances are left out. */
function resumeFlags(inputs: Inputs, out: string): FleetApplyFlags {
  return { ...commonFlags(inputs), resume: out };
}

function selectionFlags({ only, where, wave, changedSince, shard }: Inputs) {
  const nonEmpty = (list: readonly string[]): readonly string[] | undefined =>
    list.length > 0 ? list : undefined;
  return {
    only: nonEmpty(only),
    where: nonEmpty(where),
    wave: nonEmpty(wave),
    changedSince: changedSince ?? undefined,
    shard: shard ?? undefined,
  };
}

/** With saved plans, the inventory is passed separately as `fleet`. */
function commonFlags(inputs: Inputs) {
  const { mode, planFile, fleet, allow, dryRun, onlyExpired, detailedExitcode } = inputs;
  const plans = mode === 'apply' ? planFile : null;
  return {
    inventory: plans ?? fleet ?? 'fleet.yaml',
    fleet: plans === null ? undefined : (fleet ?? undefined),
    tokenDir: inputs.tokenDir ?? undefined,
    baseUrl: inputs.baseUrl ?? undefined,
    snapshots: inputs.against ?? undefined,
    policy: inputs.policy ?? undefined,
    allow,
    reason: inputs.reason ?? undefined,
    dryRun,
    onlyExpired,
    detailedExitcode,
    impactLimit: inputs.impactLimit ?? undefined,
    waitForLock: inputs.waitForLock ?? undefined,
  };
}
