import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { parse } from 'yaml';
import { openSandbox, serveSandbox } from '../../src/sandbox/index.js';
import type { Sandbox, ServedSandbox } from '../../src/sandbox/index.js';
import { VERSION } from '../../src/version.js';

const ROOT = join(import.meta.dirname, '../..');
const EXAMPLES = join(ROOT, 'examples/ci');
const AZURE = await readFile(join(EXAMPLES, 'azure/azure-pipelines.yml'), 'utf8');
const BITBUCKET = await readFile(join(EXAMPLES, 'bitbucket/bitbucket-pipelines.yml'), 'utf8');
const JENKINS = await readFile(join(EXAMPLES, 'jenkins/Jenkinsfile'), 'utf8');

/** The commands of a pipeline as its engine runs them: the shell with its flags, and the text of each job. */
interface Pipeline {
  shell: readonly string[];
  jobs: Readonly<Record<'plan' | 'apply' | 'expire' | 'drift', string>>;
}

interface AzureStep {
  bash?: string;
  env?: Record<string, string>;
  target?: { commands: string; settableVariables: string };
  publish?: string;
  artifact?: string;
  condition?: string;
}
interface AzureJob {
  job?: string;
  deployment?: string;
  environment?: string;
  dependsOn?: string;
  condition?: string;
  variables: { group: string }[];
  steps?: AzureStep[];
  strategy?: { runOnce: { deploy: { steps: AzureStep[] } } };
}
const azure = parse(AZURE) as {
  lockBehavior: string;
  stages: { stage: string; condition: string; jobs: AzureJob[] }[];
};
const azureJobs = azure.stages.flatMap(({ jobs }) => jobs);
const azureSteps = ({ steps, strategy }: AzureJob): AzureStep[] =>
  steps ?? strategy?.runOnce.deploy.steps ?? [];

/** The step of the job of this name that runs the command. Only this step knows the token. */
function azureScript(name: string): string {
  const job = azureJobs.find(({ job: plain, deployment }) => (plain ?? deployment) === name);
  const step = azureSteps(job as AzureJob).find(({ bash }) => bash?.includes('npx') === true);
  expect(step?.env).toEqual({ DOMO_ACCESS_TOKEN: '$(DOMO_ACCESS_TOKEN)' });
  return step?.bash ?? '';
}

interface BitbucketStep {
  step: {
    script: string[];
    trigger?: string;
    deployment?: string;
    clone?: { enabled: boolean };
    artifacts?: string[];
  };
}
const bitbucket = parse(BITBUCKET) as {
  pipelines: {
    'pull-requests': { '**': BitbucketStep[] };
    branches: { main: BitbucketStep[] };
    custom: Record<'allow' | 'expire' | 'drift', (BitbucketStep & { variables?: { name: string }[] })[]>;
  };
};
const { branches, custom, 'pull-requests': pullRequests } = bitbucket.pipelines;
const bitbucketScript = (one: BitbucketStep | undefined): string => (one?.step.script ?? []).join('\n');

/** The body of a stage of the Jenkinsfile, with its own braces. */
function jenkinsStage(name: string): string {
  const start = JENKINS.indexOf(`stage('${name}') {`);
  expect(start).toBeGreaterThan(0);
  const end = JENKINS.indexOf('\n    }\n', start);
  return JENKINS.slice(start, end);
}
const jenkinsScript = (name: string): string => /sh '''(.*?)'''/su.exec(jenkinsStage(name))?.[1] ?? '';

const PIPELINES: Record<string, Pipeline> = {
  'Azure Pipelines': {
    shell: ['bash', '--noprofile', '--norc'],
    jobs: {
      plan: azureScript('Plan'),
      apply: azureScript('Roles'),
      expire: azureScript('Expire'),
      drift: azureScript('Drift'),
    },
  },
  'Bitbucket Pipelines': {
    shell: ['sh', '-e'],
    jobs: {
      plan: bitbucketScript(branches.main[0]),
      apply: bitbucketScript(branches.main[1]),
      expire: bitbucketScript(custom.expire[0]),
      drift: bitbucketScript(custom.drift[0]),
    },
  },
  Jenkins: {
    shell: ['sh', '-e'],
    jobs: {
      plan: jenkinsScript('Plan'),
      apply: jenkinsScript('Apply'),
      expire: jenkinsScript('Expire'),
      drift: jenkinsScript('Drift'),
    },
  },
};

