import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { inventoryOf, tokenOf } from '../support/fleet-stage.js';
import { NAMES, masksOf, openFleetWorkshop } from '../action/fleet-support.js';
import type { FleetWorkshop } from '../action/fleet-support.js';
import { resetRunner, stepEnd } from '../action/support.js';
import { asText, holds, resolved, workflowOf } from './workflow.js';
import type { Contexts, Job, Step, Workflow } from './workflow.js';
import { BIN } from '../support/built.js';

const ROOT = join(import.meta.dirname, '../..');
const load = (name: string): Workflow =>
  workflowOf(readFileSync(join(ROOT, 'examples/ci/github', `${name}.yml`), 'utf8'));

type Result = 'success' | 'failure' | 'skipped';

/** The result of a workflow run, by job and step. */
interface Ran {
  /** By name of the job. For a called workflow, `canary / apply`. */
  results: Record<string, Result>;
  logs: string[];
}

let workshop: FleetWorkshop;
let artifacts: string;
beforeEach(async () => {
  workshop = await openFleetWorkshop();
  artifacts = join(workshop.files, 'artifacts');
  await mkdir(join(workshop.files, 'bin'), { recursive: true });
  // The built command instead of the published one.
  const npx = `#!/bin/sh\nshift 2\nexec '${process.execPath}' '${BIN}' "$@"\n`;
  await writeFile(join(workshop.files, 'bin/npx'), npx, { mode: 0o755 });
  await writeFile(join(workshop.stage.folder, '.gitignore'), '.runner\n');
});
afterEach(() => workshop.close());

/**
 * Runs a workflow as GitHub does: jobs in the order of their needs, each step separately, with artifacts between
 * jobs.
 */
async function runWorkflow(
  workflow: Workflow,
  contexts: Contexts,
  only: (job: string) => boolean = () => true,
): Promise<Ran> {
  const ran: Ran = { results: {}, logs: [] };
  const needs: Record<string, { result: Result; outputs: Record<string, string> }> = {};
  for (const [name, job] of Object.entries(workflow.jobs)) {
    const needed = [job.needs ?? []].flat();
    const seen = { ...contexts, needs: Object.fromEntries(needed.map((one) => [one, needs[one]])) };
    const success = (): boolean => needed.every((one) => needs[one]?.result === 'success');
    if (!only(name) || !holds(job.if, seen, { success, cancelled: () => false, always: () => true })) {
      needs[name] = { result: 'skipped', outputs: {} };
    } else if (job.uses !== undefined) {
      const called = load(job.uses.replace(/^.*\/|\.yml$/gu, ''));
      const inner = await runWorkflow(called, { ...contexts, inputs: job.with ?? {} });
      const isGood = Object.values(inner.results).every((result) => result === 'success');
      needs[name] = { result: isGood ? 'success' : 'failure', outputs: {} };
      ran.logs.push(...inner.logs);
      for (const [below, result] of Object.entries(inner.results)) ran.results[`${name} / ${below}`] = result;
    } else {
      const { result, outputs, logs } = await runJob(job, { ...seen, env: resolvedEnv(workflow.env, seen) });
      needs[name] = { result, outputs };
      ran.logs.push(...logs);
    }
    ran.results[name] = needs[name]?.result ?? 'skipped';
  }
  return ran;
}

function resolvedEnv(env: Record<string, string> = {}, contexts: Contexts = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([key, value]) => [key, asText(resolved(value, contexts))]),
  );
}

/** Runs a job, or all jobs of its matrix. With `fail-fast: false`, a failed job stops no other. */
async function runJob(
  job: Job,
  contexts: Contexts,
): Promise<{ result: Result; outputs: Record<string, string>; logs: string[] }> {
  const matrix = job.strategy
    ? (resolved(job.strategy.matrix, contexts) as { include: object[] })
    : { include: [{}] };
  const logs: string[] = [];
  let result: Result = 'success';
  let outputs: Record<string, string> = {};
  for (const one of matrix.include) {
    expect(job.strategy === undefined || job.strategy['fail-fast'] === false).toBe(true);
    const ended = await runSteps(job.steps ?? [], { ...contexts, matrix: one });
    logs.push(...ended.logs);
    if (!ended.isGood) result = 'failure';
    outputs = Object.fromEntries(
      Object.entries(job.outputs ?? {}).map(([key, value]) => [key, asText(resolved(value, ended.contexts))]),
    );
  }
  return { result, outputs, logs };
}

