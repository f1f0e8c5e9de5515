import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { FleetDocument } from '../../src/fleet/document.js';
import { loadInventory } from '../../src/inventory/load-inventory.js';
import {
  describeWith,
  haveCommands,
  installPackage,
  openEngineStage,
  putCommand,
} from '../support/engines.js';
import type { EngineStage } from '../support/engines.js';
import { readFleet, rowOf, tokenOf } from '../support/fleet-stage.js';
import type { Ended } from '../support/cli.js';

const EXAMPLES = join(import.meta.dirname, '../../examples');
const PIPELINE = join(EXAMPLES, 'ci/gitlab/fleet.gitlab-ci.yml');

interface Job {
  stage: string;
  parallel?: number;
  needs?: { job: string; artifacts: boolean }[];
  rules: { if: string; when?: string }[];
  retry?: { max: number; exit_codes: number[] };
  allow_failure?: { exit_codes: number[] };
  resource_group?: string;
  cache?: { key: string; paths: string[]; when: string };
  artifacts: { when: string; paths: string[] };
}

const NOT_JOBS = ['default', 'variables', 'stages'];
const file = parse(await readFile(PIPELINE, 'utf8')) as Record<string, unknown>;
const jobs = new Map(
  Object.entries(file).flatMap(([name, job]) => (NOT_JOBS.includes(name) ? [] : [[name, job as Job]])),
);
const jobNamed = (name: string): Job => jobs.get(name) as Job;

describe('the pipeline of a fleet for GitLab', () => {
  it('retries transient failures, but never exit codes 3 and 4, which need attention', () => {
    const retries = [...jobs].flatMap(([name, { retry }]) => (retry ? [[name, retry.exit_codes]] : []));
    expect(retries).toEqual([
      ['fleet-plan', [1]],
      ['fleet-apply', [1, 5]],
      ['fleet-drift', [1]],
    ]);
  });

  it('always merges the results of shards and needs only existing jobs', () => {
    for (const name of ['fleet-plan', 'fleet-drift']) {
      const [shards, merge] = [jobNamed(name), jobNamed(`${name}-merge`)];
      expect([shards.parallel, shards.artifacts.when, merge.rules[0]?.when]).toEqual([3, 'always', 'always']);
      expect(merge.needs).toEqual([{ job: name, artifacts: true }]);
    }
    for (const { stage, needs = [] } of jobs.values()) {
      expect(file['stages']).toContain(stage);
      for (const { job } of needs) expect(jobs.has(job)).toBe(true);
    }
  });

  it('applies manually, one pipeline at a time, and keeps the files of a failed attempt for the next one', () => {
    const { rules, resource_group: group, cache } = jobNamed('fleet-apply');
    expect([rules.map(({ when }) => when), group]).toEqual([['manual'], 'domo-production']);
    expect(cache).toEqual({
      key: 'fleet-applied-$CI_PIPELINE_ID',
      paths: ['fleet-applied'],
      when: 'always',
    });
  });
});

const runner = await installPackage('gitlab-ci-local@4.61.1');
const isThere = runner !== null && haveCommands('rsync', 'git');

