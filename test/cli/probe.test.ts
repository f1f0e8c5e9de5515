import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ProbeReport } from '../../src/doctor/probe/report.js';
import { PROBE_PREFIX } from '../../src/model/throwaway-role.js';
import type { SandboxOptions } from '../../src/sandbox/index.js';
import { checkSchema } from '../support/check-schema.js';
import { documentOf, openSocketStage } from '../support/cli.js';
import type { Stage } from '../support/cli.js';
import { runWithin } from '../support/in-process.js';

const open: Stage[] = [];
afterEach(async () => {
  for (const stage of open.splice(0)) await stage.close();
});

async function stageWith(options: SandboxOptions = {}): Promise<Stage> {
  const stage = await openSocketStage(options);
  open.push(stage);
  return stage;
}

/** Moves a person into the first throwaway role as soon as it exists. */
function movePersonIn({ sandbox }: Stage): void {
  const stop = sandbox.onWrite(() => {
    const role = sandbox.state().roles.find(({ name }) => name.startsWith(PROBE_PREFIX));
    const person = sandbox.state().users.find(({ roleId }) => roleId === 4);
    if (!role || !person) return;
    stop();
    sandbox.edit({ edit: 'move-users', roleId: role.id, userIds: [person.id] });
  });
}

describe('doctor --probe', () => {
  it('only reads, and reports what needs --yes', async () => {
    const stage = await stageWith();
    const ended = await stage.run('doctor', '--probe');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/rename is answered +unknown: it needs throwaway roles: --yes makes them/u);
    expect(documentOf<{ runs: unknown[] }>(await stage.run('runs', '--format', 'json')).runs).toEqual([]);
  });

  it('prints and saves one report with --yes, and records its run as a probe', async () => {
    const stage = await stageWith({ quirks: { grantsPutOnly: true } });
    const ended = await stage.run('doctor', '--probe', '--yes', '--format', 'json', '--out', 'probe.json');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(await readFile(join(stage.folder, 'probe.json'), 'utf8')).toBe(ended.stdout);
    const report = documentOf<ProbeReport & Record<string, unknown>>(ended);
    expect(report.facts.find(({ id }) => id === 'grants-methods')?.value).toBe('PUT');

    const runs = documentOf<{ runs: { id: string }[] }>(await stage.run('runs', '--format', 'json'));
    expect(checkSchema('runs', runs)).toEqual([]);
    expect(runs.runs).toMatchObject([{ kind: 'probe', state: 'finished', changes: 0 }]);
    const rollback = await stage.run('rollback', runs.runs[0]?.id ?? '');
    expect(rollback).toMatchObject({ code: 1 });
    expect(rollback.stderr).toContain('is a probe, which leaves nothing to undo');
  });

  it.each([
    [['doctor', '--yes'], '--yes needs --probe'],
    [['doctor', '--out', 'x.json'], '--out needs --probe'],
  ])('rejects %j', async (argv, message) => {
    const ended = await (await stageWith()).run(...argv);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(message);
  });

  it('rejects an output that would overwrite the token file', async () => {
    const stage = await stageWith();
    await stage.write('token', stage.sandbox.token);
    const env = { DOMO_INSTANCE: 'sandbox-served', DOMO_BASE_URL: stage.url };
    const ended = await stage.runWith(env, 'doctor', '--probe', '--token-file', 'token', '--out', 'token');
    expect(ended.code).toBe(1);
    expect(await readFile(join(stage.folder, 'token'), 'utf8')).toBe(stage.sandbox.token);
  });

  it('keeps and names a role that someone was added to, and exits with 5', async () => {
    const stage = await stageWith();
    movePersonIn(stage);
    const ended = await stage.run('doctor', '--probe', '--yes');
    expect(ended.code).toBe(5);
    expect(ended.stderr).toMatch(
      /left: the role "domo-roles probe [a-z]+" \(id \d+\): there are people in it/u,
    );
    const left = stage.sandbox.state().roles.filter(({ name }) => name.startsWith(PROBE_PREFIX));
    expect(left.length).toBe(1);
    expect(stage.sandbox.state().users.filter(({ roleId }) => roleId === left[0]?.id).length).toBe(1);
  });

  it('leaves nothing and exits with 1 if its first create is denied', async () => {
    const stage = await stageWith({ quirks: { readsOpenToAll: true } });
    stage.sandbox.edit({ edit: 'move-users', roleId: 4, userIds: [1_345_408_000] });
    const denied = await stage.run('doctor', '--probe', '--yes');
    expect(denied.code).toBe(1);
    expect(denied.stderr).toMatch(/^forbidden {2}POST \/api\/authorization\/v1\/roles returned 403/u);

    stage.sandbox.edit({ edit: 'move-users', roleId: 1, userIds: [1_345_408_000] });
    stage.sandbox.setFaults([{ name: '429', method: 'POST', path: 'roles$', times: 0 }]);
    const slowed = await stage.run('doctor', '--probe', '--yes', '--retries', '0');
    expect([slowed.code, slowed.stderr]).toEqual([1, expect.stringMatching(/^too-many-requests /u)]);
  });

  it('exits with the code of the error that stopped it, or with 5 when roles are left over', async () => {
    const stage = await stageWith();
    const stop = stage.sandbox.onWrite(() => {
      stop();
      stage.sandbox.setFaults([{ name: 'refused', times: 0 }]);
    });
    const ended = await stage.run('doctor', '--probe', '--yes', '--format', 'json', '--retries', '0');
    expect(ended.code).toBe(5);
    expect(ended.stderr).toMatch(/error/u);
    expect(ended.stderr).toMatch(/left: the role .*: it is not known whether it is still there/u);
    expect(documentOf<ProbeReport & Record<string, unknown>>(ended).rolesLeft).toBe(1);

    stage.sandbox.setFaults([]);
    const applied = await stage.run('export', '--out', 'domo-roles.yaml');
    expect(applied.code).toBe(0);
    expect((await stage.run('apply', '--yes')).code).toBe(0);
    expect(await stage.run('doctor', '--probe', '--yes')).toMatchObject({ code: 0, stderr: '' });
  });

  it('is refused while another run holds the lock of the instance', async () => {
    const stage = await stageWith();
    const second: ReturnType<Stage['run']>[] = [];
    const stop = stage.sandbox.onWrite(() => {
      stop();
      second.push(stage.run('doctor', '--probe', '--yes'));
    });
    expect((await stage.run('doctor', '--probe', '--yes')).code).toBe(0);
    expect(await Promise.all(second)).toMatchObject([
      { code: 4, stderr: expect.stringContaining('is running') },
    ]);
  });
});

