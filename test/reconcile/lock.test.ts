import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Problem } from '../../src/problem/problem.js';
import { withLock } from '../../src/reconcile/lock.js';
import type { LockRequest } from '../../src/reconcile/lock.js';
import { openRuntime } from '../../src/reconcile/runtime.js';
import { withStateFolder } from '../support/state-folder.js';

const ACME = { address: 'https://acme.domo.com', instance: 'acme' };
const LOCKED = { problems: [{ code: 'locked' }] };

interface Stage {
  /** Where the lock of the user is. */
  locks: string;
  state: string;
  request: LockRequest & { findings: Problem[] };
  /** The waits, in milliseconds. */
  waits: number[];
  warnings: string[];
  /** Called at each wait. */
  during: { wait: () => unknown };
}

/** Runs the work with requests on a clock that only waiting moves. */
async function withStage(work: (stage: Stage) => Promise<void>): Promise<void> {
  await withStateFolder(async (state, root) => {
    let time = Date.UTC(2026, 0, 1);
    const waits: number[] = [];
    const warnings: string[] = [];
    const during = { wait: (): unknown => undefined };
    const runtime = openRuntime({
      env: { XDG_STATE_HOME: join(root, 'user'), HOME: root },
      now: () => time,
      sleep: async (ms) => {
        waits.push(ms);
        time += ms;
        await during.wait();
      },
    });
    const onWarning = (line: string): unknown => warnings.push(line);
    const request = { runtime, state, findings: [], onWarning: (line: string) => void onWarning(line) };
    await work({ locks: join(root, 'user/domo-roles/locks'), state, request, waits, warnings, during });
  });
}

/** Holds the lock until `release` is called. */
async function held(request: LockRequest): Promise<{ release: () => Promise<void> }> {
  let end: () => void = () => undefined;
  const until = new Promise<void>((resolve) => (end = resolve));
  let ended: Promise<void> = Promise.resolve();
  await new Promise<void>((resolve) => {
    ended = withLock(ACME, request, () => {
      resolve();
      return until;
    });
  });
  const release = (): Promise<void> => {
    end();
    return ended;
  };
  return { release };
}

describe('the lock of an instance', () => {
  it('is held during the work, and released after it', async () => {
    await withStage(async ({ request, locks, waits }) => {
      const result = await withLock(ACME, request, async () => {
        await expect(withLock(ACME, request, async () => 'second')).rejects.toMatchObject(LOCKED);
        return 'first';
      });
      expect([result, await readdir(locks), waits]).toEqual(['first', [], []]);
    });
  });

  it('is released if the work fails', async () => {
    await withStage(async ({ request, locks }) => {
      await expect(withLock(ACME, request, () => Promise.reject(new Error('failed')))).rejects.toThrow(
        'failed',
      );
      expect(await readdir(locks)).toEqual([]);
    });
  });

  it('is waited for, with one message, until its holder ends', async () => {
    await withStage(async ({ request, waits, warnings, during }) => {
      const { release } = await held(request);
      during.wait = () => (waits.length === 3 ? release() : undefined);
      expect(await withLock(ACME, { ...request, waitForLockMs: 60_000 }, async () => 'second')).toBe(
        'second',
      );
      expect(waits).toEqual([250, 250, 250]);
      expect(warnings).toEqual([
        expect.stringMatching(/^waiting up to 60 s: another apply on acme is running: process \d+/u),
      ]);
      expect(request.findings).toEqual([]);
    });
  });

  it('is waited for no longer than allowed', async () => {
    await withStage(async ({ request, waits }) => {
      const { release } = await held(request);
      await expect(
        withLock(ACME, { ...request, waitForLockMs: 600 }, async () => 'second'),
      ).rejects.toMatchObject(LOCKED);
      expect(waits).toEqual([250, 250, 100]);
      await release();
    });
  });

  it.each(['runtime', 'stopWaiting'] as const)('is not waited for after an abort of %s', async (aborted) => {
    await withStage(async ({ request, during }) => {
      const { release } = await held(request);
      const stop = new AbortController();
      during.wait = () => stop.abort();
      const runtime = aborted === 'runtime' ? { ...request.runtime, signal: stop.signal } : request.runtime;
      const stopWaiting = aborted === 'runtime' ? undefined : stop.signal;
      await expect(
        withLock(ACME, { ...request, runtime, stopWaiting, waitForLockMs: 60_000 }, async () => 'second'),
      ).rejects.toMatchObject({ problems: [{ code: 'interrupted' }] });
      await release();
    });
  });

  it('is kept under the state folder, with a warning, where the folder of the user cannot be written', async () => {
    await withStage(async ({ request, locks, state, warnings }) => {
      await writeFile(join(locks, '../..'), '');
      await withLock(ACME, request, async () => {
        expect(await readdir(join(state, 'locks'))).toEqual(['acme.domo.com.lock']);
        await expect(withLock(ACME, request, async () => 'second')).rejects.toMatchObject(LOCKED);
      });
      expect(await readdir(join(state, 'locks'))).toEqual([]);
      expect(request.findings.map(({ code }) => code)).toEqual(['lock-elsewhere', 'lock-elsewhere']);
      expect(warnings[0]).toContain(`the lock is kept in ${join(state, 'locks')}`);
    });
  });

  it('that cannot be released is a warning, and the work keeps its result', async () => {
    await withStage(async ({ request, locks, warnings }) => {
      const path = join(locks, 'acme.domo.com.lock');
      const result = await withLock(ACME, request, async () => {
        await rm(path);
        await mkdir(path);
        return 'done';
      });
      expect([result, request.findings.map(({ code }) => code)]).toEqual(['done', ['lock-stays']]);
      expect(warnings).toEqual([expect.stringContaining('the lock stays behind')]);
    });
  });
});
