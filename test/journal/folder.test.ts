import { asChangeId } from '../support/change-ids.js';
import { readFileSync } from 'node:fs';
import fs, { mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openRun, openState, runIds } from '../../src/journal/folder.js';
import { listRuns, readRun, readResume } from '../../src/journal/runs.js';
import { applyWorld } from '../support/apply-world.js';
import { applyTo, everything } from '../support/apply-run.js';
import { countedNames, withStateFolder } from '../support/state-folder.js';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 6);

describe('a state folder on a disk with an error', () => {
  it('names the file that cannot be read', async () => {
    await withStateFolder(async (state) => {
      const { lstat } = fs;
      fs.lstat = ((path: string) =>
        path.endsWith('.gitignore')
          ? Promise.reject(Object.assign(new Error('disk'), { code: 'EIO' }))
          : lstat(path)) as typeof lstat;
      syncBuiltinESMExports();
      const opened = openState(state).finally(() => {
        fs.lstat = lstat;
        syncBuiltinESMExports();
      });
      const message = expect.stringMatching(/\.gitignore cannot be used: it cannot be read \(EIO\)$/u);
      await expect(opened).rejects.toMatchObject({ problems: [{ code: 'bad-file', message }] });
    });
  });
});

describe('a folder of runs that cannot be read', () => {
  it('is an error and never means that there are no runs', async () => {
    await withStateFolder(async (state) => {
      await mkdir(state);
      await writeFile(join(state, 'runs'), 'no folder');
      const plan = await everything(applyWorld());
      for (const read of [listRuns, runIds, () => readResume(state, plan)])
        await expect(read(state)).rejects.toMatchObject({ problems: [{ code: 'bad-file' }] });
    });
  });

  it.each<[string, (journal: string) => Promise<unknown>]>([
    ['is a folder', (journal) => mkdir(journal)],
    ['is a link', (journal) => symlink('elsewhere', journal)],
  ])('because a journal %s stops an apply, which may continue that run', async (_, replace) => {
    await withStateFolder(async (state) => {
      const plan = await everything(applyWorld());
      const folder = await openRun(state, plan, { now: NOW, random: countedNames() });
      await folder.close();
      await rm(join(folder.path, 'journal.jsonl'));
      expect(await readResume(state, plan)).toBeNull();
      await replace(join(folder.path, 'journal.jsonl'));
      await expect(readResume(state, plan)).rejects.toMatchObject({ problems: [{ code: 'bad-file' }] });
    });
  });
});

describe('a run folder', () => {
  it.each<[string, (path: string) => Promise<void>]>([
    ['deleted', (path) => rm(path, { recursive: true })],
    ['moved', (path) => rename(path, `${path}-moved`)],
    [
      'replaced',
      async (path) => {
        await rm(join(path, 'journal.jsonl'));
        await writeFile(join(path, 'journal.jsonl'), '');
      },
    ],
  ])('that is %s in mid-run accepts no more entries, so nothing more is sent', async (_, disturb) => {
    await withStateFolder(async (state) => {
      const world = applyWorld();
      const plan = await everything(world);
      const folder = await openRun(state, plan, { now: NOW, random: countedNames() });
      let writes = 0;
      const journal = {
        append: async (entry: Parameters<typeof folder.append>[0]) => {
          if (entry.kind === 'about-to-send' && (writes += 1) === 3) await disturb(folder.path);
          await folder.append(entry);
        },
      };
      const limits = { concurrency: 1 };
      const outcome = await applyTo(world, plan, { journal, runId: folder.id, limits });
      await folder.close();
      expect(world.writes).toHaveLength(2);
      expect(outcome.changes.at(-1)).toMatchObject({ status: 'skipped' });
    });
  });

  it('contains plan, earlier live state, journal and outcome, and is read back unchanged', async () => {
    await withStateFolder(async (state) => {
      const world = applyWorld();
      const plan = await everything(world);
      const folder = await openRun(state, plan, { now: NOW, random: countedNames() });
      const outcome = await applyTo(world, plan, {
        journal: folder,
        runId: folder.id,
        beforeWrite: (fresh) => folder.writeBefore(fresh),
      });
      await folder.writeOutcome(outcome);
      await folder.close();

      expect(folder.id).toBe('20260102T030405006Z-00000001');
      expect((await readdir(folder.path)).sort()).toEqual([
        'before.json',
        'journal.jsonl',
        'outcome.json',
        'plan.json',
      ]);
      const run = await readRun(state, folder.id);
      expect(run).toMatchObject({ plan, outcome, replay: { finished: true, interrupted: false } });
      expect(run.before).toMatchObject({ instance: 'acme', defaultRoleId: 4 });
      expect(await listRuns(state)).toMatchObject([
        {
          id: folder.id,
          instance: 'acme',
          plan: plan.digest,
          state: 'finished',
          changes: 14,
          done: 14,
          doubtful: 0,
        },
      ]);
    });
  });

  it('is accessible only to its owner, and ignored by git', async () => {
    await withStateFolder(async (state) => {
      await mkdir(state, { mode: 0o755 });
      const folder = await openRun(state, await everything(applyWorld()), {
        now: NOW,
        random: countedNames(),
      });
      await folder.writeOutcome({});
      await folder.close();

      const modes = await Promise.all(
        [
          state,
          join(state, 'runs'),
          folder.path,
          ...(await readdir(folder.path)).map((file) => join(folder.path, file)),
        ].map(async (path) => (await stat(path)).mode & 0o777),
      );
      expect(modes).toEqual([0o700, 0o700, 0o700, 0o600, 0o600, 0o600]);
      expect(await readFile(join(state, '.gitignore'), 'utf8')).toBe('*\n');
    });
  });

  it('gets another name if its own is taken, and names sort by time', async () => {
    await withStateFolder(async (state) => {
      const plan = await everything(applyWorld());
      const same = ['aaaaaa', 'aaaaaa', 'bbbbbb'];
      const random = (): string => same.shift() ?? 'cccccc';
      const opened = [];
      for (const now of [NOW, NOW, NOW - 1]) opened.push(await openRun(state, plan, { now, random }));
      for (const folder of opened) await folder.close();

      const ids = opened.map((folder) => folder.id);
      expect(new Set(ids).size).toBe(3);
      expect(await runIds(state)).toEqual([ids[2], ids[0], ids[1]]);
    });
  });

  it('is deleted after a refused run', async () => {
    await withStateFolder(async (state) => {
      const folder = await openRun(state, await everything(applyWorld()), {
        now: NOW,
        random: countedNames(),
      });
      await folder.discard();

      expect(await runIds(state)).toEqual([]);
    });
  });

  it.each(['the state folder', 'the runs folder'])(
    'is not created through a link in place of %s',
    async (what) => {
      await withStateFolder(async (state, root) => {
        const elsewhere = join(root, 'elsewhere');
        await mkdir(elsewhere);
        if (what === 'the state folder') await symlink(elsewhere, state);
        else {
          await mkdir(state);
          await symlink(elsewhere, join(state, 'runs'));
        }

        const opened = openRun(state, await everything(applyWorld()), { now: NOW, random: countedNames() });

        await expect(opened).rejects.toMatchObject({ problems: [{ code: 'bad-file' }] });
        expect(await readdir(elsewhere)).toEqual([]);
      });
    },
  );

  it('writes complete lines in order, flushed before append resolves, with concurrent requests', async () => {
    await withStateFolder(async (state) => {
      const folder = await openRun(state, await everything(applyWorld()), {
        now: NOW,
        random: countedNames(),
      });
      const stamp = { v: 1, at: new Date(NOW).toISOString() } as const;
      await folder.append({
        ...stamp,
        kind: 'begun',
        runId: folder.id,
        instance: 'acme',
        plan: 'p',
        changes: 50,
        roleIds: [],
      });
      const ids = Array.from({ length: 50 }, (_, index) => `change-${index}`);
      const written = await Promise.all(
        ids.map(async (change) => {
          await folder.append({
            ...stamp,
            kind: 'about-to-send',
            change: asChangeId(change),
            step: 'change',
            attempt: 1,
            role: null,
          });
          return readFileSync(join(folder.path, 'journal.jsonl'), 'utf8').includes(`"${change}"`);
        }),
      );
      expect(written).toEqual(ids.map(() => true));
      await folder.close();

      expect((await readRun(state, folder.id)).replay.doubtful).toEqual(ids);
    });
  });
});

