import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { acquireLock } from '../../src/journal/lock.js';
import { openStateLocks, openUserLocks, userLockFolder } from '../../src/journal/lock-folder.js';
import { machineProcesses } from '../../src/journal/processes.js';
import type { ProcessTable } from '../../src/journal/processes.js';
import { withStateFolder } from '../support/state-folder.js';

const NOW = Date.UTC(2026, 0, 1);
const ACME = { address: 'https://acme.domo.com', instance: 'acme' };
const OTHER = { address: 'https://other.domo.com', instance: 'other' };
const UNUSUAL = { address: '../../../etc/passwd', instance: 'strange' };

/** Runs the work with a folder of locks. */
async function withLocks(work: (state: string, root: string) => Promise<void>): Promise<void> {
  await withStateFolder(async (state, root) => {
    await work(await openUserLocks(join(state, 'domo-roles/locks')), root);
  });
}

/** Processes by id, some of them dead. */
function processes(pid: number, dead: ReadonlySet<number>): ProcessTable {
  const mark = (number: number) => ({ pid: number, started: null, host: 'here', boot: null });
  return {
    self: async () => mark(pid),
    stateOf: async (other) => (other.host !== 'here' ? 'elsewhere' : dead.has(other.pid) ? 'dead' : 'alive'),
  };
}