describeWith(
  'gitlab-ci-local',
  isThere,
  'apt-get install rsync git',
)('run by gitlab-ci-local', () => {
  afterAll(() => rm(runner ?? '', { recursive: true }));
  let stage: EngineStage;
  let names: readonly string[];
  beforeEach(async () => {
    const now = new Date().toISOString();
    const { inventory } = await loadInventory('fleet.yaml', { cwd: join(EXAMPLES, 'fleet'), now });
    names = (inventory?.entries.map(({ name }) => name) ?? []).sort();
    stage = await openEngineStage(names);
    await cp(join(EXAMPLES, 'fleet'), join(stage.folder, 'repository'), { recursive: true });
    await cp(PIPELINE, join(stage.folder, 'repository/.gitlab-ci.yml'));
    await stage.write(
      'domo-tokens',
      JSON.stringify(Object.fromEntries(names.map((name) => [name, tokenOf(name)]))),
    );
    // Stands in for the installed package: `npx --yes domo-roles@VERSION …`.
    await putCommand(stage, 'npx', '#!/bin/sh\nshift 2\nexec domo-roles "$@"\n');
    await inRepository(
      'git init --quiet --initial-branch main && git remote add origin git@gitlab.com:acme/fleet.git && git add . && git commit --quiet -m Fleet',
    );
  });
  afterEach(() => stage.close());

  const IDENTITY = { GIT_AUTHOR_NAME: 'Ana', GIT_AUTHOR_EMAIL: 'ana@acme.com' };
  const COMMITTER = { GIT_COMMITTER_NAME: 'Ana', GIT_COMMITTER_EMAIL: 'ana@acme.com' };

  const inRepository = (command: string, env = {}): Promise<Ended> =>
    stage.shell(`cd repository && ${command}`, { ...IDENTITY, ...COMMITTER, ...env });

  /** Runs a pipeline, or one job of it, and returns how each job ended. */
  async function pipeline(
    job: string,
    variables: Readonly<Record<string, string>> = {},
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ code: number; ended: string[] }> {
    const own = { DOMO_TOKENS: join(stage.folder, 'domo-tokens'), CI_PIPELINE_ID: '77' };
    const given = Object.entries({ ...own, ...variables });
    const flags = given.map(([name, value]) => `--variable ${name}=${value}`).join(' ');
    const command = join(runner ?? '', 'node_modules/gitlab-ci-local/src/index.js');
    const { code, stdout, stderr } = await inRepository(
      `node ${command} --force-shell-executor --shell-isolation ${flags} ${job}`,
      env,
    );
    const lines = `${stdout}${stderr}`.matchAll(
      /^(fleet-\S+(?: \[\d\/3\])?)\s+finished in [\d.]+ \w+ *(.*?) *$/gmu,
    );
    return { code, ended: [...lines].map(([, name, how]) => `${name} ${how || 'OK'}`).sort() };
  }

  const document = (folder: string): Promise<FleetDocument> =>
    readFleet(join(stage.folder, 'repository', folder));

  it('plans in three shards, merges them and applies the plans manually: a second attempt resumes the first', async () => {
    expect(await pipeline('')).toEqual({
      code: 0,
      ended: ['fleet-plan-merge OK', ...shards('plan', 'OK')],
    });
    const plan = await document('fleet');
    expect([plan.command, plan.rows.map(({ instance }) => instance)]).toEqual(['plan', names]);
    expect(await readFile(join(stage.folder, 'repository/fleet.md'), 'utf8')).toContain('subsidiaries');
    expect([...stage.sandboxes.values()].flatMap((one) => one.log()).filter(isWrite)).toEqual([]);

    stage.sandboxes.get('hooli')?.setFaults([{ name: '500', method: 'PUT', times: 1 }]);
    const first = await pipeline('fleet-apply', {}, { DOMO_ROLES_RETRIES: '0' });
    expect(first).toEqual({ code: 1, ended: ['fleet-apply FAIL 5'] });
    expect(await pipeline('fleet-apply')).toEqual({ code: 0, ended: ['fleet-apply OK'] });
    const applied = await document('fleet-applied');
    expect([applied.summary.exit, rowOf(applied, 'hooli').attempts.length]).toEqual([0, 1]);
    expect(applied.waves.map(({ name, state }) => `${name} ${state}`)).toContain('production done');
  });

  it('plans the changes of a merge request', async () => {
    const { stdout: base } = await inRepository('git rev-parse HEAD');
    await inRepository('echo "# Reviewed." >> tiers/test.yaml && git commit --quiet --all -m Review');
    const variables = {
      CI_PIPELINE_SOURCE: 'merge_request_event',
      CI_MERGE_REQUEST_DIFF_BASE_SHA: base.trim(),
    };
    expect((await pipeline('', variables)).code).toBe(0);
    expect((await document('fleet')).rows.map(({ instance }) => instance)).toEqual([
      'acme-dev',
      'hooli-dev',
      'tyrell-dev',
    ]);
  });

  it('fails with 1 when an instance cannot be planned, with all others in the document', async () => {
    stage.sandboxes.get('wonka')?.setQuirks({ networkBlocked: true });
    const { code, ended } = await pipeline('');
    expect([code, ended.filter((line) => line.endsWith('FAIL 1')).length, ended[0]]).toEqual([
      1,
      2,
      'fleet-plan-merge FAIL 1',
    ]);
    const failed = (await document('fleet')).rows.filter(({ status }) => status === 'failed');
    expect(failed.map(({ instance }) => instance)).toEqual(['wonka']);
  });

  it('checks for drift on a schedule, and fails once when it finds some', async () => {
    expect(await pipeline('', { CI_PIPELINE_SOURCE: 'schedule' })).toEqual({
      code: 1,
      ended: ['fleet-drift-merge FAIL 2', ...shards('drift', 'WARN 2')],
    });
    expect((await document('fleet')).command).toBe('drift');
  });
});

const shards = (verb: string, how: string): string[] =>
  [1, 2, 3].map((index) => `fleet-${verb}: [${index}/3] ${how}`);

const isWrite = ({ method }: { method: string }): boolean => method === 'PUT' || method === 'DELETE';
