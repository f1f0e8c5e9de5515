import {
  appendFile,
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { attemptsOf, openFleetFolder } from '../../../src/reconcile/fleet/fleet-folder.js';
import { isClearing, readLog } from '../../../src/reconcile/fleet/fleet-log.js';
import type { FleetRunHeader } from '../../../src/reconcile/fleet/fleet-log.js';
import { fleetRow } from '../../support/fleet-rows.js';
import { asPlainUser } from '../../support/plain-user.js';

const NOW = '2026-01-01T00:00:00.000Z';
const digest = (digit: number): string => `sha256:${String(digit).repeat(64)}`;

const HEADER: FleetRunHeader = {
  ...{ event: 'run', formatVersion: 1, command: 'apply', fleet: 'customers', madeBy: '1.0.0', at: NOW },
  inventory: { file: 'fleet.yaml', digest: digest(1), instances: 2, minInstances: null, maxInstances: null },
  selection: { flags: {}, digest: digest(2), names: ['a', 'b'], shard: null },
};

let path: string;
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'domo-roles-folder-')), 'out');
});

/** A run that finished `a`, started `b` and was killed. */
async function killedRun(header = HEADER): Promise<void> {
  const folder = await openFleetFolder(path, header);
  await folder.begin('a', NOW);
  await folder.end(fleetRow('a', 'done', { sent: true }), NOW);
  await folder.begin('b', NOW);
  await folder.writeInstance('a', 'plan.json', { of: 'a' });
  await folder.close();
}