describe('the lock of an instance', () => {
  it('has one holder, and is free after its release', async () => {
    await withLocks(async (state) => {
      const first = await acquireLock(state, { ...ACME, now: NOW });

      await expect(acquireLock(state, { ...ACME, now: NOW })).rejects.toMatchObject({
        problems: [
          {
            code: 'locked',
            message: `another apply on acme is running: process ${process.pid}, since 2026-01-01T00:00:00.000Z`,
          },
        ],
      });
      await first.release();
      const second = await acquireLock(state, { ...ACME, now: NOW });
      await second.release();
      expect(await readdir(state)).toEqual([]);
    });
  });

  it('is separate for each instance', async () => {
    await withLocks(async (state) => {
      const locks = [
        await acquireLock(state, { ...ACME, now: NOW }),
        await acquireLock(state, { ...OTHER, now: NOW }),
        await acquireLock(state, { ...UNUSUAL, now: NOW }),
      ];

      for (const lock of locks) expect(join(lock.path, '..')).toBe(state);
      for (const lock of locks) await lock.release();
    });
  });

  it('is taken over from a killed process', async () => {
    await withLocks(async (state) => {
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      const gone = new Promise((resolve) => child.once('exit', resolve));
      try {
        const table = machineProcesses();
        const mark = { ...(await table.self()), pid: child.pid ?? 0, started: null };
        const asChild: ProcessTable = { ...table, self: async () => mark };
        await acquireLock(state, { ...ACME, now: NOW, processes: asChild });
        await expect(acquireLock(state, { ...ACME, now: NOW })).rejects.toMatchObject({
          problems: [{ code: 'locked' }],
        });
      } finally {
        child.kill('SIGKILL');
        await gone;
      }
      const lock = await acquireLock(state, { ...ACME, now: NOW });

      expect(JSON.parse(await readFile(lock.path, 'utf8'))).toMatchObject({ pid: process.pid });
      await lock.release();
      expect(await readdir(state)).toEqual([]);
    });
  });

  it('is taken over if a new process has the id of the dead holder', async () => {
    const table = machineProcesses();
    const own = await table.self();

    expect(await table.stateOf(own)).toBe('alive');
    expect(await table.stateOf({ ...own, started: own.started === null ? null : '1' })).toBe(
      own.started === null ? 'alive' : 'dead',
    );
    expect(await table.stateOf({ ...own, host: `${hostname()}-not` })).toBe('elsewhere');
  });

  it('of another machine is not taken over, with a hint', async () => {
    await withLocks(async (state) => {
      const there: ProcessTable = {
        ...processes(1, new Set()),
        self: async () => ({ pid: 1, started: null, host: 'there', boot: null }),
      };
      await acquireLock(state, { ...ACME, now: NOW, processes: there });

      await expect(
        acquireLock(state, { ...ACME, now: NOW, processes: processes(2, new Set([1])) }),
      ).rejects.toMatchObject({
        problems: [
          {
            code: 'locked',
            message: expect.stringContaining(': process 1 on there, since'),
            hint: expect.stringContaining('delete the file'),
          },
        ],
      });
    });
  });

  it('is taken over by exactly one of many processes that find its owner dead', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 12 }),
        fc.integer({ min: 0, max: 3 }),
        async (many, deadClaims) => {
          await withLocks(async (state) => {
            const dead = new Set([1, 2, 3, 4, 5]);
            const first = await acquireLock(state, {
              ...ACME,
              now: NOW,
              processes: processes(1, new Set()),
            });
            // Claims of processes that died during a takeover.
            let owner = JSON.parse(await readFile(first.path, 'utf8')) as { nonce: string };
            for (let index = 0; index < deadClaims; index += 1) {
              const nonce = `00000000-0000-0000-0000-00000000000${index}`;
              const claim = { pid: index + 2, started: null, host: 'here', boot: null, nonce, at: 'then' };
              await writeFile(`${first.path}.${owner.nonce}.claim`, JSON.stringify(claim));
              owner = claim;
            }

            const tries = await Promise.allSettled(
              Array.from({ length: many }, (_, index) =>
                acquireLock(state, { ...ACME, now: NOW, processes: processes(100 + index, dead) }),
              ),
            );

            const won = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
            expect(won).toHaveLength(1);
            for (const one of tries) {
              if (one.status === 'rejected')
                expect(one.reason).toMatchObject({ problems: [{ code: 'locked' }] });
            }
            await won[0]?.release();
            expect(await readdir(state)).toEqual([]);
          });
        },
      ),
      { numRuns: 20 },
    );
  });

  it('is not taken over by a process that read the old owner before another takeover', async () => {
    await withLocks(async (state) => {
      const dead = new Set([1]);
      await acquireLock(state, { ...ACME, now: NOW, processes: processes(1, new Set()) });
      const faster = processes(2, dead);
      const slow = processes(3, dead);
      let taken: Promise<unknown> | null = null;
      const slower: ProcessTable = {
        ...slow,
        // The other process completes its takeover after this one has read the owner.
        stateOf: async (owner) => {
          taken ??= acquireLock(state, { ...ACME, now: NOW, processes: faster });
          await taken;
          return slow.stateOf(owner);
        },
      };

      await expect(acquireLock(state, { ...ACME, now: NOW, processes: slower })).rejects.toMatchObject({
        problems: [{ code: 'locked' }],
      });
      expect(await readdir(state)).toEqual(['acme.domo.com.lock']);
    });
  });

  it('is not taken over while another process takes it over, also after a third died in doing so', async () => {
    await withLocks(async (state) => {
      const dead = new Set([1, 2]);
      const first = await acquireLock(state, { ...ACME, now: NOW, processes: processes(1, new Set()) });
      const lock = await readFile(first.path, 'utf8');
      const claim = async (pid: number, on: { nonce: string }) => {
        const nonce = `00000000-0000-0000-0000-00000000000${pid}`;
        const mark = { pid, started: null, host: 'here', boot: null, nonce, at: 'then' };
        await writeFile(`${first.path}.${on.nonce}.claim`, JSON.stringify(mark));
        return mark;
      };
      const third = await claim(2, JSON.parse(lock) as { nonce: string });
      await claim(3, third);
      const files = await readdir(state);

      await expect(
        acquireLock(state, { ...ACME, now: NOW, processes: processes(4, dead) }),
      ).rejects.toMatchObject({
        problems: [{ code: 'locked', message: 'another apply on acme is running: process 3, since then' }],
      });
      expect(await readFile(first.path, 'utf8')).toBe(lock);
      expect(await readdir(state)).toEqual(files);
    });
  });

  it('is not released by a holder whose lock was deleted by hand and that another process has now', async () => {
    await withLocks(async (state) => {
      const first = await acquireLock(state, { ...ACME, now: NOW, processes: processes(1, new Set()) });
      await rm(first.path);
      const second = await acquireLock(state, { ...ACME, now: NOW, processes: processes(2, new Set()) });
      await first.release();
      expect(JSON.parse(await readFile(second.path, 'utf8'))).toMatchObject({ pid: 2 });
      await second.release();
      await second.release();
      expect(await readdir(state)).toEqual([]);
    });
  });

  const OWNER = { pid: 1, host: 'here', at: 'then', nonce: '00000000-0000-0000-0000-000000000000' };
  it.each<[string, unknown]>([
    ['a process', { ...OWNER, pid: '__proto__' }],
    ['a machine', { ...OWNER, host: null }],
    ['a time', { ...OWNER, at: 5 }],
    ['a number of its own', { ...OWNER, nonce: undefined }],
    ['a number of its own that is no path', { ...OWNER, nonce: `${'../'.repeat(11)}abc` }],
    ['an owner', null],
  ])('without %s is not taken over', async (_, owner) => {
    await withLocks(async (state) => {
      await writeFile(join(state, 'acme.domo.com.lock'), JSON.stringify(owner));
      await expect(
        acquireLock(state, { ...ACME, now: NOW, processes: processes(2, new Set([1])) }),
      ).rejects.toMatchObject({
        problems: [{ code: 'locked', message: expect.stringContaining('does not name its holder') }],
      });
    });
  });

  it('that is no JSON is not taken over', async () => {
    await withLocks(async (state) => {
      await writeFile(join(state, 'acme.domo.com.lock'), '{"pid":');
      await expect(acquireLock(state, { ...ACME, now: NOW })).rejects.toMatchObject({
        problems: [{ code: 'locked', message: expect.stringContaining('does not name its holder') }],
      });
    });
  });

  it('is not created through a link in place of its folder', async () => {
    await withStateFolder(async (state, root) => {
      await mkdir(state);
      await mkdir(join(root, 'elsewhere'));
      await symlink(join(root, 'elsewhere'), join(state, 'locks'));
      await symlink(join(root, 'elsewhere'), join(root, 'domo-roles'));

      const opens = [() => openStateLocks(state), () => openUserLocks(join(root, 'domo-roles/locks'))];
      for (const open of opens)
        await expect(open()).rejects.toMatchObject({ problems: [{ code: 'bad-file' }] });
      expect(await readdir(join(root, 'elsewhere'))).toEqual([]);
    });
  });

  it('of instances that share a port is named after the whole address', async () => {
    await withLocks(async (folder) => {
      for (const name of ['acme', 'globex']) {
        const address = `http://127.0.0.1:8080/${name}`;
        await acquireLock(folder, { address, instance: name, now: NOW });
      }
      expect(await readdir(folder)).toHaveLength(2);
    });
  });

  it.each([
    ['https://acme.domo.com', 'acme.domo.com.lock'],
    ['https://ACME.domo.com/', 'acme.domo.com.lock'],
    ['https://acme.domo.com.', 'acme.domo.com.lock'],
    ['https://acme.domo.com:443', 'acme.domo.com.lock'],
    ['http://127.0.0.1:8080', '127.0.0.1_8080.lock'],
  ])('of %s is named %s', async (address, name) => {
    await withLocks(async (folder) => {
      const lock = await acquireLock(folder, { address, instance: 'acme', now: NOW });
      expect(await readdir(folder)).toEqual([name]);
      await lock.release();
    });
  });

  it.each([
    ['sandbox:/home/ann/one', 'sandbox:/home/ann/two'],
    ['http://[::1]:8080', 'http://[::1]:8081'],
  ])('of %s is not that of %s', async (one, other) => {
    await withLocks(async (folder) => {
      await acquireLock(folder, { address: one, instance: 'same', now: NOW });
      await acquireLock(folder, { address: other, instance: 'same', now: NOW });
      expect(await readdir(folder)).toHaveLength(2);
    });
  });
});

describe('the folder of locks', () => {
  it.each<[string, Parameters<typeof userLockFolder>[0], string | null]>([
    [
      'is in XDG_STATE_HOME',
      { platform: 'linux', home: '/home/ann', env: { XDG_STATE_HOME: '/state', HOME: '/home/ann' } },
      '/state/domo-roles/locks',
    ],
    [
      'is in the home folder where XDG_STATE_HOME is relative',
      { platform: 'linux', home: null, env: { XDG_STATE_HOME: 'state', HOME: '/home/ann' } },
      '/home/ann/.local/state/domo-roles/locks',
    ],
    [
      'is in the home folder of the system without HOME',
      { platform: 'darwin', home: '/Users/ann', env: { HOME: '' } },
      '/Users/ann/.local/state/domo-roles/locks',
    ],
    [
      'is in LOCALAPPDATA on Windows',
      { platform: 'win32', home: '/home/ann', env: { LOCALAPPDATA: '/local', XDG_STATE_HOME: '/state' } },
      '/local/domo-roles/locks',
    ],
    ['does not exist without a home folder', { platform: 'linux', home: null, env: {} }, null],
  ])('%s', (_name, places, folder) => {
    expect(userLockFolder(places)).toBe(folder);
  });
});
