import { join, resolve } from 'node:path';
import { readFile, readdir, stat } from 'node:fs/promises';
import { readDocumentText } from '../journal/read-file.js';
import { EXIT } from '../shell/exit.js';
import type { Exit } from '../shell/exit.js';
import { write } from '../shell/environment.js';
import type { Environment } from '../shell/environment.js';
import { instanceName } from '../model/instance-name.js';
import { quotedName } from '../model/quoted-name.js';
import { ProblemError, problem, usageError } from '../problem/problem.js';
import type { PlaceOf } from '../render/ci/places.js';
import { snapshotLabel } from '../render/facts/heading-facts.js';
import { repositoryPlaces } from '../shell/repository.js';
import { annotationsOf } from './annotations.js';
import { readWorkflowContext } from './event.js';
import type { WorkflowContext } from './event.js';
import { fleetAnnotations, fleetKey, fleetStepMarkdown } from './fleet-report.js';
import { isFleetStep, readInputs } from './inputs.js';
import type { Inputs } from './inputs.js';
import { stepMarkdown } from './markdown.js';
import { manifestKey } from './marker-keys.js';
import { perform } from './perform.js';
import { publish } from './publish.js';
import { openRunner } from './runner.js';
import type { Runner } from './runner.js';
import { outputsOf, parseObject, sentWrite } from './step.js';
import type { Step } from './step.js';

/** Runs one step of a workflow from its inputs. Returns the exit code; never throws. */
export async function run(environment: Environment): Promise<number> {
  const runner = openRunner(environment);
  // Mask all secrets before the first line of the log.
  for (const secret of [...secretsIn(environment.env), ...(await tokensIn(environment))])
    await runner.mask(secret);
  const exit = await runStep(environment, runner).catch((error: unknown) => stopped(error, runner));
  // On stderr, because the log may be what could not be written.
  for (const what of runner.unwritten())
    await write(environment.stderr, `domo-roles: ${what} could not be written\n`).catch(() => undefined);
  return exit;
}

async function stopped(error: unknown, runner: Runner, exit: number = EXIT.failed): Promise<number> {
  const name = error instanceof Error ? error.name : typeof error;
  const problems =
    error instanceof ProblemError
      ? error.problems
      : [problem('internal', `internal error (${name})`, { hint: 'please report it' })];
  for (const { message, hint } of problems)
    await runner.error(hint === undefined ? message : `${message} (hint: ${hint})`);
  await runner.output({ 'exit-code': String(exit) });
  return exit;
}

async function runStep(base: Environment, runner: Runner): Promise<number> {
  const inputs = readInputs(base.env);
  const cwd = await folderOf(inputs, base);
  const environment = { ...base, cwd, env: environmentOf(base.env, inputs) };
  const step = await perform({ inputs, runner, environment });
  // If the run wrote to the instance, its exit code is kept even if the reports fail.
  const reported = reportStep(step, { inputs, environment, runner });
  return sentWrite(step) ? reported.catch((error: unknown) => stopped(error, runner, step.exit)) : reported;
}

/** The folder that the step runs in. Raises `usage` if there is none: every path of the step would be missing. */
async function folderOf({ workingDirectory }: Inputs, { env, cwd }: Environment): Promise<string> {
  const folder = resolve(env.GITHUB_WORKSPACE ?? cwd, workingDirectory);
  if ((await stat(folder).catch(() => null))?.isDirectory()) return folder;
  throw usageError(`the input working-directory names no folder: ${quotedName(workingDirectory)}`, {
    hint: 'it is relative to the workspace; check out the repository in an earlier step',
  });
}

interface Reporting {
  inputs: Inputs;
  environment: Environment;
  runner: Runner;
}

/** Writes the annotations, the job summary, the outputs, and the comment or issue. Returns the exit code. */
async function reportStep(step: Step, reporting: Reporting): Promise<number> {
  const { inputs, environment, runner } = reporting;
  await runner.annotate(annotationsIn(step, repositoryPlaces(environment)));
  await explainExit(step, inputs, runner);
  const place = await readWorkflowContext(environment.env);
  const isDrift = (step.fleet?.command ?? inputs.mode) === 'drift';
  const keys = [
    isFleetStep(inputs) ? fleetKey(inputs, step.fleet, environment) : manifestKey(inputs, environment),
    ...(isDrift && place.sideBranch !== null ? [place.sideBranch] : []),
  ];
  const markdown = await markdownOf(step, reporting, { keys, place });
  await runner.summary(markdown);
  const exit = (): Exit => (runner.unwritten().length > 0 && !sentWrite(step) ? EXIT.failed : step.exit);
  await runner.output(outputsOf(step, exit()));
  const title = keys.join(' on ').replaceAll('\n', ', ');
  const isPublished = await publish(step, { inputs, environment, runner, place, markdown, key: title });
  const passes = isDrift && !inputs.failOnDrift && isPublished;
  return exit() === EXIT.changes && passes ? EXIT.done : exit();
}

