import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { targetOfHalfWritten } from '../../src/journal/files.js';
import { targetOf } from '../support/cli.js';
import { filesBelow } from '../support/fleet-stage.js';
import { runWithin } from '../support/in-process.js';
import type { Ended } from '../support/in-process.js';
import { ID, stageForFile } from './support.js';

const held = stageForFile();

/** The files of a folder: text and permissions by path. */
type Files = Awaited<ReturnType<typeof filesBelow>>;

/** A few roles are enough, and every state is planned and completed. */
const ROLES = ['Data Analyst', 'Finance Viewer', 'Editor'].flatMap((name) => ['--only', name]);

/** Locks are kept in the home folder, and not among the files that are compared. */
const envOf = (): Record<string, string> => ({ ...targetOf(held.stage), HOME: held.stage.folder });

const exportInto = (cwd: string, ...flags: string[]): Promise<Ended> =>
  runWithin(['export', '--out', 'live', ...ROLES, ...flags], {
    ...held.stage.within,
    cwd,
    env: envOf(),
  });

const planIn = (cwd: string, manifest: string): Promise<Ended> =>
  runWithin(['plan', manifest, '--detailed-exitcode'], {
    ...held.stage.within,
    cwd,
    env: envOf(),
  });

/** The functions that change what is on the disk. */
const CHANGES = ['mkdir', 'open', 'rename', 'unlink', 'writeFile'] as const;

/** Runs an export, and returns the files that a kill would leave before each of its changes. */
async function statesDuring(folder: string, run: () => Promise<Ended>): Promise<Files[]> {
  const states: Files[] = [];
  const originals = CHANGES.map((name) => [name, fs[name]] as const);
  try {
    for (const [name, original] of originals)
      Object.assign(fs, {
        [name]: async (...args: readonly unknown[]): Promise<unknown> => {
          states.push(await filesBelow(folder));
          return (original as (...args: readonly unknown[]) => unknown)(...args);
        },
      });
    syncBuiltinESMExports();
    expect((await run()).code).toBe(0);
  } finally {
    Object.assign(fs, Object.fromEntries(originals));
    syncBuiltinESMExports();
  }
  const distinct = new Map(states.map((state) => [JSON.stringify([...state]), state]));
  return [...distinct.values()];
}

async function restore(folder: string, files: Files): Promise<void> {
  await fs.mkdir(folder, { recursive: true });
  for (const [path, { text, mode }] of files) {
    const at = join(folder, path);
    if (text === '' && (mode & 0o100) !== 0) {
      await fs.mkdir(at, { recursive: true, mode });
      continue;
    }
    await fs.mkdir(dirname(at), { recursive: true });
    await fs.writeFile(at, text, { mode });
  }
}

const isTemporary = (path: string): boolean => targetOfHalfWritten(path) !== null;

const withoutTemporary = (files: Files): Files => new Map([...files].filter(([path]) => !isTemporary(path)));

/** Changes what is live: a description and the members of a role. */
function changeLive(): void {
  const { sandbox } = held.stage;
  sandbox.edit({ edit: 'update-role', roleId: ID.finance, description: 'Changed' });
  sandbox.edit({ edit: 'add-user', displayName: 'New', email: 'new@acme.com', roleId: ID.analyst });
}

/** The layouts of several files, with the manifest to plan and its main file. */
const LAYOUTS = [
  [['--split'], 'live/domo-roles', 'live/domo-roles/instance.yaml'],
  [['--split', '--members-files'], 'live/domo-roles', 'live/domo-roles/instance.yaml'],
  [['--members-files'], 'live/domo-roles.yaml', 'live/domo-roles.yaml'],
] as const;

describe.each(LAYOUTS)(
  'an export with %j that is killed at any change on the disk',
  (flags, manifest, main) => {
    /** Expects of every state that it is no manifest or that of `before`, and that the same command completes it. */
    async function expectSafe(
      states: readonly Files[],
      { before, force }: { before: Files; force: boolean },
    ): Promise<void> {
      const { stage } = held;
      const kinds = new Set<string>();
      const complete = states.at(-1)?.get(main)?.text;
      for (const [index, state] of states.entries()) {
        const folder = join(stage.folder, `state-${index}`);
        await restore(folder, state);
        const plan = await planIn(folder, manifest);
        const isOld =
          before.size > 0 && [...before].every(([path, { text }]) => state.get(path)?.text === text);
        const isNew = !isOld && state.get(main)?.text === complete;
        if (plan.code === 3)
          expect(plan.stderr).toContain('the command that writes this file did not complete');
        else if (!isOld)
          expect([plan.code, plan.stderr]).toEqual(
            isNew ? [0, ''] : [1, expect.stringMatching(/does not exist|contains no/u)],
          );
        kinds.add(plan.code === 3 ? 'placeholder' : isOld ? 'old' : isNew ? 'new' : 'none');
        // A complete export is overwritten only with --force.
        const again = await exportInto(folder, ...flags, ...(force || isNew ? ['--force'] : []));
        expect([index, again.code, again.stderr.includes('bad-file')]).toEqual([index, 0, false]);
        expect((await planIn(folder, manifest)).code).toBe(0);
        const files = await filesBelow(folder);
        expect([...files.keys()].filter(isTemporary)).toEqual([]);
        expect(files.get(main)?.mode).toBe(0o600);
        expect(files.get('live/domo-roles/notes.txt')?.text).toBe(
          before.get('live/domo-roles/notes.txt')?.text,
        );
      }
      expect(kinds).toEqual(new Set(['placeholder', 'new', before.size > 0 ? 'old' : 'none']));
    }

    it('into a new folder leaves no manifest, and the same command completes it', async () => {
      const { stage } = held;
      const folder = join(stage.folder, 'first');
      await restore(folder, new Map());
      const states = await statesDuring(folder, () => exportInto(folder, ...flags));
      await expectSafe(states, { before: new Map(), force: false });
    });

    it('over an earlier export leaves the old manifest or none, and the same command completes it', async () => {
      const { stage } = held;
      const folder = join(stage.folder, 'first');
      await restore(folder, new Map());
      expect((await exportInto(folder, ...flags)).code).toBe(0);
      await restore(folder, new Map([['live/domo-roles/notes.txt', { text: 'mine\n', mode: 0o644 }]]));
      const before = await filesBelow(folder);
      changeLive();
      const states = await statesDuring(folder, () => exportInto(folder, ...flags, '--force'));
      await expectSafe(states, { before, force: true });
    });
  },
);