async function runSteps(
  steps: readonly Step[],
  given: Contexts,
): Promise<{ isGood: boolean; contexts: Contexts; logs: string[] }> {
  // A job starts with its own checkout and an empty folder of the runner.
  for (const name of await readdir(workshop.stage.folder))
    if (name.startsWith('fleet-') || name === 'shards')
      await rm(join(workshop.stage.folder, name), { recursive: true });
  await rm(join(workshop.files, 'temp'), { recursive: true, force: true });
  await mkdir(join(workshop.files, 'temp'));
  const known: Record<string, { outputs: Record<string, string> }> = {};
  const contexts = { ...given, steps: known, runner: { temp: join(workshop.files, 'temp') } };
  const logs: string[] = [];
  let isGood = true;
  const functions = {
    success: () => isGood,
    always: () => true,
    hashFiles: (...paths: unknown[]) =>
      paths.some((path) => existsSync(join(workshop.stage.folder, asText(path).replace('/**', ''))))
        ? 'hash'
        : '',
  };
  for (const step of steps) {
    if (!holds(step.if, contexts, functions)) continue;
    const { code, log, outputs } = await runOne(step, contexts);
    logs.push(log);
    if (step.id !== undefined) known[step.id] = { outputs };
    if (code !== 0 && !('continue-on-error' in step)) isGood = false;
  }
  return { isGood, contexts, logs };
}

async function runOne(
  step: Step,
  contexts: Contexts,
): Promise<{ code: number; log: string; outputs: Record<string, string> }> {
  const inputs = Object.fromEntries(
    Object.entries(step.with ?? {}).map(([key, value]) => [key, asText(resolved(value, contexts))]),
  );
  if (step.run !== undefined) return runScript(step, contexts);
  const uses = (step.uses ?? '').replace(/@.*$/u, '');
  const nothing = { code: 0, log: '', outputs: {} };
  switch (uses) {
    case 'actions/checkout':
      return nothing;
    case 'domo-roles/domo-roles':
      return runAction(inputs);
    case 'actions/upload-artifact':
      await upload(inputs);
      return nothing;
    case 'actions/download-artifact':
      return { ...nothing, code: await download(inputs) };
    default:
      throw new Error(`no ${step.uses}`);
  }
}

async function runAction(inputs: Record<string, string>) {
  const url = inputs['token-dir'] === undefined ? {} : { 'base-url': `${workshop.stage.url}/{name}` };
  return workshop.within({ 'token-dir': '', 'base-url': '', ...url, ...inputs });
}

async function runScript(step: Step, contexts: Contexts) {
  await resetRunner(workshop.files);
  const env = contexts.env as Record<string, string>;
  const ended = await execa('bash', ['-e', '-c', step.run ?? ''], {
    cwd: workshop.stage.folder,
    env: {
      ...{ PATH: `${join(workshop.files, 'bin')}:${process.env.PATH ?? ''}`, HOME: workshop.files },
      ...{ GITHUB_OUTPUT: join(workshop.files, 'script-output'), RUNNER_TEMP: join(workshop.files, 'temp') },
      ...env,
      ...resolvedEnv(step.env, contexts),
    },
    extendEnv: false,
    reject: false,
    all: true,
  });
  const written = await readFile(join(workshop.files, 'script-output'), 'utf8').catch(() => '');
  await rm(join(workshop.files, 'script-output'), { force: true });
  const outputs: Record<string, string> = {};
  for (const [, key = '', value = ''] of written.matchAll(/^(\w+)=(.*)$/gmu)) outputs[key] = value;
  const { log } = await stepEnd(workshop.files, { code: 0, log: ended.all });
  return { code: ended.exitCode ?? 1, log, outputs };
}

async function upload(inputs: Record<string, string>): Promise<void> {
  expect(inputs.overwrite).toBe('true');
  const paths = (inputs.path ?? '').split('\n').filter((path) => path !== '');
  const to = join(artifacts, inputs.name ?? '');
  await rm(to, { recursive: true, force: true });
  for (const path of paths) {
    const from = join(workshop.stage.folder, path);
    if (existsSync(from)) await cp(from, paths.length > 1 ? join(to, path) : to, { recursive: true });
  }
}

