import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { documentOf, openProcessStage } from '../support/cli.js';
import type { Stage } from '../support/cli.js';
import { EVERYTHING, pictureOf, smallInstance, start } from '../support/survival.js';

interface Reported {
  changes: { id: string; status: string; reason: string | null }[];
  summary: Record<string, number>;
}

/** The folder of the user's locks; HOME is the stage's folder. */
const LOCKS = '.local/state/domo-roles/locks';

function lockFile({ url }: Stage): string {
  return `${new URL(url).host.replace(':', '_')}.lock`;
}

let stage: Stage;
beforeEach(async () => {
  stage = await openProcessStage({ state: smallInstance() });
  await stage.write('domo-roles.yaml', EVERYTHING);
});
afterEach(() => stage.close());

describe('an interrupted apply', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'by %s finishes the requests in flight, reports correctly, exits with 5 and can be resumed',
    async (signal) => {
      const run = start(stage, ['apply', '--yes', '--format', 'json']);
      let writes = 0;
      const stop = stage.sandbox.onWrite(() => {
        if ((writes += 1) === 7) run.child.kill(signal);
      });

      const ended = await run.ended;
      stop();

      expect([ended.code, ended.signal]).toEqual([5, null]);
      const { changes, summary } = documentOf<Reported>(ended);
      expect(summary.done).toBe(writes);
      expect(summary.done).toBeGreaterThanOrEqual(7);
      expect(summary.failed).toBe(0);
      expect(changes.find(({ status }) => status === 'skipped')).toMatchObject({ reason: 'interrupted' });
      const again = await stage.run('apply', '--yes', '--format', 'json');
      expect(again.code).toBe(0);
      expect(documentOf<Reported>(again).summary.done).toBe(changes.length - writes);
    },
  );

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s before the first write exits with 1 and leaves no run',
    async (signal) => {
      const run = start(stage, ['apply', '--yes', '--format', 'json']);
      stage.sandbox.after(2, () => void run.child.kill(signal));

      const ended = await run.ended;

      expect([ended.code, ended.signal]).toEqual([1, null]);
      expect(documentOf(ended)).toMatchObject({ kind: 'error', problems: [{ code: 'interrupted' }] });
      expect(stage.sandbox.log().filter(({ method }) => method === 'PUT')).toEqual([]);
      expect(await readdir(join(stage.folder, LOCKS))).toEqual([]);
    },
  );

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by a second %s stops at once, and says that the run is incomplete',
    async (signal) => {
      stage.sandbox.setFaults([{ name: 'hung-after-write', method: 'PUT', times: 0 }]);
      const run = start(stage, ['apply', '--yes', '--timeout', '600']);
      let sent = 0;
      stage.sandbox.onWrite(() => {
        if ((sent += 1) > 1) return;
        run.child.kill(signal);
        setTimeout(() => run.child.kill(signal), 300);
      });

      const ended = await run.ended;

      expect(ended.code).toBe(signal === 'SIGINT' ? 130 : 143);
      expect(ended.stderr).toMatch(
        /stopped without a result: requests in progress may still take effect\. .* run the same command again\.\n$/u,
      );
      stage.sandbox.setFaults([]);
      expect(await stage.run('apply', '--yes')).toMatchObject({ code: 0, stderr: '' });
    },
  );

  it('by two SIGHUP finishes the requests in flight, since a closed terminal may send more than one', async () => {
    stage.sandbox.setFaults([{ name: 'hung-after-write', method: 'PUT', times: 0 }]);
    const run = start(stage, ['apply', '--yes', '--format', 'json', '--timeout', '1']);
    let sent = 0;
    stage.sandbox.onWrite(() => {
      if ((sent += 1) > 1) return;
      run.child.kill('SIGHUP');
      setTimeout(() => run.child.kill('SIGHUP'), 300);
    });

    const ended = await run.ended;

    expect([ended.code, ended.signal]).toEqual([5, null]);
    expect(documentOf<Reported>(ended).summary.done).toBe(sent);
    stage.sandbox.setFaults([]);
    expect(await stage.run('apply', '--yes')).toMatchObject({ code: 0, stderr: '' });
  });

  it('exits with 1 at once if it is only planning', async () => {
    stage.sandbox.setFaults([{ name: 'hung', path: 'users/search', times: 0 }]);
    const run = start(stage, ['plan', '--timeout', '600']);
    const asked = (): boolean => stage.sandbox.log().some(({ path }) => path.endsWith('/users/search'));
    while (!asked()) await new Promise((resolve) => setTimeout(resolve, 5));
    run.child.kill('SIGINT');

    const ended = await run.ended;

    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('interrupted before');
  });
});