describe('the folder of a fleet run', () => {
  it('contains one document for the run and one folder per instance, private to its owner', async () => {
    const folder = await openFleetFolder(path, HEADER);
    expect(await folder.writeInstance('a', 'plan.json', { of: 'a' })).toBe('instances/a/plan.json');
    expect(await folder.readInstance('a', 'plan.json')).toEqual({ of: 'a' });
    expect(await folder.readInstance('b', 'plan.json')).toBeNull();
    await folder.close();
    for (const [name, mode] of [
      ['', 0o700],
      ['instances/a', 0o700],
      ['instances/a/plan.json', 0o600],
      ['fleet.jsonl', 0o600],
    ] as const)
      expect([name, (await stat(join(path, name))).mode & 0o777]).toEqual([name, mode]);
  });

  it('resumes an unfinished run of the same selection', async () => {
    await killedRun();
    const folder = await openFleetFolder(path, HEADER);
    expect(folder.earlier?.ended.get('a')?.status).toBe('done');
    expect(folder.earlier?.begun.get('b')).toBe(1);
    expect(await folder.readInstance('a', 'plan.json')).toEqual({ of: 'a' });
    await folder.close();
  });

  it('loses the temporary files of a killed run when an instance is written again', async () => {
    const uuid = '1b4e28ba-2fa1-11d2-883f-0016d3cca427';
    await killedRun();
    await writeFile(join(path, 'instances/a', `plan.json.${uuid}.tmp`), 'half');
    await writeFile(join(path, 'instances/a', `other.${uuid}.tmp`), 'of another program');
    await writeFile(join(path, `fleet.json.${uuid}.tmp`), 'half');
    const folder = await openFleetFolder(path, HEADER);
    await Promise.all(
      ['outcome.json', 'roles.json'].map((file) => folder.writeInstance('a', file as 'roles.json', {})),
    );
    await folder.close();
    expect((await readdir(join(path, 'instances/a'))).sort()).toEqual([
      `other.${uuid}.tmp`,
      'outcome.json',
      'plan.json',
      'roles.json',
    ]);
    expect((await readdir(path)).sort()).toEqual(['fleet.jsonl', 'instances']);
  });

  it.each<[string, Partial<FleetRunHeader>]>([
    ['another command', { command: 'plan' }],
    ['another inventory', { inventory: { ...HEADER.inventory, digest: digest(9) } }],
    ['other names', { selection: { ...HEADER.selection, names: ['a'], digest: digest(9) } }],
    ['another folder of plans', { selection: { ...HEADER.selection, flags: { plans: 'plans' } } }],
    ['another shard', { selection: { ...HEADER.selection, shard: { index: 1, count: 2 } } }],
  ])('is cleared for %s', async (_what, rest) => {
    await killedRun();
    const folder = await openFleetFolder(path, { ...HEADER, ...rest });
    expect(folder.earlier).toBeNull();
    expect(await folder.readInstance('a', 'plan.json')).toBeNull();
    await folder.close();
  });

  it('is cleared after a finished run unless that run is resumed', async () => {
    await killedRun();
    const first = await openFleetFolder(path, HEADER);
    await first.finish({ rows: [] } as never);
    await first.close();
    const resumed = await openFleetFolder(path, HEADER, 'resume');
    expect(resumed.earlier?.ended.size).toBe(1);
    await resumed.finish({ rows: [] } as never);
    await resumed.close();
    const fresh = await openFleetFolder(path, HEADER);
    expect(fresh.earlier).toBeNull();
    await fresh.close();
  });

  /** A finished run. */
  async function finishedRun(): Promise<void> {
    await killedRun();
    const folder = await openFleetFolder(path, HEADER, 'resume');
    await folder.finish({ rows: [] } as never);
    await folder.close();
  }

  it('keeps the run in it if the next one cannot be started', async () => {
    await chmod(dirname(path), 0o777);
    const { mode } = await stat(tmpdir());
    if ((mode & 0o001) === 0) await chmod(tmpdir(), 0o711);
    await asPlainUser(finishedRun);
    const whole = async (): Promise<string[]> => (await readdir(path, { recursive: true })).sort();
    const before = await whole();
    await chmod(path, 0o500);
    await asPlainUser(() => expect(openFleetFolder(path, HEADER, 'fresh')).rejects.toThrow('fleet.jsonl'));
    expect(await whole()).toEqual(before);
  });

  it('marks the files of the run before until they are deleted', async () => {
    await chmod(dirname(path), 0o777);
    const { mode } = await stat(tmpdir());
    if ((mode & 0o001) === 0) await chmod(tmpdir(), 0o711);
    await asPlainUser(finishedRun);
    await chmod(join(path, 'instances', 'a'), 0o500);
    await asPlainUser(() => expect(openFleetFolder(path, HEADER, 'fresh')).rejects.toThrow('be deleted'));
    expect([await isClearing(path), (await readLog(path))?.ended.size]).toEqual([true, 0]);
    await chmod(join(path, 'instances', 'a'), 0o700);
    const folder = await openFleetFolder(path, HEADER, 'resume');
    expect([await isClearing(path), folder.earlier]).toEqual([false, null]);
    expect(await folder.readInstance('a', 'plan.json')).toBeNull();
    await folder.close();
  });

  it('has no files of the run before if a kill cut off the start of the next one', async () => {
    await finishedRun();
    const [header] = (await readFile(join(path, 'fleet.jsonl'), 'utf8')).split('\n');
    await writeFile(join(path, 'fleet.jsonl'), `${header}\n`);
    await rm(join(path, 'fleet.json'));
    const folder = await openFleetFolder(path, HEADER, 'resume');
    expect([folder.earlier?.ended.size, await folder.readInstance('a', 'plan.json')]).toEqual([0, null]);
    await folder.close();
  });

  const half = (name: string): string => join(path, `${name}.0f8fad5b-d9cb-469f-a165-70867728950e.tmp`);

  it.each<[string, () => Promise<unknown>]>([
    ['before its log existed', () => mkdir(path)],
    ['while its log was written', () => mkdir(path).then(() => writeFile(half('fleet.jsonl'), '{"event"'))],
    [
      'before its instances had a folder',
      () => mkdir(path).then(() => writeFile(join(path, 'fleet.jsonl'), `${JSON.stringify(HEADER)}\n`)),
    ],
    ['while its document was written', () => killedRun().then(() => writeFile(half('fleet.json'), '{'))],
    [
      'while a finished run was cleared',
      () => finishedRun().then(() => rm(join(path, 'instances'), { recursive: true })),
    ],
    [
      'when the log of a finished run was replaced',
      () => finishedRun().then(() => writeFile(join(path, 'fleet.jsonl'), `${JSON.stringify(HEADER)}\n`)),
    ],
  ])('is usable after a run was killed %s', async (_when, leave) => {
    await leave();
    const folder = await openFleetFolder(path, HEADER);
    await folder.begin('b', NOW);
    await folder.end(fleetRow('b', 'done'), NOW);
    await folder.finish({ rows: [] } as never);
    await folder.close();
    expect((await readdir(path)).sort()).toEqual(['fleet.json', 'fleet.jsonl', 'instances']);
    const log = await readLog(path);
    expect([log?.header, log?.ended.has('b')]).toEqual([HEADER, true]);
  });

  it('of a finished run is not mistaken for an unfinished one when clearing was interrupted', async () => {
    await finishedRun();
    await rm(join(path, 'instances'), { recursive: true });
    const folder = await openFleetFolder(path, HEADER);
    expect(folder.earlier).toBeNull();
    await folder.close();
  });

  it('may not contain other files, nor be a link or a file', async () => {
    await mkdir(path);
    await writeFile(join(path, 'thesis.txt'), 'years of work');
    await expect(openFleetFolder(path, HEADER)).rejects.toThrow('thesis.txt');
    expect(await readFile(join(path, 'thesis.txt'), 'utf8')).toBe('years of work');
    await symlink(path, `${path}-link`);
    await expect(openFleetFolder(`${path}-link`, HEADER)).rejects.toThrow('it is a link');
  });

  it('is never written through a link from a checkout', async () => {
    const elsewhere = `${path}-elsewhere`;
    await writeFile(elsewhere, 'years of work');
    const folder = await openFleetFolder(path, HEADER);
    await folder.writeInstance('a', 'plan.json', {});
    const links = ['instances/a/plan.json', 'fleet.json'];
    for (const name of links) {
      await rm(join(path, name), { force: true });
      await symlink(elsewhere, join(path, name));
    }
    await folder.writeInstance('a', 'plan.json', { of: 'a' });
    await folder.finish({ rows: [] } as never);
    await folder.close();
    expect(await readFile(elsewhere, 'utf8')).toBe('years of work');
    for (const name of links) {
      const found = await lstat(join(path, name));
      expect([name, found.isFile(), found.mode & 0o777]).toEqual([name, true, 0o600]);
    }
    await rm(join(path, 'fleet.jsonl'));
    await symlink(elsewhere, join(path, 'fleet.jsonl'));
    await expect(openFleetFolder(path, HEADER)).rejects.toThrow('it is not a plain file');
  });

  it.each<[string, (line: string) => string]>([
    ['a row of the wrong shape', (line) => line.replace('"status":"done"', '"status":"fine"')],
    ['a row with a path', (line) => line.replace('"instance":"a"', '"instance":"../a"')],
    ['no row', () => '{"event":"end"}'],
    ['an invalid row', () => '{"event":"end","row":7}'],
    ['a start without an instance', () => '{"event":"begin","instance":{"toString":1}}'],
  ])('ignores a log with %s', async (_what, forge) => {
    await killedRun();
    const file = join(path, 'fleet.jsonl');
    const lines = (await readFile(file, 'utf8')).split('\n');
    await writeFile(
      file,
      lines.map((line) => (line.includes('"event":"end"') ? forge(line) : line)).join('\n'),
    );
    const ended = await openFleetFolder(path, HEADER).then(
      async (folder) => {
        await folder.close();
        return [...(folder.earlier?.ended.keys() ?? [])];
      },
      (error: Error) => error.message,
    );
    if (typeof ended === 'string') expect(ended).toContain('the log of the run does not match its schema');
    else expect(ended).toEqual([]);
  });

  it('is made private if others could read it', async () => {
    await mkdir(path);
    await chmod(path, 0o777);
    await (await openFleetFolder(path, HEADER)).close();
    expect((await stat(path)).mode & 0o777).toBe(0o700);
  });
});