let folder: string;
let sandbox: Sandbox;
let served: ServedSandbox;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'domo-roles-test-'));
  sandbox = await openSandbox();
  served = await serveSandbox(sandbox);
  await mkdir(join(folder, 'bin'));
  const shim = `#!/bin/sh
echo "$@" >> "${folder}/said"
test "$1 $2" = "--yes domo-roles@${VERSION}" || exit 99
shift 2
exec "${process.execPath}" "${join(ROOT, 'dist/bin/domo-roles.js')}" "$@"
`;
  await writeFile(join(folder, 'bin/npx'), shim, { mode: 0o755 });
});
afterEach(async () => {
  await served.close();
  await rm(folder, { recursive: true, force: true });
});

const manifest = (grants: string): string =>
  `apiVersion: domo-roles/v1\nkind: Roles\nroles:\n  Finance Viewer:\n    grants: [${grants}]\n`;

/** Runs a job as its engine does, with the built command in place of the published one. */
async function runJob(
  { shell, jobs }: Pipeline,
  job: keyof Pipeline['jobs'],
  env: Record<string, string> = {},
): Promise<number | undefined> {
  const script = join(folder, `${job}.sh`);
  await writeFile(script, jobs[job]);
  const [command = '', ...flags] = shell;
  const ended = await execa(command, [...flags, script], {
    cwd: folder,
    reject: false,
    extendEnv: false,
    env: {
      PATH: `${join(folder, 'bin')}:${process.env.PATH ?? ''}`,
      HOME: folder,
      PIPELINE_WORKSPACE: folder,
      DOMO_ROLES: `domo-roles@${VERSION}`,
      DOMO_INSTANCE: 'acme',
      DOMO_BASE_URL: served.url,
      DOMO_ACCESS_TOKEN: sandbox.token,
      ...env,
    },
  });
  return ended.exitCode;
}

const said = async (): Promise<string[]> =>
  (await readFile(join(folder, 'said'), 'utf8')).trimEnd().split('\n');

describe.each(Object.entries(PIPELINES))('the pipeline for %s', (_, pipeline) => {
  it('plans, applies that plan, ends memberships and finds no drift, and then finds drift', async () => {
    await writeFile(join(folder, 'domo-roles.yaml'), manifest('alert.edit, content.export'));
    for (const job of ['plan', 'apply', 'expire', 'drift'] as const)
      expect([job, await runJob(pipeline, job)]).toEqual([job, 0]);
    await writeFile(join(folder, 'domo-roles.yaml'), manifest('alert.edit'));
    expect(await runJob(pipeline, 'drift')).toBe(2);
    const lines = await said();
    expect(lines.filter((line) => /--allow|--reason/u.test(line))).toEqual([]);
  });

  it('stops at an invalid manifest before it plans', async () => {
    await writeFile(join(folder, 'domo-roles.yaml'), manifest('alert.edit').replace('grants', 'grant'));
    expect(await runJob(pipeline, 'plan')).toBe(3);
    expect(await said()).toEqual([`--yes domo-roles@${VERSION} validate`]);
    expect(sandbox.log()).toEqual([]);
  });

  it('allows a guard with its reason, each as one argument', async () => {
    const protectedGrant = manifest('alert.edit, content.export, user.edit');
    await writeFile(join(folder, 'domo-roles.yaml'), protectedGrant);
    const allow = { DOMO_ROLES_ALLOW: 'escalation', DOMO_ROLES_REASON: '$(touch x); "a b" --yes' };
    expect([await runJob(pipeline, 'plan', allow), await runJob(pipeline, 'apply')]).toEqual([0, 4]);
    expect(await runJob(pipeline, 'apply', allow)).toBe(0);
    await expect(readFile(join(folder, 'x'))).rejects.toThrow('ENOENT');
    expect(await runJob(pipeline, 'apply', { DOMO_ROLES_ALLOW: 'escalation --allow self-lockout' })).toBe(1);
  });
});

