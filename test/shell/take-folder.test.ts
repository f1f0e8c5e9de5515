import { mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { Environment } from '../../src/shell/environment.js';
import { takeFolder } from '../../src/shell/take-folder.js';
import { inEnvironment } from '../support/in-process.js';

/** An environment that counts its waits, without waiting, and collects its warnings. */
async function withWaits(
  home: (cwd: string) => string,
  work: (environment: Environment, waits: () => readonly [number, string]) => Promise<void>,
): Promise<void> {
  const cwd = await mkdtemp(join(tmpdir(), 'domo-roles-take-'));
  let [waited, warnings] = [0, ''];
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      warnings += chunk.toString();
      done();
    },
  });
  await inEnvironment({ cwd, stdout: stream, stderr: stream, env: { HOME: home(cwd) } }, (environment) =>
    work(
      {
        ...environment,
        sleep: async (ms) => {
          waited += ms;
        },
      },
      () => [waited, warnings],
    ),
  );
}

describe('a folder for several files', () => {
  it('is taken at once if no other command has it, also by another path', async () => {
    await withWaits(
      (cwd) => cwd,
      async (environment, waits) => {
        await symlink('live', join(environment.cwd, 'linked'));
        for (const folder of ['live', 'live/', 'linked', 'other'])
          await (
            await takeFolder(environment, folder)
          )();
        const both = await Promise.all(['live', 'other'].map((folder) => takeFolder(environment, folder)));
        expect(waits()).toEqual([0, '']);
        for (const release of both) await release();
      },
    );
  });

  it('that another command keeps is used after 10 seconds, which warnings explain', async () => {
    await withWaits(
      (cwd) => cwd,
      async (environment, waits) => {
        const release = await takeFolder(environment, 'live');
        await takeFolder(environment, './live');
        const warning =
          /^warning: waiting up to 10 s: another command that writes files in the folder "live" is running: process \d+, since \S+\nwarning: no longer waiting; if the other command is not running, delete \/\S+\.lock\n$/u;
        expect(waits()).toEqual([10_000, expect.stringMatching(warning)]);
        await release();
        await takeFolder(environment, 'live');
        expect(waits()[0]).toBe(10_000);
      },
    );
  });

  it('that another command keeps is not used if a stop ends the wait', async () => {
    await withWaits(
      (cwd) => cwd,
      async (environment, waits) => {
        const release = await takeFolder(environment, 'live');
        const stop = new AbortController();
        const waiting = {
          ...environment,
          signal: stop.signal,
          sleep: async (ms: number) => {
            await environment.sleep(ms);
            stop.abort();
          },
        };
        await expect(takeFolder(waiting, 'live')).rejects.toMatchObject({
          problems: [{ code: 'interrupted' }],
        });
        expect(waits()[0]).toBeLessThan(1_000);
        await release();
      },
    );
  });

  it('is taken at once where no lock can be kept', async () => {
    await withWaits(
      (cwd) => join(cwd, 'home'),
      async (environment, waits) => {
        await writeFile(join(environment.cwd, 'home'), 'in the way');
        await takeFolder(environment, 'live');
        await takeFolder(environment, 'live');
        expect(waits()).toEqual([0, '']);
      },
    );
  });
});
