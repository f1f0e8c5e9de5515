import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { planFleet } from '../reconcile/fleet/plan-fleet.js';
import { detectFleetDrift } from '../reconcile/fleet/read-fleet.js';
import { problemDocument } from '../render/ci/problems-json.js';
import { EXIT, exitOfProblems } from '../shell/exit.js';
import type { Exit } from '../shell/exit.js';
import { checkFleet } from '../shell/fleet/check-fleet.js';
import { runFleetApply } from '../shell/fleet/fleet-apply.js';
import type { FleetApplyFlags } from '../shell/fleet/fleet-apply.js';
import { deliverFleetReports, planFleetOutputs, renderFleet } from '../shell/fleet/fleet-output.js';
import { runFleet } from '../shell/fleet/fleet-run.js';
import type { FinishedFleet } from '../shell/fleet/fleet-run.js';
import { resumedFlags } from '../shell/fleet/resumed-flags.js';
import { mergeFolders } from '../shell/fleet/merge-folders.js';
import { problemsOutput } from '../shell/validation.js';
import type { Inputs, Mode } from './inputs.js';
import { NOTHING } from './step.js';
import type { Step, StepContext } from './step.js';

/** Runs the mode on the instances of an inventory. `temporary` is a folder of this step's own. */
export async function performFleet(context: StepContext, temporary: string): Promise<Step> {
  const { inputs, runner, environment } = context;
  const { mode } = inputs;
  if (mode === 'validate') return validate(context);
  const out = resolve(environment.cwd, folderOf(inputs) ?? join(temporary, 'fleet'));
  const page = pageOf(inputs, out);
  const output = {
    format: 'text' as const,
    report: [...inputs.reports, ...(page === null || isNamed(inputs) ? [] : [`${PAGE}${page}`])],
    impactLimit: inputs.impactLimit ?? undefined,
  };
  const reports = await planFleetOutputs(output, environment);
  const { document, folder } = await runner.plainly(() => run({ ...context, mode }, out));
  await runner.log(await renderFleet(document, { ...output, folder, colour: false }));
  await deliverFleetReports(document, { flags: output, reports, folder, environment });
  return {
    ...NOTHING,
    exit: document.summary.exit as Exit,
    fleet: document,
    folder,
    page: page && resolve(environment.cwd, page),
  };
}

/** The report that is the page, among the reports of a step. */
const PAGE = 'html=';

const isNamed = ({ reports }: Inputs): boolean => reports.some((report) => report.startsWith(PAGE));

/** The path of the page: the one in `report`, else beside the folder. A shard has no page. */
function pageOf({ reports, shard }: Inputs, out: string): string | null {
  const named = reports.find((report) => report.startsWith(PAGE));
  if (named !== undefined) return named.slice(PAGE.length);
  return shard === null ? `${out}.html` : null;
}

/** The folder for the documents of the run. An apply has a folder of plans beside it. */
function folderOf({ mode, out, planFile }: Inputs): string | null {
  return out ?? (mode === 'apply' ? null : planFile);
}

async function run(
  { inputs, environment, mode }: StepContext & { mode: Exclude<Mode, 'validate'> },
  out: string,
): Promise<FinishedFleet> {
  const isUnderWay = inputs.resume && existsSync(join(out, 'fleet.jsonl'));
  const flags = isUnderWay ? await resumedFlags(goingOn(inputs, out), environment) : flagsOf(inputs, out);
  switch (mode) {
    case 'merge':
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

/** `DIR/*` means all folders in DIR, which is how the artifacts of a matrix are downloaded. */
async function foldersIn(named: readonly string[], cwd: string): Promise<string[]> {
  const found: string[] = [];
  for (const one of named) {
    if (!one.endsWith('/*')) {
      found.push(one);
      continue;
    }
    const parent = one.slice(0, -2);
    const entries = await readdir(resolve(cwd, parent), { withFileTypes: true }).catch(() => []);
    const below = entries.filter((entry) => entry.isDirectory()).map(({ name }) => `${parent}/${name}`);
    found.push(...below.sort());
  }
  return found;
}

async function validate({ inputs, runner, environment }: StepContext): Promise<Step> {
  const found = await checkFleet(flagsOf(inputs, ''), environment);
  const isValid = found.problems.every(({ severity }) => severity !== 'error');
  const text = problemsOutput(found, 'text', { environment, colour: false });
  await runner.log(isValid ? `${text}${found.summary}\n` : text);
  const exit = isValid ? EXIT.done : exitOfProblems(found.problems);
  return { ...NOTHING, exit, problems: found.problems.map(problemDocument) };
}

/** What goes on has its instances from its folder. */
function goingOn(inputs: Inputs, out: string): FleetApplyFlags {
  const { only, where, wave, changedSince, shard, ...rest } = flagsOf(inputs, out);
  return { ...rest, out: undefined, resume: out };
}

/** The inputs as the flags of the command. Saved plans take the place of the inventory, which is then that of today. */
function flagsOf(inputs: Inputs, out: string): FleetApplyFlags {
  const { fleet, allow, onlyExpired, detailedExitcode } = inputs;
  const plans = inputs.mode === 'apply' ? inputs.planFile : null;
  const given = <T>(value: T | null): T | undefined => value ?? undefined;
  const some = (list: readonly string[]): readonly string[] | undefined =>
    list.length > 0 ? list : undefined;
  return {
    inventory: plans ?? fleet ?? 'fleet.yaml',
    fleet: plans === null ? undefined : given(fleet),
    ...{ only: some(inputs.only), where: some(inputs.where), wave: some(inputs.wave) },
    ...{ changedSince: given(inputs.changedSince), shard: given(inputs.shard) },
    ...{ tokenDir: given(inputs.tokenDir), baseUrl: given(inputs.baseUrl), snapshots: given(inputs.against) },
    ...{
      policy: given(inputs.policy),
      allow,
      reason: given(inputs.reason),
      onlyExpired,
      detailedExitcode,
      out,
    },
    impactLimit: given(inputs.impactLimit),
    waitForLock: given(inputs.waitForLock),
  };
}