describe('a pipeline', () => {
  it('for Azure gives the writing token only to deployment jobs, one run at a time', () => {
    for (const { deployment, environment, variables } of azureJobs)
      expect([variables, environment]).toEqual(
        deployment === undefined
          ? [[{ group: 'domo-roles-read' }], undefined]
          : [[{ group: 'domo-roles-write' }], deployment === 'Expire' ? 'domo-nightly' : 'domo-production'],
      );
    expect(azure.lockBehavior).toBe('sequential');
    const conditions = Object.fromEntries(azure.stages.map(({ stage, condition }) => [stage, condition]));
    expect(conditions['Apply']).toContain("eq(variables['Build.SourceBranch'], 'refs/heads/main')");
    expect(conditions['Nightly']).toBe("eq(variables['Build.Reason'], 'Schedule')");
    expect(azureJobs.at(-1)).toMatchObject({ dependsOn: 'Expire', condition: 'succeededOrFailed()' });
  });

  it('for Azure runs no logging command that the output of a command contains', () => {
    const withToken = azureJobs.flatMap(azureSteps).filter(({ env }) => env !== undefined);
    expect(withToken).toHaveLength(4);
    for (const { target } of withToken)
      expect(target).toEqual({ commands: 'restricted', settableVariables: 'none' });
  });

  it('for Azure keeps the files of every run that has any, also of one that failed', () => {
    const kept = azureJobs
      .filter(({ deployment }) => deployment !== undefined)
      .map((job) => azureSteps(job).find(({ publish }) => publish?.endsWith('/domo-roles-state/runs')));
    expect(kept.map((step) => step?.artifact)).toEqual([
      'domo-roles-run-$(System.JobAttempt)',
      'domo-roles-nightly-run-$(System.JobAttempt)',
    ]);
    for (const step of kept) expect(step?.condition).toBe("and(always(), eq(variables['HAS_RUN'], 'yes'))");
  });

  it('for Bitbucket applies by hand what the step before it planned, in an environment', () => {
    const [plan, apply] = branches.main;
    expect(plan?.step.artifacts).toContain('plan.json');
    expect(apply?.step).toMatchObject({
      trigger: 'manual',
      deployment: 'production',
      clone: { enabled: false },
    });
    expect(pullRequests['**'].map(({ step }) => step.deployment)).toEqual([undefined]);
    expect(custom.allow[0]?.variables?.map(({ name }) => name)).toEqual([
      'DOMO_ROLES_ALLOW',
      'DOMO_ROLES_REASON',
    ]);
    expect(custom.expire[0]?.step.deployment).toBe('nightly');
  });

  it('for Jenkins gives the writing token only to main, after a confirmation or at night', () => {
    for (const [open, close] of ['{}', '()', '[]'].map((pair) => [...pair] as [string, string]))
      expect(JENKINS.split(open).length).toBe(JENKINS.split(close).length);
    const credentials = ['Plan', 'Apply', 'Expire', 'Drift'].map(
      (name) => /credentials\('(.*?)'\)/u.exec(jenkinsStage(name))?.[1],
    );
    expect(credentials).toEqual([
      'domo-roles-read',
      'domo-roles-write',
      'domo-roles-write',
      'domo-roles-read',
    ]);
    const isNightly = (name: string): boolean =>
      /^ {8}triggeredBy 'TimerTrigger'$/mu.test(jenkinsStage(name));
    expect([isNightly('Plan'), isNightly('Apply'), isNightly('Expire'), isNightly('Drift')]).toEqual([
      false,
      false,
      true,
      true,
    ]);
    for (const name of ['Apply', 'Expire', 'Drift']) expect(jenkinsStage(name)).toContain("branch 'main'");
    expect(jenkinsStage('Apply')).toMatch(/beforeInput true[^]*input \{\n {8}message/u);
    expect(JENKINS).toContain('disableConcurrentBuilds()');
  });

  it('names the version of this package', () => {
    for (const text of [AZURE, BITBUCKET, JENKINS])
      expect(new Set(text.match(/domo-roles@[\d.]+/gu))).toEqual(new Set([`domo-roles@${VERSION}`]));
  });
});
