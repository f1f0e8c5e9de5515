import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { parse } from 'yaml';
import { VERSION } from '../../src/version.js';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string): Promise<string> => readFile(join(ROOT, file), 'utf8');

interface GitLabJob {
  stage: string;
  script: (string | string[])[];
  rules: object[];
  needs?: { job: string }[];
  environment?: string;
  resource_group?: string;
  artifacts?: { paths: string[] };
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'domo-roles-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the pipeline for GitLab', () => {
  const RESERVED = ['default', 'variables', 'stages', 'workflow', 'include'];

  /** The jobs of the file, without hidden keys and reserved words. */
  async function pipeline(): Promise<{ stages: string[]; jobs: Record<string, GitLabJob> }> {
    const file = parse(await read('examples/ci/gitlab/.gitlab-ci.yml')) as Record<string, unknown>;
    const jobs = Object.entries(file).filter(([name]) => !name.startsWith('.') && !RESERVED.includes(name));
    return {
      stages: file['stages'] as string[],
      jobs: Object.fromEntries(jobs) as Record<string, GitLabJob>,
    };
  }

  /** Runs the script of a job as a runner does: all lines in one shell that stops at the first error. */
  async function runScript(job: string, env: Record<string, string>): Promise<string[][]> {
    await mkdir(join(folder, 'bin'), { recursive: true });
    const said = join(folder, 'said.jsonl');
    await writeFile(
      join(folder, 'bin/npx'),
      `#!${process.execPath}\nrequire('fs').appendFileSync(${JSON.stringify(said)}, JSON.stringify(process.argv.slice(2)) + '\\n');\n`,
      { mode: 0o755 },
    );
    const { jobs } = await pipeline();
    const script = (jobs[job]?.script ?? []).flat().join('\n');
    await execa('sh', ['-eu', '-c', script], {
      cwd: folder,
      env: {
        PATH: `${join(folder, 'bin')}:${process.env.PATH ?? ''}`,
        DOMO_ROLES: `domo-roles@${VERSION}`,
        DOMO_ROLES_ALLOW: '',
        DOMO_ROLES_REASON: '',
        ...env,
      },
      extendEnv: false,
    });
    const lines = await readFile(said, 'utf8').catch(() => '');
    return lines
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as string[]);
  }

  it('has jobs with rules in existing stages that need only existing jobs', async () => {
    const { stages, jobs } = await pipeline();
    expect(Object.keys(jobs)).toEqual([
      'domo-roles-plan',
      'domo-roles-note',
      'domo-roles-apply',
      'domo-roles-expire',
      'domo-roles-drift',
    ]);
    for (const job of Object.values(jobs)) {
      expect(stages).toContain(job.stage);
      expect(job.rules.length).toBeGreaterThan(0);
      expect(job.script.length).toBeGreaterThan(0);
      for (const { job: needed } of job.needs ?? []) expect(Object.keys(jobs)).toContain(needed);
    }
  });

  it('applies the plan of the same pipeline, one at a time, in an environment', async () => {
    const { jobs } = await pipeline();
    expect(jobs['domo-roles-plan']?.artifacts?.paths).toContain('plan.json');
    expect(jobs['domo-roles-apply']).toMatchObject({
      environment: 'domo-production',
      resource_group: 'domo-production',
      needs: [{ job: 'domo-roles-plan', artifacts: true }],
    });
  });

  it('ends memberships every night before the drift check, which always runs', async () => {
    const { jobs } = await pipeline();
    expect(jobs['domo-roles-drift']).toMatchObject({
      needs: [{ job: 'domo-roles-expire', artifacts: false }],
      rules: [{ when: 'always' }],
    });
    expect(await runScript('domo-roles-expire', {})).toEqual([
      ['--yes', `domo-roles@${VERSION}`, 'apply', '--only-expired', '--yes', '--state', 'domo-roles-state'],
    ]);
  });

  it('passes no flag for a guard when none is given', async () => {
    expect(await runScript('domo-roles-apply', {})).toEqual([
      ['--yes', `domo-roles@${VERSION}`, 'apply', 'plan.json', '--yes', '--state', 'domo-roles-state'],
    ]);
  });

  it('passes guard and reason as one argument each, whatever they contain', async () => {
    const env = {
      DOMO_ROLES_ALLOW: 'escalation --allow self-lockout',
      DOMO_ROLES_REASON: '$(touch x); "a b"',
    };
    for (const job of ['domo-roles-plan', 'domo-roles-apply']) {
      await rm(join(folder, 'said.jsonl'), { force: true });
      const flags = (await runScript(job, env)).at(-1)?.filter((word) => /^--(?:allow|reason)/u.test(word));
      expect(flags).toEqual([`--allow=${env.DOMO_ROLES_ALLOW}`, `--reason=${env.DOMO_ROLES_REASON}`]);
    }
  });

