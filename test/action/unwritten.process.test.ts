import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BUILT, openWorkshop } from './support.js';
import type { Workshop } from './support.js';

const MANIFEST = `apiVersion: domo-roles/v1
kind: Roles
roles:
  Reader:
    description: Reads
    grants: [content.export, alert.edit]
`;

const MISSING = '/no/such/folder/file';

describe('a step whose results cannot be written', () => {
  let workshop: Workshop;
  beforeEach(async () => {
    workshop = await openWorkshop();
    await workshop.stage.write('domo-roles.yaml', MANIFEST);
  });
  afterEach(() => workshop.close());

  const step = (inputs: Record<string, string>, env: Record<string, string>) =>
    workshop.within({ ...workshop.target, 'github-token': 'write-token', ...inputs }, env);
  const isReaderMade = (): boolean =>
    workshop.stage.sandbox.state().roles.some(({ name }) => name === 'Reader');

  const places: [string, Record<string, string>, string][] = [
    ['the job summary on a full disk', { GITHUB_STEP_SUMMARY: '/dev/full' }, 'the job summary (ENOSPC)'],
    ['the job summary in a missing folder', { GITHUB_STEP_SUMMARY: MISSING }, 'the job summary (ENOENT)'],
    ['the outputs on a full disk', { GITHUB_OUTPUT: '/dev/full' }, 'the outputs (ENOSPC)'],
    ['the outputs in a missing folder', { GITHUB_OUTPUT: MISSING }, 'the outputs (ENOENT)'],
    ['the log on a full disk', { LOG_FULL: 'yes' }, 'the log (ENOSPC)'],
  ];

  it.each(places)('keeps the exit code of an apply that wrote: %s', async (_place, env, what) => {
    const { code, log } = await step({ mode: 'apply' }, env);
    expect(isReaderMade()).toBe(true);
    expect(code).toBe(0);
    expect(log.split('\n').filter((line) => line.startsWith('domo-roles: '))).toEqual([
      `domo-roles: ${what} could not be written`,
    ]);
    expect(log).not.toMatch(/^\s+at /mu);
  });

  it.each(
    places.flatMap(([place, env]) =>
      [
        { mode: 'plan' },
        { mode: 'drift', 'fail-on-drift': 'false' },
        { mode: 'validate' },
        { mode: 'apply', 'dry-run': 'true' },
      ].map((inputs): [string, string, Record<string, string>, Record<string, string>] => [
        inputs.mode,
        place,
        inputs,
        env,
      ]),
    ),
  )('fails a %s step with exit code 1: %s', async (_mode, _place, inputs, env) => {
    const { code, log } = await step(inputs, env);
    expect(code).toBe(1);
    expect(log).toContain('could not be written');
    expect(isReaderMade()).toBe(false);
  });

  it('has the same exit code in its outputs', async () => {
    const env = { GITHUB_STEP_SUMMARY: MISSING };
    expect((await step({ mode: 'plan' }, env)).outputs['exit-code']).toBe('1');
    expect((await step({ mode: 'apply' }, env)).outputs['exit-code']).toBe('0');
  });

  it('keeps exit code 5 of an apply that is not complete', async () => {
    workshop.stage.sandbox.setFaults([{ name: 'html-error', method: 'PUT', times: 0 }]);
    const { code } = await step(
      { mode: 'apply' },
      { DOMO_ROLES_RETRIES: '0', GITHUB_STEP_SUMMARY: '/dev/full', GITHUB_OUTPUT: MISSING },
    );
    expect(code).toBe(5);
  }, 60_000);

  it('keeps the exit code of an apply whose reports cannot be written, and fails a rehearsal', async () => {
    const report = { report: `html=${join('domo-roles.yaml', 'plan.html')}`, 'plan-file': 'plan.json' };
    await step({ mode: 'plan', 'plan-file': 'plan.json' }, {});
    expect((await step({ mode: 'apply', 'dry-run': 'true', ...report }, {})).code).toBe(1);
    expect((await step({ mode: 'apply', ...report }, {})).code).toBe(0);
    expect(isReaderMade()).toBe(true);
  });

  it('prints no stack trace if the log is full, as a process', async () => {
    const env = workshop.environmentOf({ ...workshop.target, mode: 'apply' });
    const full = await open('/dev/full', 'w');
    // Not spawnSync, because the sandbox runs in this process.
    const child = spawn(process.execPath, [BUILT], {
      cwd: workshop.stage.folder,
      env,
      stdio: ['ignore', full.fd, 'pipe'],
    });
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
    const [code] = (await once(child, 'close')) as [number];
    await full.close();
    expect([code, stderr]).toEqual([0, 'domo-roles: the log (ENOSPC) could not be written\n']);
    expect(isReaderMade()).toBe(true);
  });

  it('reports a temporary folder that cannot be created', async () => {
    const { code, log } = await step({ mode: 'plan' }, { RUNNER_TEMP: MISSING });
    expect(code).toBe(1);
    expect(log).toContain(`cannot create a folder in ${MISSING} (ENOENT)`);
  });
});
