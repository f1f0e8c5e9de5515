import { spawnSync } from 'node:child_process';
import { mkdtempSync, readlinkSync, readdirSync, rmSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openRun } from '../../src/journal/folder.js';
import { acquireLock } from '../../src/journal/lock.js';
import { openProbeRun } from '../../src/journal/probe-run.js';
import { openLog } from '../../src/reconcile/fleet/fleet-log.js';
import { applyWorld } from '../support/apply-world.js';
import { everything } from '../support/apply-run.js';
import { PAGE, mayMount, onSmallDisk } from '../support/small-disk.js';
import { countedNames } from '../support/state-folder.js';

const onMount = mayMount ? it : it.skip;

const LOCK = { address: 'https://acme.domo.com', instance: 'acme', now: Date.UTC(2026, 0, 31) };

/** The files below a folder that this process has open. */
function openBelow(folder: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return path.startsWith(folder) ? [path] : [];
    } catch {
      return [];
    }
  });
}

/** Makes a folder take new names and keep all of them. Returns false where the file system cannot do this. */
function keepNames(folder: string, on: boolean): boolean {
  return spawnSync('chattr', [on ? '+a' : '-a', folder]).status === 0;
}

const mayKeepNames = ((): boolean => {
  const folder = mkdtempSync(join(tmpdir(), 'names-'));
  try {
    return keepNames(folder, true) && keepNames(folder, false);
  } finally {
    rmSync(folder, { recursive: true });
  }
})();

describe('a full disk', () => {
  onMount('leaves no file of a lock open, and no part of it behind', async () => {
    await onSmallDisk(PAGE, async (folder) => {
      await writeFile(join(folder, 'full'), 'x'.repeat(PAGE));
      await expect(acquireLock(folder, LOCK)).rejects.toMatchObject({
        problems: [{ code: 'bad-file', message: expect.stringContaining('ENOSPC') }],
      });
      expect([openBelow(folder), readdirSync(folder)]).toEqual([[], ['full']]);
    });
  });

  onMount('leaves no folder of a run that could not begin, of an apply or a probe', async () => {
    const plan = await everything(applyWorld());
    // The `.gitignore` of the state folder takes the only page.
    await onSmallDisk(PAGE, async (folder) => {
      const state = join(folder, 'state');
      const naming = { now: LOCK.now, random: countedNames() };
      const instance = { instance: 'acme', address: LOCK.address };
      const begins = [
        () => openRun(state, plan, naming),
        () => openProbeRun(state, instance, { ...naming, time: () => '2026-01-31T08:15:00Z' }),
      ];
      for (const begin of begins) {
        await expect(begin()).rejects.toMatchObject({
          problems: [{ code: 'bad-file', message: expect.stringContaining('ENOSPC') }],
        });
        expect([openBelow(folder), readdirSync(join(state, 'runs'))]).toEqual([[], []]);
      }
    });
  });

  onMount('leaves no log of a fleet open whose last line cannot be ended', async () => {
    await onSmallDisk(PAGE, async (folder) => {
      const path = join(folder, 'fleet.jsonl');
      await writeFile(path, 'x'.repeat(PAGE));
      await expect(openLog(path, { durable: true })).rejects.toMatchObject({
        problems: [{ code: 'bad-file', message: expect.stringContaining('ENOSPC') }],
      });
      expect(openBelow(folder)).toEqual([]);
    });
  });
});

describe('a folder from which nothing can be deleted', () => {
  (mayKeepNames ? it : it.skip)('takes a lock, which its holder has', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'names-'));
    keepNames(folder, true);
    try {
      const lock = await acquireLock(folder, LOCK);
      expect(JSON.parse(await readFile(lock.path, 'utf8'))).toMatchObject({ pid: process.pid });
      await expect(lock.release()).rejects.toMatchObject({ problems: [{ code: 'bad-file' }] });
    } finally {
      keepNames(folder, false);
      await rm(folder, { recursive: true });
    }
  });
});