function annotationsIn(step: Step, places: PlaceOf): string {
  return step.fleet ? fleetAnnotations(step.fleet, places) : annotationsOf(step, places);
}

async function markdownOf(
  step: Step,
  { inputs, environment }: Reporting,
  { keys, place: { run, actor } }: { keys: readonly string[]; place: WorkflowContext },
): Promise<string> {
  if (isFleetStep(inputs)) return fleetStepMarkdown(step, { inputs, keys, run });
  const instance = step.document?.instance ?? step.outcome?.instance ?? (await targetOf(inputs, environment));
  return stepMarkdown(step, { inputs, instance, keys, run, actor });
}

/** Returns every value of the environment that may be a secret, and the passwords in proxy addresses. */
function secretsIn(env: Environment['env']): string[] {
  const named = Object.keys(env)
    .filter((name) => SECRET_INPUTS.has(name) || INSTANCE_SECRETS.test(name))
    .map((name) => env[name] ?? '');
  const passwords = PROXY_VARIABLES.map((name) => passwordIn(env[name] ?? ''));
  return [...new Set([...named, ...passwords])].filter((secret) => secret !== '');
}

/** Variables of inputs that are secrets. */
const SECRET_INPUTS: ReadonlySet<string> = new Set(['INPUT_TOKEN', 'INPUT_GITHUB-TOKEN', 'INPUT_WEBHOOK']);

/** The credentials of an instance, with or without its name: `DOMO_ACCESS_TOKEN`, `DOMO_PASSWORD_ACME`. */
const INSTANCE_SECRETS = /^DOMO_(?:ACCESS_TOKEN|PASSWORD)(?:_|$)/u;

/** Bytes. Larger files are not tokens. */
const MAX_TOKEN_SIZE = 64 * 1024;

/** Returns the content of all files in the folder of the input `token-dir`, even of those that no instance uses. */
async function tokensIn({ env, cwd }: Environment): Promise<string[]> {
  const named = (env['INPUT_TOKEN-DIR'] ?? '').trim();
  if (named === '') return [];
  const base = resolve(env.GITHUB_WORKSPACE ?? cwd, (env['INPUT_WORKING-DIRECTORY'] ?? '').trim());
  const folder = resolve(base, named);
  const found: string[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const file = await stat(path).catch(() => null);
    if (file?.isFile() && file.size <= MAX_TOKEN_SIZE)
      found.push(await readFile(path, 'utf8').catch(() => ''));
  }
  return found.filter((token) => token.trim() !== '');
}

/** Variables with addresses that may hold a password. */
const PROXY_VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'];

function passwordIn(address: string): string {
  if (!URL.canParse(address)) return '';
  const { password } = new URL(address);
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}

/** The environment of the command: without the inputs, and with the token in the usual variable. */
function environmentOf(env: Environment['env'], { token }: Inputs): Environment['env'] {
  const rest = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('INPUT_')));
  return {
    ...rest,
    NO_COLOR: '1',
    ...(token === null ? {} : { DOMO_ACCESS_TOKEN: token }),
    ...(env.RUNNER_DEBUG === '1' ? { DOMO_ROLES_DEBUG: '1' } : {}),
  };
}

/** Explains an exit code that no problem, refusal or difference has explained. */
async function explainExit(step: Step, inputs: Inputs, runner: Runner): Promise<void> {
  const { exit, outcome, document, fleet } = step;
  const isFleet = isFleetStep(inputs);
  if (exit === EXIT.changes && (document?.kind === 'plan' || fleet?.command === 'plan')) {
    const what = isFleet ? 'instances differ from their manifests' : 'the instance differs from the manifest';
    await runner.error(`${what}, and detailed-exitcode is true`);
  }
  if (exit === EXIT.incomplete)
    await runner.error(
      isFleet
        ? 'the run wrote to instances, but not every instance is done: the log lists each'
        : 'the run wrote to the instance, but not every change is in place: the log lists each',
    );
  if (exit === EXIT.failed && outcome?.dryRun)
    await runner.error('the result of the rehearsal differs from the plan');
  // An apply checks a plan that was made from a snapshot against the live instance.
  if (exit === EXIT.done && inputs.mode === 'plan' && document?.offline)
    await runner.notice(`planned against ${snapshotLabel(document)}, not against the live instance`);
}

/** Returns the instance that the step targets, for a step without a document; null if unknown. */
async function targetOf(inputs: Inputs, { cwd, env }: Environment): Promise<string | null> {
  if (inputs.against !== null) {
    const text = await readDocumentText(resolve(cwd, inputs.against)).catch(() => '');
    const { instance } = parseObject(text);
    if (typeof instance === 'string') return instance;
  }
  const named = inputs.instance ?? (env.DOMO_INSTANCE || null);
  if (named !== null) return instanceName(named);
  const address = inputs.baseUrl ?? env.DOMO_BASE_URL ?? '';
  return URL.canParse(address) ? instanceName(new URL(address).hostname) : null;
}