describe('the log of a run', () => {
  it('has all lines in the order in which they were written, also those that wait when it is closed', async () => {
    const folder = await openFleetFolder(path, HEADER);
    const names = ['a', 'b', 'c', 'd'];
    const writes = names.map((name) => folder.begin(name, NOW));
    await folder.close();
    await Promise.all(writes);
    const lines = (await readFile(join(path, 'fleet.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines.slice(1).map((line) => (JSON.parse(line) as { instance: string }).instance)).toEqual(names);
  });

  it('gets no empty line when its last line is whole', async () => {
    await killedRun();
    const before = await readFile(join(path, 'fleet.jsonl'), 'utf8');
    await (await openFleetFolder(path, HEADER)).close();
    expect(await readFile(join(path, 'fleet.jsonl'), 'utf8')).toBe(before);
  });

  it.each<[string, (file: string) => Promise<unknown>]>([
    ['deleted', (file) => rm(file)],
    ['replaced', (file) => rm(file).then(() => writeFile(file, ''))],
  ])('takes no line and no document after it was %s', async (_, lose) => {
    const folder = await openFleetFolder(path, HEADER);
    await lose(join(path, 'fleet.jsonl'));
    const lost = {
      problems: [{ code: 'bad-file', message: expect.stringContaining('deleted or replaced') }],
    };
    await expect(folder.begin('a', NOW)).rejects.toMatchObject(lost);
    await folder.end(fleetRow('a', 'done'), NOW);
    await expect(folder.endLeft()).rejects.toMatchObject(lost);
    await expect(folder.finish({} as never)).rejects.toMatchObject(lost);
    expect(await readdir(path)).not.toContain('fleet.json');
    await folder.close();
  });

  it('skips a line that was truncated by a kill, and the next line starts fresh', async () => {
    await killedRun();
    await appendFile(join(path, 'fleet.jsonl'), '{"event":"end","row":{"inst');
    const folder = await openFleetFolder(path, HEADER);
    await folder.end(fleetRow('b', 'done'), NOW);
    await folder.close();
    const log = await readLog(path);
    expect([...(log?.ended.keys() ?? [])]).toEqual(['a', 'b']);
    expect(log?.begun.size).toBe(0);
  });

  it.each([
    ['', 'empty'],
    ['{}\n', 'without a header'],
    ['rubbish\n', 'rubbish'],
  ])('%j is not a log', async (text) => {
    await mkdir(path);
    await writeFile(join(path, 'fleet.jsonl'), text);
    expect(await readLog(path)).toBeNull();
  });

  it('lists the attempts at an instance, except those that never started', async () => {
    await killedRun();
    const folder = await openFleetFolder(path, HEADER);
    await folder.begin('b', NOW);
    await folder.end(fleetRow('c', 'not-started'), NOW);
    await folder.end(fleetRow('d', 'failed', { because: 'no response' }), NOW);
    await folder.close();
    const log = await readLog(path);
    expect(attemptsOf(log, 'b').map(({ status, sent }) => [status, sent])).toEqual([
      ['incomplete', true],
      ['incomplete', true],
    ]);
    expect(attemptsOf(log, 'c')).toEqual([]);
    expect(attemptsOf(log, 'd')).toEqual([
      { status: 'failed', runId: null, sent: false, because: 'no response' },
    ]);
    expect(attemptsOf(null, 'a')).toEqual([]);
  });
});

describe('a row whose line cannot be written', () => {
  const log = (): string => join(path, 'fleet.jsonl');

  it('is written at the end of the run, on a line of its own, if that is possible again', async () => {
    const folder = await openFleetFolder(path, HEADER);
    await rename(log(), `${log()}.away`);
    await folder.end(fleetRow('a', 'done', { sent: true }), NOW);
    await expect(folder.endLeft()).rejects.toMatchObject({ problems: [{ code: 'bad-file' }] });
    await rename(`${log()}.away`, log());
    // What a full disk leaves of a line.
    await appendFile(log(), '{"event":"en');
    await folder.end(fleetRow('b', 'clean'), NOW);
    await folder.endLeft();
    await folder.endLeft();
    await folder.close();
    expect([...((await readLog(path))?.ended.keys() ?? [])]).toEqual(['b', 'a']);
    expect((await readFile(log(), 'utf8')).match(/"event":"end"/gu)).toHaveLength(2);
  });
});