async function download(inputs: Record<string, string>): Promise<number> {
  const to = join(workshop.stage.folder, inputs.path ?? '');
  if (inputs.name !== undefined) {
    const from = join(artifacts, inputs.name);
    if (!existsSync(from)) return 1;
    await cp(from, to, { recursive: true });
    return 0;
  }
  const pattern = new RegExp(`^${(inputs.pattern ?? '').replaceAll('*', '.*')}$`, 'u');
  for (const name of await readdir(artifacts))
    if (pattern.test(name)) await cp(join(artifacts, name), join(to, name), { recursive: true });
  return 0;
}

const secrets = {
  DOMO_TOKENS: JSON.stringify(Object.fromEntries(NAMES.map((name) => [name, tokenOf(name)]))),
};

const contextsOf = (github: Record<string, unknown> = {}): Contexts => ({
  secrets,
  github: {
    ...{ run_attempt: 1, base_ref: 'main', repository: 'acme/roles', workflow: 'w' },
    event: { pull_request: { number: 7, head: { repo: { full_name: 'acme/roles' } } } },
    ...github,
  },
});

/** Uses shards of one instance instead of 25. */
function small(workflow: Workflow): Workflow {
  const text = JSON.stringify(workflow).replaceAll('--per-shard 25', '--per-shard 2');
  return JSON.parse(text) as Workflow;
}

const written = (): string[] =>
  [...workshop.stage.sandboxes].flatMap(([name, sandbox]) =>
    sandbox.state().roles.some((role) => role.name === 'Fleet Viewer') ? [name] : [],
  );

function expectMasked(logs: readonly string[]): void {
  for (const log of logs) {
    const rest = log.split('\n').filter((line) => !line.startsWith('::add-mask::'));
    for (const name of NAMES) expect(rest.join('\n')).not.toContain(tokenOf(name));
  }
  const masking = logs.filter((log) => log.includes(`::add-mask::${tokenOf('alpha')}`));
  expect(masking.length).toBeGreaterThan(0);
  for (const log of masking)
    expect(masksOf(log)).toMatchObject({ first: true, masked: expect.arrayContaining(NAMES.map(tokenOf)) });
}