  it('keeps one note per merge request', async () => {
    const notes: { id: number; body: string; author: { id: number } }[] = [];
    for (let id = 0; id < 120; id += 1) notes.push({ id, body: 'talk', author: { id: 2 } });
    notes.push({ id: 500, body: '<!-- domo-roles:plan:acme -->\nnot mine', author: { id: 2 } });
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://localhost');
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.setHeader('content-type', 'application/json');
        response.end(
          JSON.stringify(answer(request.method ?? '', url, Buffer.concat(chunks).toString('utf8'))),
        );
      });
    });
    function answer(method: string, url: URL, text: string): unknown {
      if (url.pathname === '/api/v4/user') return { id: 1 };
      if (method === 'GET') {
        const page = Number(url.searchParams.get('page'));
        return notes.slice((page - 1) * 100, page * 100);
      }
      const { body } = JSON.parse(text) as { body: string };
      if (method === 'POST') notes.push({ id: notes.length, body, author: { id: 1 } });
      else
        notes.filter(({ id }) => url.pathname.endsWith(`/notes/${id}`)).forEach((note) => (note.body = body));
      return {};
    }
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const env = {
      CI_API_V4_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v4`,
      CI_PROJECT_ID: '3',
      CI_MERGE_REQUEST_IID: '7',
      NOTE_TOKEN: 'token',
    };
    try {
      for (const words of ['first', 'second']) {
        await writeFile(join(folder, 'plan.md'), `<!-- domo-roles:plan:acme -->\n${words}\n`);
        await runScript('domo-roles-note', env);
      }
    } finally {
      server.close();
    }
    expect(notes).toHaveLength(122);
    expect(notes.at(-1)?.body).toContain('second');
    expect(notes.find(({ id }) => id === 500)?.body).toContain('not mine');
  });
});

describe('the hook for pre-commit', () => {
  it('checks a manifest as a whole when one of its files changed', async () => {
    const [hook] = parse(await read('.pre-commit-hooks.yaml')) as Record<string, unknown>[];
    expect(hook).toMatchObject({ id: 'domo-roles-validate', language: 'node', pass_filenames: false });
    const files = new RegExp(String(hook?.['files']), 'u');
    for (const file of ['domo-roles.yaml', 'iam/domo-roles.yml', 'domo-roles/a.yaml', 'members/x.txt'])
      expect(file).toMatch(files);
    for (const file of ['my-domo-roles.yaml', 'domo-roles.yaml.orig', 'README.md'])
      expect(file).not.toMatch(files);
  });
});

describe('the image', () => {
  it('runs as an unprivileged user, from only the files that it copies', async () => {
    const lines = (await read('Dockerfile')).split('\n');
    const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
    expect(last.filter((line) => line.startsWith('USER '))).toEqual(['USER node']);
    const copied = last.flatMap(
      (line) => /^COPY --from=build \/build\/(\S+) \/opt\/domo-roles\/(\S*)$/u.exec(line)?.slice(1, 3) ?? [],
    );
    expect(copied).toEqual(['package.json', '', 'dist/bin', 'dist/bin']);
    await cp(join(ROOT, 'package.json'), join(folder, 'package.json'));
    await cp(join(ROOT, 'dist/bin'), join(folder, 'dist/bin'), { recursive: true });
    await cp(join(ROOT, 'examples/manifests/minimal/domo-roles.yaml'), join(folder, 'domo-roles.yaml'));
    const ended = await execa(join(folder, 'dist/bin/domo-roles.js'), ['validate'], {
      cwd: folder,
      extendEnv: false,
      env: { PATH: process.env.PATH ?? '' },
    });
    expect(ended.stdout).toContain('valid (1 role)');
  });

  it('is built from only the files that the build needs', async () => {
    const lines = (await read('.dockerignore'))
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines[0]).toBe('*');
    const dockerfile = await read('Dockerfile');
    for (const line of lines.filter((one) => one.startsWith('!')))
      expect(dockerfile).toContain(line.slice(1));
  });
});

describe('the nightly job for a cluster', () => {
  it('runs once a night without privileges and uses only existing flags', async () => {
    const job = parse(await read('examples/kubernetes/cronjob.yaml')) as {
      apiVersion: string;
      kind: string;
      spec: {
        schedule: string;
        concurrencyPolicy: string;
        jobTemplate: { spec: { template: { spec: Pod } } };
      };
    };
    expect(job).toMatchObject({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      spec: { concurrencyPolicy: 'Forbid' },
    });
    expect(job.spec.schedule).toMatch(/^\d+ \d+ \* \* \*$/u);
    const pod = job.spec.jobTemplate.spec.template.spec;
    expect(pod).toMatchObject({ restartPolicy: 'Never', securityContext: { runAsNonRoot: true } });
    const [container] = pod.containers;
    const volumes = new Set(pod.volumes.map(({ name }) => name));
    for (const one of [...pod.initContainers, ...pod.containers]) {
      expect(one.securityContext).toMatchObject({
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
      });
      for (const { name } of one.volumeMounts) expect(volumes).toContain(name);
    }
    const [ends] = pod.initContainers;
    expect(ends?.args.join(' ')).toMatch(/^domo-roles apply --only-expired --yes .* \|\| true$/u);
    const [command = '', ...rest] = container?.args ?? [];
    const help = await execa(process.execPath, [join(ROOT, 'dist/bin/domo-roles.js'), command, '--help']);
    for (const flag of rest.filter((word) => word.startsWith('--'))) expect(help.stdout).toContain(flag);
  });
});

interface Container {
  args: string[];
  securityContext: object;
  volumeMounts: { name: string }[];
}

interface Pod {
  restartPolicy: string;
  securityContext: object;
  initContainers: Container[];
  containers: Container[];
  volumes: { name: string }[];
}