describe('an export to several files', () => {
  it('keeps the old files if the disk is full from the start', async () => {
    const { stage } = held;
    const flags = ['--split', '--members-files'];
    expect((await exportInto(stage.folder, ...flags)).code).toBe(0);
    const before = await filesBelow(join(stage.folder, 'live'));
    changeLive();
    const { open } = fs;
    fs.open = () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }));
    syncBuiltinESMExports();
    const ended = await exportInto(stage.folder, ...flags, '--force').finally(() => {
      fs.open = open;
      syncBuiltinESMExports();
    });
    expect([ended.code, ended.stderr]).toEqual([
      1,
      expect.stringMatching(
        /instance\.yaml could not be written \(ENOSPC\)\nwrote 0 of \d+ files to live\n/u,
      ),
    ]);
    expect(withoutTemporary(await filesBelow(join(stage.folder, 'live')))).toEqual(before);
  });

  it('leaves the temporary file of another file alone', async () => {
    const { stage } = held;
    const other = `live/domo-roles/other.yaml.${randomUUID()}.tmp`;
    await stage.write(other, 'a: b\n');
    expect((await exportInto(stage.folder, '--split')).code).toBe(0);
    expect(await fs.readFile(join(stage.folder, other), 'utf8')).toBe('a: b\n');
  });

  it('is not valid if one of them cannot be written, until a later run writes it', async () => {
    const { stage } = held;
    await stage.write('live/domo-roles/editor.yaml/mine', '');
    const flags = ['--split', '--force'];
    const ended = await exportInto(stage.folder, ...flags);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(
      /editor\.yaml could not be written \(EISDIR\)\nwarning: live\/domo-roles\/instance\.yaml is a placeholder/u,
    );
    expect((await planIn(stage.folder, 'live/domo-roles')).code).toBe(3);
    await fs.rm(join(stage.folder, 'live/domo-roles/editor.yaml'), { recursive: true });
    expect((await exportInto(stage.folder, '--split')).code).toBe(0);
    expect((await planIn(stage.folder, 'live/domo-roles')).code).toBe(0);
  });

  it('overwrites no file that someone wrote or changed after it was cut off, except with --force', async () => {
    const { stage } = held;
    const [editor, analyst] = ['editor', 'data-analyst'].map((name) => `live/domo-roles/${name}.yaml`);
    await stage.write(`${editor}/mine`, '');
    expect((await exportInto(stage.folder, '--split')).code).toBe(1);
    await fs.rm(join(stage.folder, editor!), { recursive: true });
    await stage.write(editor!, 'mine');
    await fs.appendFile(join(stage.folder, analyst!), '# mine');
    const before = await filesBelow(stage.folder);
    const again = await exportInto(stage.folder, '--split');
    expect([again.code, again.stderr.match(/^live\S+/gmu)?.sort()]).toEqual([1, [analyst, editor]]);
    expect(await filesBelow(stage.folder)).toEqual(before);
    expect((await exportInto(stage.folder, '--split', '--force')).code).toBe(0);
    expect((await planIn(stage.folder, 'live/domo-roles')).code).toBe(0);
  });

  it('completes files of which live state changed after it was cut off', async () => {
    const { stage } = held;
    await stage.write('live/domo-roles/editor.yaml/mine', '');
    expect((await exportInto(stage.folder, '--split')).code).toBe(1);
    await fs.rm(join(stage.folder, 'live/domo-roles/editor.yaml'), { recursive: true });
    changeLive();
    expect((await exportInto(stage.folder, '--split')).code).toBe(0);
    expect((await planIn(stage.folder, 'live/domo-roles')).code).toBe(0);
  });

  it('waits for another export to the same folder, and is not mixed with it', async () => {
    const { stage } = held;
    const flags = ['--split', '--force'];
    const { rename } = fs;
    const others: Promise<Ended>[] = [];
    fs.rename = async (from, to) => {
      // While the first one writes its files, live state changes and a second one begins.
      if (others.length === 0 && String(to).endsWith('editor.yaml')) {
        changeLive();
        others.push(
          runWithin(['export', '--out', 'live', ...ROLES, ...flags], {
            ...{ ...stage.within, skipWaits: false },
            env: envOf(),
          }),
        );
        await sleep(500);
      }
      return rename(from, to);
    };
    syncBuiltinESMExports();
    const first = await exportInto(stage.folder, ...flags).finally(() => {
      fs.rename = rename;
      syncBuiltinESMExports();
    });
    const [other] = await Promise.all(others);
    expect([first.code, first.stderr]).toEqual([0, expect.not.stringContaining('could not be written')]);
    expect([other?.code, other?.stderr]).toEqual([
      0,
      expect.stringMatching(
        /^warning: waiting up to 10 s: another command that writes files in the folder "live"/u,
      ),
    ]);
    expect((await planIn(stage.folder, 'live/domo-roles')).code).toBe(0);
  });
});