describe('the dry run of an interrupted saved plan', () => {
  it('starts where the plan stopped, as an apply would', async () => {
    expect((await stage.run('plan', '--out', 'plan.json')).code).toBe(0);
    const killed = start(stage, ['apply', 'plan.json', '--yes']);
    let writes = 0;
    stage.sandbox.onWrite(() => {
      if ((writes += 1) === 8) killed.child.kill('SIGKILL');
    });
    await killed.ended;

    const rehearsed = await stage.run('apply', 'plan.json', '--dry-run', '--format', 'json');

    expect([rehearsed.code, rehearsed.stderr]).toEqual([0, '']);
    expect(documentOf(rehearsed)).toMatchObject({ rehearsal: { holds: true, left: 0 } });
  });
});

describe('two applies on one instance', () => {
  it('exclude each other', async () => {
    stage.sandbox.setFaults([{ name: 'hung', method: 'PUT', times: 1 }]);
    const first = start(stage, ['apply', '--yes', '--timeout', '4']);
    const sent = (): boolean => stage.sandbox.log().some(({ method }) => method === 'PUT');
    while (!sent()) await new Promise((resolve) => setTimeout(resolve, 5));

    const second = await stage.run('apply', '--yes', '--format', 'json');
    const { code } = await first.ended;

    expect(second.code).toBe(4);
    expect(documentOf(second)).toMatchObject({ kind: 'error', refusals: [{ code: 'locked' }] });
    expect(second.stderr).toContain(`process ${first.child.pid}`);
    expect(code).toBe(0);
  });

  it('take over the lock of a dead process, but never a lock of another machine', async () => {
    const killed = start(stage, ['apply', '--yes']);
    stage.sandbox.onWrite(() => void killed.child.kill('SIGKILL'));
    await killed.ended;
    const path = join(stage.folder, LOCKS, lockFile(stage));
    const owner = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    expect(owner).toMatchObject({ pid: killed.child.pid, host: hostname() });

    await writeFile(path, JSON.stringify({ ...owner, host: 'another-machine' }));
    expect(await stage.run('apply', '--yes')).toMatchObject({ code: 4 });
    await writeFile(path, JSON.stringify(owner));
    expect(await stage.run('apply', '--yes')).toMatchObject({ code: 0, stderr: '' });
    expect(await readdir(join(stage.folder, LOCKS))).toEqual([]);
  });
});

describe('an unsafe state folder', () => {
  it.each([
    ['the state folder', '.domo-roles'],
    ['the folder of runs', '.domo-roles/runs'],
  ])('is rejected when %s is a symbolic link', async (_, place) => {
    const before = pictureOf(stage.sandbox);
    const elsewhere = join(stage.folder, 'elsewhere');
    await mkdir(elsewhere);
    if (place !== '.domo-roles') await mkdir(join(stage.folder, '.domo-roles'));
    await symlink(elsewhere, join(stage.folder, place));

    const ended = await stage.run('apply', '--yes', '--format', 'json');

    expect(ended.code).toBe(1);
    expect(documentOf(ended)).toMatchObject({ kind: 'error', problems: [{ code: 'bad-file' }] });
    expect(await readdir(elsewhere)).toEqual([]);
    expect(pictureOf(stage.sandbox)).toEqual(before);
  });
});
