import { resolve } from 'node:path';
import { readFile } from 'node:fs/promises';
import { EXIT } from '../cli/exit.js';
import type { World } from '../cli/world.js';
import { instanceName } from '../model/names.js';
import { ProblemError } from '../problem/problem.js';
import { annotationsOf } from './annotations.js';
import { openEngine } from './engine.js';
import { readPlace } from './event.js';
import { readInputs } from './inputs.js';
import type { Inputs } from './inputs.js';
import { stepMarkdown } from './markdown.js';
import { perform } from './perform.js';
import { publish } from './publish.js';
import { openRunner } from './runner.js';
import type { Runner } from './runner.js';
import { outputsOf, parsed } from './step.js';
import type { Step } from './step.js';

/** Runs one step of a workflow from its inputs. Gives the exit code; never throws for what a workflow can do. */
export async function run(world: World): Promise<number> {
  const runner = openRunner(world);
  // Before anything else is said: from here on the log shows none of them.
  for (const name of SECRETS) {
    const secret = world.env[name];
    if (secret !== undefined && secret !== '') await runner.mask(secret);
  }
  try {
    return await runStep(world, runner);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    for (const { message, hint } of error.problems)
      await runner.error(hint === undefined ? message : `${message} (hint: ${hint})`);
    await runner.output({ 'exit-code': String(EXIT.failed) });
    return EXIT.failed;
  }
}

/** Variables that may hold a secret. */
const SECRETS = ['INPUT_TOKEN', 'INPUT_GITHUB-TOKEN', 'INPUT_WEBHOOK', 'DOMO_ACCESS_TOKEN', 'DOMO_PASSWORD'];

async function runStep(base: World, runner: Runner): Promise<number> {
  const inputs = readInputs(base.env);
  const workspace = base.env.GITHUB_WORKSPACE ?? base.cwd;
  const cwd = resolve(workspace, inputs.workingDirectory);
  const world = { ...base, cwd, env: environmentOf(base.env, inputs) };
  const step = await perform({ inputs, engine: openEngine(world), runner, world });
  await runner.annotate(annotationsOf(step, { workspace, cwd }));
  await sayWhy(step, inputs, runner);
  const place = await readPlace(base.env);
  const instance = step.document?.instance ?? step.outcome?.instance ?? (await targetOf(inputs, world));
  const markdown = stepMarkdown(step, { inputs, instance, run: place.run, actor: place.actor });
  await runner.summary(markdown);
  await runner.output(outputsOf(step));
  await publish(step, { inputs, world, runner, place, markdown });
  return inputs.mode === 'drift' && step.exit === EXIT.changes && !inputs.failOnDrift ? EXIT.done : step.exit;
}

/** The command's environment: the inputs stay behind, secrets go the way that they go everywhere. */
function environmentOf(env: World['env'], { token }: Inputs): World['env'] {
  const rest = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('INPUT_')));
  return {
    ...rest,
    NO_COLOR: '1',
    ...(token === null ? {} : { DOMO_ACCESS_TOKEN: token }),
    ...(env.RUNNER_DEBUG === '1' ? { DOMO_ROLES_DEBUG: '1' } : {}),
  };
}

/** A red cross needs a sentence; problems, refusals and differences have brought theirs. */
async function sayWhy({ exit, outcome, document }: Step, inputs: Inputs, runner: Runner): Promise<void> {
  if (exit === EXIT.changes && document?.kind === 'plan')
    await runner.error('the instance is not as the manifest says, and detailed-exitcode is true');
  if (exit === EXIT.incomplete)
    await runner.error('something was sent, and not every change is in place: the log names each');
  if (exit === EXIT.failed && outcome?.dryRun)
    await runner.error('the rehearsal did not come out as planned');
  if (exit === EXIT.done && inputs.mode === 'plan' && inputs.against !== null)
    await runner.notice('planned against a snapshot file, not against the live instance');
}

/** The instance that was meant, where nothing that was made says it. */
async function targetOf(inputs: Inputs, { cwd, env }: World): Promise<string | null> {
  if (inputs.against !== null) {
    const text = await readFile(resolve(cwd, inputs.against), 'utf8').catch(() => '');
    const { instance } = parsed(text);
    if (typeof instance === 'string') return instance;
  }
  const named = inputs.instance ?? (env.DOMO_INSTANCE || null);
  if (named !== null) return instanceName(named.replace(/^https:\/\//u, '').replace(/\/+$/u, ''));
  const address = inputs.baseUrl ?? env.DOMO_BASE_URL ?? '';
  return URL.canParse(address) ? instanceName(new URL(address).hostname) : null;
}