describe('the list of runs', () => {
  it.each(['../../etc', 'nothing', '20260102T030405006Z-00000009'])('has no run %s', async (id) => {
    await withStateFolder(async (state) => {
      await expect(readRun(state, id)).rejects.toMatchObject({ problems: [{ code: 'no-such-run' }] });
    });
  });

  it('contains an unreadable run with its problem', async () => {
    await withStateFolder(async (state) => {
      const plan = await everything(applyWorld());
      const random = countedNames();
      for (const now of [NOW, NOW + 1]) await (await openRun(state, plan, { now, random })).close();
      const [first] = await runIds(state);
      await writeFile(join(state, 'runs', first ?? '', 'journal.jsonl'), 'rubbish\n');

      const runs = await listRuns(state);

      expect(runs.map((run) => [run.state, run.problem?.code ?? null])).toEqual([
        ['nothing-written', null],
        ['interrupted', 'bad-file'],
      ]);
    });
  });

  it('finds the run to continue by its plan, until such a run has finished', async () => {
    await withStateFolder(async (state) => {
      const world = applyWorld();
      const plan = await everything(world);
      const random = countedNames();
      const stop = new AbortController();
      world.onRequest = (name) => void (name === 'moveMembers' && stop.abort());
      const cut = await openRun(state, plan, { now: NOW, random });
      await applyTo(world, plan, { journal: cut, runId: cut.id, signal: stop.signal });
      await cut.close();

      expect((await listRuns(state)).map((run) => run.state)).toEqual(['interrupted']);
      const digest = 'sha256:other';
      expect(
        await readResume(state, { ...plan, digest, fingerprints: plan.fingerprints.slice(1) }),
      ).toBeNull();
      expect(await readResume(state, { ...plan, digest, changes: [...plan.changes].reverse() })).toBeNull();
      expect(await readResume(state, { ...plan, digest, instance: 'other' })).toBeNull();
      const resume = await readResume(state, plan);
      expect(resume?.interrupted).toBe(true);
      // Warnings and allowed refusals do not matter.
      expect(await readResume(state, { ...plan, digest })).toEqual(resume);

      const next = await openRun(state, plan, { now: NOW + 1, random });
      const outcome = await applyTo(world, plan, { journal: next, runId: next.id, resume });
      await next.close();

      expect(outcome.summary).toMatchObject({ failed: 0, skipped: 0, unknown: 0 });
      expect(outcome.summary.already).toBeGreaterThan(0);
      expect((await listRuns(state)).map((run) => run.state)).toEqual(['finished', 'interrupted']);
    });
  });
});