describe('the workflows of a fleet', () => {
  it('plan the changes of a pull request in shards and write one comment', async () => {
    const git = (...args: string[]) => execa('git', args, { cwd: workshop.stage.folder });
    await git('init', '--quiet', '--initial-branch', 'main');
    await git('add', '.');
    const who = ['-c', 'user.name=Ana', '-c', 'user.email=ana@acme.com'];
    await git(...who, 'commit', '--quiet', '-m', 'Fleet');
    await git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    await workshop.stage.write(
      'base.yaml',
      `${readFileSync(join(workshop.stage.folder, 'base.yaml'), 'utf8')}# Reviewed.\n`,
    );
    const ran = await runWorkflow(small(load('domo-roles-fleet-plan')), contextsOf());
    expect(ran.results).toEqual({ list: 'success', plan: 'success', merge: 'success' });
    expect((await readdir(artifacts)).sort()).toEqual([
      'fleet-plan-1',
      'fleet-plan-2',
      'fleet-plan-3',
      'fleet-plans',
    ]);
    expect(workshop.comments()).toHaveLength(1);
    expect(workshop.comments()[0]).toContain('5 of 5 instances');
    expectMasked(ran.logs);

    // The single comment reports a lost shard.
    await rm(join(artifacts, 'fleet-plan-2'), { recursive: true });
    const workflow = small(load('domo-roles-fleet-plan'));
    const merge = { ...workflow, jobs: { merge: { ...workflow.jobs.merge, needs: [], if: 'always()' } } };
    expect((await runWorkflow(merge, contextsOf())).results).toEqual({ merge: 'failure' });
    expect(workshop.comments()).toHaveLength(1);
    expect(workshop.comments()[0]).toContain('there is no document of shard 2 of 3');

    // A fork has no secrets and, in this test, no snapshots.
    const fork = contextsOf({
      event: { pull_request: { number: 7, head: { repo: { full_name: 'bo/roles' } } } },
    });
    await rm(artifacts, { recursive: true });
    await mkdir(artifacts);
    const forked = await runWorkflow(small(load('domo-roles-fleet-plan')), {
      ...fork,
      secrets: { DOMO_TOKENS: '' },
    });
    expect(forked.results).toEqual({ list: 'success', plan: 'success', merge: 'success' });
  }, 60_000);

  it('apply wave by wave, stop after a failed wave and can be resumed', async () => {
    const waves = [
      ...['canary', 'test', 'production'].map((name) => `  - { name: ${name}, where: [stage=${name}] }`),
    ];
    const stages = ['canary', 'test', 'test', 'production', 'production'];
    const entries = NAMES.map((name, at) => [name, `{ labels: { stage: ${stages[at]} } }`]);
    await workshop.stage.write(
      'fleet.yaml',
      inventoryOf(Object.fromEntries(entries) as Record<string, string>, `waves:\n${waves.join('\n')}\n`),
    );
    // The role is created, and its grants cannot be set.
    workshop.stage.sandboxes.get('beta')?.setFaults([{ name: '500', method: 'PUT', times: 0 }]);
    const apply = load('domo-roles-fleet-apply');
    const first = await runWorkflow(apply, contextsOf());
    expect(first.results).toEqual({
      ...{
        'canary / list': 'success',
        'canary / apply': 'success',
        'canary / merge': 'success',
        canary: 'success',
      },
      ...{ 'test / list': 'success', 'test / apply': 'failure', 'test / merge': 'failure', test: 'failure' },
      production: 'skipped',
    });
    expect(written()).toEqual(['alpha', 'beta', 'delta']);
    expectMasked(first.logs);

    workshop.stage.sandboxes.get('beta')?.setFaults([]);
    const needless = {
      ...apply,
      jobs: { ...apply.jobs, test: { ...apply.jobs.test, needs: [] } },
    } as Workflow;
    const again = await runWorkflow(needless, contextsOf({ run_attempt: 2 }), (job) => job !== 'canary');
    expect(again.results).toMatchObject({ test: 'success', production: 'success' });
    expect(written()).toEqual(NAMES);
    for (const [, sandbox] of workshop.stage.sandboxes)
      expect(sandbox.state().roles.filter((role) => role.name === 'Fleet Viewer')).toHaveLength(1);
    const merged = JSON.parse(
      await readFile(join(artifacts, 'fleet-applied-test/fleet-applied/fleet.json'), 'utf8'),
    ) as {
      rows: { instance: string; status: string; attempts: { status: string }[] }[];
    };
    expect(
      merged.rows.map(({ instance, status, attempts }) => [
        instance,
        status,
        attempts.map((one) => one.status),
      ]),
    ).toEqual([
      ['beta', 'done', ['incomplete']],
      ['delta', 'done', []],
    ]);
    // An apply writes no comment and no issue.
    expect([workshop.comments(), workshop.hub.issues]).toEqual([[], []]);
  }, 60_000);

  it('check for drift every night and keep one issue', async () => {
    const drift = small(load('domo-roles-fleet-drift'));
    await workshop.stage.fleet('apply', '--yes', '--out', 'applied');
    const night = (): Promise<Ran> => runWorkflow(drift, contextsOf());
    const clean = await night();
    expect(clean.results).toEqual({ expire: 'success', list: 'success', drift: 'success', merge: 'success' });
    expect(workshop.hub.issues).toEqual([]);
    const sandbox = workshop.stage.sandboxes.get('gamma');
    const role = sandbox?.state().roles.find((one) => one.name === 'Fleet Viewer');
    sandbox?.edit({ edit: 'set-grants', roleId: role?.id ?? 0, authorities: ['audit'] });
    for (let count = 0; count < 2; count += 1) expect((await night()).results.merge).toBe('success');
    expect(workshop.hub.issues).toMatchObject([{ number: 1, state: 'open' }]);
    expectMasked(clean.logs);
  }, 60_000);

  it('never run two writing jobs at the same time', () => {
    const groups = ['domo-roles-fleet-apply', 'domo-roles-fleet-drift'].map((name) => load(name).concurrency);
    expect(groups).toEqual(Array(2).fill({ group: 'domo-roles-fleet', 'cancel-in-progress': false }));
    for (const job of Object.values(load('domo-roles-fleet-apply').jobs).slice(1))
      expect(job.needs).toBeDefined();
    expect(dirname(load('domo-roles-fleet-apply').jobs.canary?.uses ?? '')).toBe('./.github/workflows');
  });
});