describe('sandbox serve --like', () => {
  /** Serves the sandbox, probes it at the printed address, and stops. */
  async function probeServed(stage: Stage, like: string): Promise<ProbeReport> {
    const stop = new AbortController();
    let listening = (_text: string): void => undefined;
    const address = new Promise<string>((resolve) => (listening = resolve));
    const stdout = new Writable({
      write(chunk: Buffer, _encoding, done) {
        listening(String(chunk));
        done();
      },
    });
    const argv = ['sandbox', 'serve', '--memory', '--like', like, '--format', 'json'];
    const serving = runWithin(argv, { cwd: stage.folder, signal: stop.signal, stdout, skipWaits: true });
    const { url, token } = (JSON.parse(await address) as { answer: { url: string; token: string } }).answer;
    const env = { DOMO_INSTANCE: 'like', DOMO_BASE_URL: url, DOMO_ACCESS_TOKEN: token };
    const ended = await runWithin(['doctor', '--probe', '--yes', '--format', 'json'], {
      cwd: stage.folder,
      env,
      skipWaits: true,
    });
    stop.abort();
    await serving;
    return JSON.parse(ended.stdout) as ProbeReport;
  }

  it('behaves like the probed instance', async () => {
    const stage = await stageWith({
      quirks: { updateAnswers400: true, userPageCap: 9, namesIgnoreCase: true },
    });
    const ended = await stage.run('doctor', '--probe', '--yes', '--format', 'json', '--out', 'probe.json');
    expect(await probeServed(stage, 'probe.json')).toEqual(JSON.parse(ended.stdout));
  });

  it.each([
    ['a plan', '{"kind":"plan","formatVersion":1}', 'it is not a report of domo-roles doctor --probe'],
    ['another version', '{"kind":"probe","formatVersion":9}', 'another version of domo-roles'],
    ['text that is not JSON', 'kind: probe', 'the file is not JSON'],
  ])('rejects %s', async (_what, text, message) => {
    const stage = await stageWith();
    await stage.write('probe.json', text);
    const ended = await stage.run('sandbox', 'serve', '--memory', '--like', 'probe.json');
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).toContain('probe.json');
  });

  it('rejects quirks next to it', async () => {
    const stage = await stageWith();
    const ended = await stage.run('sandbox', 'serve', '--like', 'probe.json', '--quirks', 'ids-as-text');
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('--like cannot be combined with --quirks');
  });
});
