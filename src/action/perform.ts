import { access, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runsFolder, RUN_FILES } from '../journal/folder.js';
import { EXIT } from '../shell/exit.js';
import { renderPlan, writePrivate } from '../shell/output.js';
import type { Environment } from '../shell/environment.js';
import { outcomeText } from '../render/text/outcome.js';
import { ProblemError, problem } from '../problem/problem.js';
import { commandLine, reportLine, validateLine } from './command-line.js';
import type { Engine } from './engine.js';
import type { Inputs } from './inputs.js';
import { systemCode, type Runner } from './runner.js';
import { parsed, runOf, sentWrite, stepOf } from './step.js';
import type { Step } from './step.js';

/** What a step works with. */
export interface Setting {
  inputs: Inputs;
  engine: Engine;
  runner: Runner;
  /** Its `cwd` is the working directory. */
  world: Environment;
}

/** Does what the mode says, and tells it in the log. */
export async function perform(setting: Setting): Promise<Step> {
  switch (setting.inputs.mode) {
    case 'validate':
      return validate(setting);
    case 'plan':
    case 'drift':
      return planOrDrift(setting);
    case 'apply':
      return apply(setting);
  }
}

async function validate({ inputs, engine, runner, world }: Setting): Promise<Step> {
  const found = stepOf(await engine(commandLine(inputs, '')));
  const { stdout, stderr } = await engine(validateLine(inputs, 'text'));
  await runner.log(`${stdout}${stderr}`);
  for (const report of inputs.reports) {
    const [format = '', ...rest] = report.split('=');
    const ran = await engine(validateLine(inputs, format));
    if (rest.length === 0 || ran.stdout === '')
      throw new ProblemError(
        problem('usage', 'a line of the input report is not FORMAT=FILE', {
          hint: 'formats of validate are text, json, github, sarif',
        }),
      );
    await writePrivate(world, rest.join('='), ran.stdout);
  }
  return found;
}

async function planOrDrift({ inputs, engine, runner, world }: Setting): Promise<Step> {
  const file = resolve(world.cwd, inputs.planFile ?? (await ownFile(world, `${inputs.mode}.json`)));
  const ran = await engine(commandLine(inputs, file));
  const step = stepOf(ran);
  await runner.log(`${await documentText(step)}${ran.stderr}`);
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  return step.document && isThere ? { ...step, file } : step;
}

async function apply({ inputs, engine, runner, world }: Setting): Promise<Step> {
  const saved = inputs.planFile === null ? null : resolve(world.cwd, inputs.planFile);
  const ran = await engine(commandLine(inputs, ''));
  const step = stepOf(ran);
  // A manifest's plan is the one that its run keeps.
  const state = resolve(world.cwd, inputs.state ?? '.domo-roles');
  const runId = runOf(step);
  const kept = runId === null ? null : join(runsFolder(state), runId, RUN_FILES.plan);
  const file = saved ?? kept;
  const document = file === null ? null : await readPlanOf(engine, file);
  const whole: Step = { ...step, document, file: document ? file : null };
  const told = whole.outcome ? outcomeText(whole.outcome, { colour: false, verbose: true }) : '';
  await runner.log([await documentText(whole), told, ran.stderr].filter((part) => part !== '').join('\n'));
  if (whole.file !== null && inputs.reports.length > 0) {
    const reported = await engine(reportLine(whole.file, inputs.reports));
    if (reported.exit !== EXIT.done) {
      await runner.log(reported.stderr);
      return sentWrite(whole) ? whole : { ...whole, exit: EXIT.failed };
    }
  }
  return whole;
}

/** Read by the command, which refuses what is no plan or was changed. */
async function readPlanOf(engine: Engine, file: string): Promise<Step['document']> {
  if ((await readFile(file).catch(() => null)) === null) return null;
  const { stdout } = await engine(reportLine(file, []));
  return parsed(stdout).kind === 'plan' ? stepOf({ exit: 0, stdout, stderr: '' }).document : null;
}

async function documentText({ document }: Step): Promise<string> {
  return document ? renderPlan(document, 'text', { colour: false }) : '';
}

/** A folder of this step's own: two steps of one job must not share a plan. */
async function ownFile({ env }: Environment, name: string): Promise<string> {
  const parent = env.RUNNER_TEMP === undefined || env.RUNNER_TEMP === '' ? tmpdir() : env.RUNNER_TEMP;
  try {
    return join(await mkdtemp(join(parent, 'domo-roles-')), name);
  } catch (cause) {
    const message = `no folder can be made in ${parent} (${systemCode(cause)})`;
    throw new ProblemError(
      problem('bad-file', message, { hint: 'name a file with the input plan-file, or set RUNNER_TEMP' }),
      { cause },
    );
  }
}
