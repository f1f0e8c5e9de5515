import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { openStage } from '../support/cli.js';
import type { Stage } from '../support/cli.js';
import { runStepWithin } from './within.js';
import { REPOSITORY, serveGitHub } from '../support/github.js';
import type { GitHubStandIn } from '../support/github.js';

/** The built action, as in a release. */
export const BUILT = join(import.meta.dirname, '../../dist/action/index.js');

/** The result of one step of a workflow. */
export interface StepEnd {
  code: number;
  log: string;
  summary: string;
  outputs: Record<string, string>;
}

/** A checkout, an instance and a GitHub server, with functions that run steps as a runner does. */
export interface Workshop {
  /** The environment that a runner gives to a step with these inputs. */
  environmentOf: (inputs: Record<string, string>, env?: Record<string, string>) => Record<string, string>;
  stage: Stage;
  hub: GitHubStandIn;
  /** Runs the built action with these inputs; `env` is added to the variables of a runner. */
  step: (inputs: Record<string, string>, env?: Record<string, string>) => Promise<StepEnd>;
  /** Runs the action in this process: faster, and with streams that can fail. */
  within: (inputs: Record<string, string>, env?: Record<string, string>) => Promise<StepEnd>;
  /** Inputs that name the instance and its token. */
  target: Record<string, string>;
  close: () => Promise<void>;
}

/** The pull request of the event. */
export const PULL_REQUEST = 7;

/** Opens a workshop. */
export async function openWorkshop(): Promise<Workshop> {
  const [stage, hub] = await Promise.all([openStage(), serveGitHub()]);
  const files = join(stage.folder, '.runner');
  await mkdir(join(files, 'temp'), { recursive: true });
  await writeFile(join(files, 'event.json'), JSON.stringify({ pull_request: { number: PULL_REQUEST } }));
  const target = { instance: 'acme', 'base-url': stage.url, token: stage.sandbox.token };
  const environmentOf: Workshop['environmentOf'] = (inputs, env = {}) => ({
    ...runnerEnvironment({ workspace: stage.folder, files, hub }, inputs),
    ...env,
  });
  const reset = (): Promise<void> => resetRunner(files);
  const endOf = (ended: Pick<StepEnd, 'code' | 'log'>): Promise<StepEnd> => stepEnd(files, ended);
  const step: Workshop['step'] = async (inputs, env = {}) => {
    await reset();
    const ended = await execa(process.execPath, [BUILT], {
      cwd: stage.folder,
      env: environmentOf(inputs, env),
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      all: true,
      timeout: 60_000,
    });
    return endOf({ code: ended.exitCode ?? -1, log: ended.all });
  };
  const within: Workshop['within'] = async (inputs, env = {}) => {
    await reset();
    return endOf(await runStepWithin(environmentOf(inputs, env), stage.within));
  };
  return {
    stage,
    environmentOf,
    hub,
    step,
    within,
    target,
    close: async () => {
      await Promise.all([stage.close(), hub.close()]);
    },
  };
}

/** The variables that a runner sets for a step with these inputs. `files` is the folder of the runner's files. */
export function runnerEnvironment(
  { workspace, files, hub }: { workspace: string; files: string; hub: GitHubStandIn },
  inputs: Readonly<Record<string, string>>,
): Record<string, string> {
  const named = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  return {
    PATH: process.env.PATH ?? '',
    HOME: files,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: workspace,
    GITHUB_REPOSITORY: REPOSITORY,
    GITHUB_API_URL: hub.url,
    GITHUB_GRAPHQL_URL: hub.url.replace('/v3', '/graphql'),
    GITHUB_SERVER_URL: 'https://github.example',
    GITHUB_RUN_ID: '4711',
    GITHUB_ACTOR: 'ana',
    GITHUB_EVENT_PATH: join(files, 'event.json'),
    GITHUB_OUTPUT: join(files, 'output'),
    GITHUB_STEP_SUMMARY: join(files, 'summary'),
    RUNNER_TEMP: join(files, 'temp'),
    // A runner sets every input; those without a value are empty.
    INPUT_ALLOW: '',
    INPUT_AGAINST: '',
    'INPUT_WORKING-DIRECTORY': '.',
    ...(Object.fromEntries(named) as Record<string, string>),
  };
}

/** Reads the result of a step from the files of its runner. */
export async function stepEnd(files: string, ended: Pick<StepEnd, 'code' | 'log'>): Promise<StepEnd> {
  return {
    ...ended,
    summary: await readFile(join(files, 'summary'), 'utf8'),
    outputs: outputsOf(await readFile(join(files, 'output'), 'utf8')),
  };
}

/** Empties the files that a step writes: a runner gives each step new ones. */
export async function resetRunner(files: string): Promise<void> {
  for (const name of ['output', 'summary']) await writeFile(join(files, name), '');
}

/** Reads the file of outputs as a runner does. */
function outputsOf(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = '', , value = ''] of text.matchAll(/^([\w-]+)<<(.+)\n([\s\S]*?)\n\2\n/gmu))
    found[name] = value;
  return found;
}

/** The lines of a log that a runner reads as commands: all but those between stop and resume. */
export function commandsIn(log: string): string[] {
  const commands: string[] = [];
  let resume: string | null = null;
  for (const line of log.split('\n')) {
    const stop = /^::stop-commands::(.+)$/u.exec(line.trim())?.[1];
    if (resume !== null) {
      if (line.trim() === `::${resume}::`) resume = null;
    } else if (stop !== undefined) resume = stop;
    else if (/^\s*::|##\[/u.test(line)) commands.push(line);
  }
  return commands;
}
