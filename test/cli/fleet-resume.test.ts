import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  BASE,
  inventoryOf,
  openRejectingServer,
  openFleetStage,
  rowOf,
  statuses,
  tokenOf,
} from '../support/fleet-stage.js';
import { runWithin } from '../support/in-process.js';
import type { FleetStage } from '../support/fleet-stage.js';

let stage: FleetStage;
beforeEach(async () => {
  stage = await openFleetStage(['alpha', 'beta']);
});
afterEach(() => stage.close());

/** The lines of a run's log. */
const linesOf = async (out: string): Promise<string[]> =>
  (await readFile(join(stage.folder, out, 'fleet.jsonl'), 'utf8')).trimEnd().split('\n');

/** Reduces a folder to what a run leaves that is killed after this many lines of its log. */
async function cutOff(out: string, lines: number, edit = (head: string): string => head): Promise<void> {
  const [head = '', ...rest] = await linesOf(out);
  await rm(join(stage.folder, out, 'fleet.json'), { force: true });
  const kept = [edit(head), ...rest.slice(0, lines - 1)];
  await writeFile(join(stage.folder, out, 'fleet.jsonl'), `${kept.join('\n')}\n`);
}

const STRICT = 'apiVersion: domo-roles/v1\nkind: Policy\npolicy: { requiredAdmins: [no-one@acme.com] }\n';
const written = (): string[] =>
  [...stage.sandboxes].flatMap(([name, sandbox]) =>
    sandbox.state().roles.some((role) => role.name === 'Fleet Viewer') ? [name] : [],
  );

describe('a resumed run keeps from its folder', () => {
  it('the policy file and the allowed guards with their reasons', async () => {
    await stage.write('strict.yaml', STRICT);
    const first = await stage.fleet(
      ...(['apply', '--yes', '--out', 'out', '--policy', join(stage.folder, 'strict.yaml')] as const),
      ...['--allow', 'beta:required-admins', '--reason', 'a new instance'],
    );
    expect([first.code, written()]).toEqual([5, ['beta']]);
    await stage.sandboxes.get('beta')?.reset();
    await cutOff('out', 1);
    const { code } = await stage.fleet('apply', '--yes', '--resume', 'out');
    expect([code, written()]).toEqual([5, ['beta']]);
    expect(statuses(await stage.document('out'))).toEqual(['alpha refused', 'beta done']);
  });

  it('--only-expired: nothing else is changed', async () => {
    await stage.fleet('apply', '--yes', '--out', 'out', '--only-expired');
    await cutOff('out', 1);
    const { code } = await stage.fleet('apply', '--yes', '--resume', 'out');
    expect([code, written()]).toEqual([0, []]);
  });

  it('--all-or-nothing and --max-failures', async () => {
    stage.sandboxes.get('alpha')?.setQuirks({ networkBlocked: true });
    const flags = ['--all-or-nothing', '--max-failures', '0', '--at-once', '1', '--retries', '0'];
    await stage.fleet('apply', '--yes', '--out', 'out', ...flags);
    await cutOff('out', 1);
    const { code } = await stage.fleet('apply', '--yes', '--resume', 'out', '--retries', '0');
    expect([code, written(), statuses(await stage.document('out'))]).toEqual([
      1,
      [],
      ['alpha failed', 'beta not-started'],
    ]);
  });

  it('--snapshots, also when the folder is resumed by --out', async () => {
    await stage.fleet('export', '--out', 'snapshots');
    await stage.offline('plan', '--out', 'out', '--snapshots', 'snapshots');
    for (const how of ['--resume', '--out']) {
      await cutOff('out', 2);
      stage.seen.clear();
      const flags = how === '--out' ? ['--snapshots', 'snapshots'] : [];
      const { code } = await stage.offline('plan', how, 'out', ...flags);
      expect([how, code, [...stage.seen.keys()]]).toEqual([how, 0, []]);
    }
  });

  it('the kind of an export', async () => {
    const format = ['--format', 'manifest', '--without', 'members', '--compact'];
    // Sequentially, so that the lost lines of the log are known.
    await stage.fleet('export', '--out', 'out', '--at-once', '1', ...format);
    const whole = await readFile(join(stage.folder, 'out/instances/beta/manifest.yaml'), 'utf8');
    await cutOff('out', 2);
    await rm(join(stage.folder, 'out/instances/beta'), { recursive: true });
    expect((await stage.fleet('export', '--resume', 'out')).code).toBe(0);
    expect(await readdir(join(stage.folder, 'out/instances/beta'))).toEqual(['manifest.yaml']);
    expect(await readFile(join(stage.folder, 'out/instances/beta/manifest.yaml'), 'utf8')).toBe(whole);
  });

  it('no address, no credential and no confirmation', async () => {
    await stage.fleet('apply', '--yes', '--out', 'out');
    for (const sandbox of stage.sandboxes.values()) await sandbox.reset();
    const rejecting = await openRejectingServer();
    try {
      const forged = {
        yes: true,
        baseUrl: `${rejecting.url}/{name}`,
        tokens: 'other.json',
        fleet: 'other.yaml',
      };
      await cutOff('out', 1, (head) =>
        JSON.stringify({ ...(JSON.parse(head) as object), options: forged, ...forged }),
      );
      const { code } = await stage.fleet('apply', '--resume', 'out');
      expect([code, written(), [...rejecting.seen.keys()]]).toEqual([4, [], []]);
    } finally {
      await rejecting.close();
    }
  });

  it.each([
    '{"event":"run"}',
    '{"event":"run","selection":{},"inventory":{}}',
    '{"event":"run","options":7}',
  ])('its own flags and takes nothing from %s instead', async (forged) => {
    await stage.fleet('plan', '--out', 'out');
    await cutOff('out', 1, () => forged);
    for (const how of [
      ['--resume', 'out'],
      ['--out', 'out'],
      ['--failed-from', 'out', '--out', 'next'],
    ])
      for (const verb of ['plan', 'apply']) {
        const { code, stderr } = await stage.fleet(verb, ...how);
        expect([code, stderr]).toEqual([1, expect.stringContaining('does not match its schema')]);
      }
  });

  it.each([
    [['--only', 'alpha'], '--only cannot be combined with --resume'],
    [['--except', 'alpha'], '--except cannot be combined with --resume'],
    [['--where', 'a=b'], '--where cannot be combined with --resume'],
    [['--wave', 'rest'], '--wave cannot be combined with --resume'],
    [['--failed-from', 'out'], '--failed-from cannot be combined with --resume'],
    [['--changed-since', 'HEAD'], '--changed-since cannot be combined with --resume'],
    [['--shard', '1/2'], '--shard cannot be combined with --resume'],
    [['other.yaml'], 'the run did not read "other.yaml", but "fleet.yaml"'],
    [['--out', 'other'], 'a resumed run continues in its own folder'],
    [['--policy', 'strict.yaml'], 'the run in "out" was started without --policy'],
    [['--only-expired'], 'the run in "out" was started without --only-expired'],
  ])('its flags, so that %j next to --resume exits with 1: %s', async (args, message) => {
    await stage.fleet('plan', '--out', 'out');
    const { code, stderr } = await stage.fleet('plan', '--resume', 'out', ...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  });

  it('its selection, which may be repeated for the credential that --only names', async () => {
    const token = { DOMO_ACCESS_TOKEN: tokenOf('beta') };
    const target = ['--base-url', `${stage.url}/{name}`];
    const plan = (...args: string[]) =>
      runWithin(['fleet', 'plan', ...target, ...args], { cwd: stage.folder, env: token, skipWaits: true });
    expect((await plan('--only', 'beta', '--out', 'out')).code).toBe(0);
    await cutOff('out', 1);
    // The folder itself cannot send a credential to another instance.
    expect((await plan('--resume', 'out')).code).toBe(1);
    expect((await plan('--resume', 'out', '--only', 'beta')).code).toBe(0);
    expect((await plan('--resume', 'out', '--only', 'alpha')).code).toBe(1);
    expect([...stage.seen.keys()]).toEqual(['beta']);
  });

  it('its folder and flags, which may be given again unchanged', async () => {
    await stage.write('strict.yaml', STRICT);
    await stage.fleet('plan', '--out', 'out', '--policy', 'strict.yaml');
    await cutOff('out', 1);
    const { code } = await stage.fleet('plan', '--resume', 'out', '--out', 'out', '--policy', 'strict.yaml');
    expect(code).toBe(4);
  });
});

describe('the folder that the log of a run names', () => {
  let elsewhere: string;
  beforeEach(async () => {
    elsewhere = await mkdtemp(join(tmpdir(), 'elsewhere-'));
  });
  afterEach(() => rm(elsewhere, { recursive: true }));

  /** An apply and a rollback that were killed at once, and copies of what they read in a folder elsewhere. */
  async function openRuns() {
    await stage.fleet('plan', '--out', 'plans');
    await stage.fleet('apply', 'plans', '--yes', '--out', 'out');
    await stage.fleet('rollback', 'out', '--yes', '--out', 'back');
    await cp(join(stage.folder, 'plans'), join(elsewhere, 'plans'), { recursive: true });
    await cp(join(stage.folder, 'out'), join(elsewhere, 'out'), { recursive: true });
    await symlink(elsewhere, join(stage.folder, 'link'));
    return { far: relative(stage.folder, elsewhere).replaceAll('\\', '/') };
  }

  const header = (edit: (header: Header) => void) => (head: string) => {
    const value = JSON.parse(head) as Header;
    edit(value);
    return JSON.stringify(value);
  };

  /** A log whose folder is another one, without the digest of what it contained. */
  const naming = (folder: string) =>
    header((value) => {
      value.selection.flags.plans = folder;
      delete value.plans;
    });

  it.each([
    ['apply', 'out', 'plans'],
    ['rollback', 'back', 'out'],
  ])('is not read elsewhere unless it is named (%s)', async (verb, out, folder) => {
    const { far } = await openRuns();
    for (const path of [`${far}/${folder}`, `${elsewhere}/${folder}`, `link/${folder}`, `${far}/none`]) {
      await cutOff(out, 1, naming(path));
      stage.seen.clear();
      const { code, stderr } = await stage.fleet(verb, '--resume', out, '--yes');
      expect([code, stderr]).toEqual([1, expect.stringContaining('outside of this folder')]);
      expect([...stage.seen]).toEqual([]);
    }
    await cutOff(out, 1, naming(`${far}/${folder}`));
    const named = await stage.fleet(verb, join(elsewhere, folder), '--resume', out, '--yes');
    expect([named.code, named.stderr]).toEqual([0, expect.not.stringContaining('outside')]);
  });

  it.each([
    ['apply', 'out', 'plans'],
    ['rollback', 'back', 'out'],
  ])('may be elsewhere if it is what the run read (%s)', async (verb, out, folder) => {
    const { far } = await openRuns();
    await cutOff(
      out,
      1,
      header((value) => (value.selection.flags.plans = `${far}/${folder}`)),
    );
    expect((await stage.fleet(verb, '--resume', out, '--yes')).code).toBe(0);
  });

  it('must contain the plans that the run began with', async () => {
    await openRuns();
    await cutOff('out', 1);
    await stage.write('base.yaml', BASE.replaceAll('Fleet Viewer', 'Other Viewer'));
    await stage.fleet('plan', '--out', 'plans');
    stage.seen.clear();
    for (const named of [[], ['plans']]) {
      const { code, stderr } = await stage.fleet('apply', ...named, '--resume', 'out', '--yes');
      expect([code, stderr]).toEqual([1, expect.stringContaining('changed since the run began')]);
    }
    expect([...stage.seen]).toEqual([]);
    // Other plans are another run.
    await cutOff('out', 1);
    expect((await stage.fleet('apply', 'plans', '--out', 'out', '--yes')).code).toBe(0);
    expect((await stage.document('out')).rows.map(({ attempts }) => attempts)).toEqual([[], []]);
  });

  it('is accepted in the log of an earlier version, which has no digest', async () => {
    await openRuns();
    await cutOff('out', 1, naming('plans'));
    expect((await stage.fleet('apply', '--resume', 'out', '--yes')).code).toBe(0);
  });

  it('and the policy file elsewhere must be the one that the run read', async () => {
    await writeFile(join(elsewhere, 'strict.yaml'), STRICT);
    const policy = ['--policy', join(elsewhere, 'strict.yaml')];
    await stage.fleet('plan', '--out', 'out', ...policy);
    await cutOff('out', 1);
    expect((await stage.fleet('plan', '--resume', 'out')).code).toBe(4);
    await cutOff('out', 1);
    await writeFile(join(elsewhere, 'strict.yaml'), STRICT.replace('no-one', 'any-one'));
    const { code, stderr } = await stage.fleet('plan', '--resume', 'out');
    expect([code, stderr]).toEqual([1, expect.stringContaining('outside of this folder')]);
    expect((await stage.fleet('plan', '--resume', 'out', ...policy)).code).toBe(4);
  });
});

interface Header {
  selection: { flags: Record<string, string> };
  plans?: string;
}

describe('an unfinished run in --out', () => {
  it('is resumed with the same flags, and cleared with flags that change its result', async () => {
    await stage.write('strict.yaml', STRICT);
    for (const [flags, statusesThen] of [
      [[], ['alpha changes', 'beta changes']],
      [
        ['--policy', 'strict.yaml'],
        ['alpha refused', 'beta refused'],
      ],
    ] as const) {
      await stage.fleet('plan', '--out', 'out');
      await cutOff('out', 3);
      stage.seen.clear();
      await stage.fleet('plan', '--out', 'out', ...flags);
      expect(statuses(await stage.document('out'))).toEqual(statusesThen);
      // Successful instances are not read again.
      expect(stage.seen.size).toBe(flags.length === 0 ? 0 : 2);
    }
  });

  it('on embedded instances is no run on the instances, and the reverse', async () => {
    const embedded = (...args: string[]) => stage.offline('apply', '--sandbox', '--yes', ...args);
    const inOrder = ['--out', 'out', '--at-once', '1'];
    await embedded(...inOrder);
    await cutOff('out', 3);
    expect((await stage.fleet('apply', '--yes', ...inOrder)).code).toBe(0);
    expect(written()).toEqual(['alpha', 'beta']);
    await cutOff('out', 3);
    const resumed = await embedded('--resume', 'out');
    expect([resumed.code, resumed.stderr]).toEqual([1, expect.stringContaining('without --sandbox')]);
    expect((await embedded(...inOrder)).code).toBe(0);
    expect(rowOf(await stage.document('out'), 'alpha').status).toBe('clean');
  });

  it('at other addresses is no run on these instances, but a log without addresses is resumed', async () => {
    const other = await openFleetStage(['alpha', 'beta']);
    const there = (...args: string[]) =>
      runWithin(
        ['fleet', 'apply', '--yes', ...args, '--base-url', `${other.url}/{name}`, '--tokens', 'tokens.json'],
        { cwd: stage.folder, skipWaits: true, ...other.within },
      );
    const inOrder = ['--out', 'out', '--at-once', '1'];
    try {
      await stage.fleet('apply', '--yes', ...inOrder);
      await cutOff('out', 3);
      const resumed = await there('--resume', 'out');
      expect([resumed.code, resumed.stderr]).toEqual([1, expect.stringContaining('other addresses')]);
      expect((await stage.fleet('apply', '--yes', '--resume', 'out')).code).toBe(0);

      await cutOff('out', 3);
      expect((await there(...inOrder)).code).toBe(0);
      for (const sandbox of other.sandboxes.values())
        expect(sandbox.state().roles.map(({ name }) => name)).toContain('Fleet Viewer');

      await cutOff('out', 3, (head) =>
        JSON.stringify({ ...(JSON.parse(head) as object), addresses: undefined }),
      );
      expect((await stage.fleet('apply', '--yes', '--resume', 'out')).code).toBe(0);
    } finally {
      await other.close();
    }
  });

  it('plans an instance again whose plan file was lost', async () => {
    await stage.fleet('plan', '--out', 'out');
    const whole = await stage.document('out');
    for (const text of ['', '{"half": ', '{}']) {
      await cutOff('out', 3);
      await writeFile(join(stage.folder, 'out/instances/beta/plan.json'), text);
      const { code } = await stage.fleet('plan', '--out', 'out');
      expect([code, (await stage.document('out')).groups]).toEqual([0, whole.groups]);
    }
  });
});

describe('a document of another run in the folder of an interrupted run', () => {
  it('is made again by a drift, whose row and groups agree with it', async () => {
    await stage.fleet('drift', '--out', 'before', '--at-once', '1');
    await stage.fleet('apply', '--yes', '--out', 'applied');
    await stage.sandboxes.get('alpha')?.reset();
    await stage.fleet('drift', '--out', 'out', '--at-once', '1');
    const whole = await stage.document('out');
    expect(statuses(whole)).toEqual(['alpha drift', 'beta clean']);
    for (const other of ['beta', 'alpha']) {
      await cutOff('out', 3);
      await cp(
        join(stage.folder, `before/instances/${other}/drift.json`),
        join(stage.folder, 'out/instances/beta/drift.json'),
      );
      const { code } = await stage.fleet('drift', '--out', 'out');
      const document = await stage.document('out');
      expect([code, statuses(document), document.groups]).toEqual([2, statuses(whole), whole.groups]);
      const drift = await readFile(join(stage.folder, 'out/instances/beta/drift.json'), 'utf8');
      expect((JSON.parse(drift) as { changes: unknown[] }).changes).toEqual([]);
    }
  });

  it('is not needed if it was lost: an export writes it again', async () => {
    await stage.fleet('export', '--out', 'out');
    const file = join(stage.folder, 'out/instances/beta/snapshot.json');
    await rm(file);
    await cutOff('out', 3);
    const { code, stderr } = await stage.fleet('export', '--out', 'out');
    expect([code, stderr.includes('warning')]).toEqual([0, false]);
    expect(await readFile(file, 'utf8')).toContain('"snapshot"');
  });
});

describe('a resumed run whose manifest changed', () => {
  it.each([
    ['plan', []],
    ['apply', ['--yes', '--at-once', '1', '--policy', 'policy.yaml']],
    ['drift', []],
  ])('of a %s names the instances whose results it keeps', async (verb, flags) => {
    await stage.write('policy.yaml', 'apiVersion: domo-roles/v1\nkind: Policy\npolicy: { maxDeletes: 9 }\n');
    await stage.fleet(verb, ...flags, '--out', 'out');
    const last = (await linesOf('out')).findIndex((line) => line.includes('"event":"end"'));
    await cutOff('out', last + 1);
    const kept = (await linesOf('out'))[last]?.includes('"instance":"alpha"') ? 'alpha' : 'beta';
    const note = `warning: "base.yaml" changed since this run planned ${kept}, and the result is kept: `;
    const same = await stage.fleet(verb, ...flags, '--out', 'out');
    expect(same.stderr).not.toContain('changed since');
    await cutOff('out', last + 1);
    await stage.write('base.yaml', BASE.replace('alert.edit, ', ''));
    const { code, stderr } = await stage.fleet(verb, ...flags, '--out', 'out');
    expect([code, stderr]).toEqual([same.code, expect.stringContaining(note)]);
    expect((await stage.fleet(verb, ...flags, '--out', 'out')).stderr).not.toContain('changed since');
  });
});

describe('a plan file of another run in the folder of an interrupted run', () => {
  it('is made again by a plan', async () => {
    await stage.fleet('plan', '--out', 'other', '--impact-limit', '3');
    await stage.fleet('plan', '--out', 'out');
    const whole = await readFile(join(stage.folder, 'out/instances/beta/plan.json'), 'utf8');
    await cp(join(stage.folder, 'other/instances/beta'), join(stage.folder, 'out/instances/beta'), {
      recursive: true,
    });
    await cutOff('out', 3);
    expect((await stage.fleet('plan', '--out', 'out')).code).toBe(0);
    const plan = await readFile(join(stage.folder, 'out/instances/beta/plan.json'), 'utf8');
    const digestIn = (text: string): unknown => (JSON.parse(text) as { digest: unknown }).digest;
    expect(digestIn(plan)).toBe(digestIn(whole));
    expect((await stage.fleet('apply', 'out', '--yes', '--out', 'applied')).code).toBe(0);
  });

  it.each([
    ['another instance', 'instances/alpha/plan.json', 'the plan is for another instance'],
    ['no plan', 'fleet.json', 'this is not a plan'],
  ])('is not finished by a rollback if it is of %s', async (_what, other, because) => {
    await stage.fleet('apply', '--yes', '--out', 'applied', '--at-once', '1');
    await stage.fleet('rollback', 'applied', '--yes', '--out', 'out', '--allow', 'max-deletes=9');
    const lines = (await linesOf('out')).filter(
      (line) => !(line.includes('"event":"end"') && line.includes('"instance":"beta"')),
    );
    await writeFile(join(stage.folder, 'out/fleet.jsonl'), `${lines.join('\n')}\n`);
    await cp(join(stage.folder, 'out', other), join(stage.folder, 'out/instances/beta/plan.json'));
    await rm(join(stage.folder, 'out/fleet.json'));
    await stage.fleet('rollback', '--yes', '--resume', 'out');
    expect(rowOf(await stage.document('out'), 'beta')).toMatchObject({
      because: expect.stringContaining(because),
      digest: null,
    });
  });
});

describe('the row of several attempts is the last one', () => {
  it('even if a resumed run did not reach it: interrupted or failed', async () => {
    await stage.fleet('apply', '--yes', '--out', 'out', '--at-once', '1');
    // Alpha finished, beta started.
    await cutOff('out', 4);
    const stop = new AbortController();
    stop.abort();
    for (const attempts of [0, 0]) {
      const { code } = await stage.fleetIn({ signal: stop.signal }, 'apply', '--yes', '--resume', 'out');
      const row = rowOf(await stage.document('out'), 'beta');
      expect([code, row.status, row.because, row.sent]).toEqual([
        5,
        'incomplete',
        'the run was interrupted',
        true,
      ]);
      expect(row.attempts).toHaveLength(attempts);
    }
    expect((await stage.fleet('apply', '--yes', '--resume', 'out')).code).toBe(0);
    expect(rowOf(await stage.document('out'), 'beta').attempts.map(({ status }) => status)).toEqual([
      'incomplete',
    ]);
  });

  it('or not started if no attempt reached it', async () => {
    stage.sandboxes.get('alpha')?.setQuirks({ networkBlocked: true });
    const flags = ['--max-failures', '0', '--at-once', '1', '--retries', '0'];
    for (const how of ['--out', '--resume']) {
      await stage.fleet('drift', how, 'out', ...flags);
      const document = await stage.document('out');
      expect(statuses(document)).toEqual(['alpha failed', 'beta not-started']);
      expect(rowOf(document, 'alpha').attempts).toHaveLength(how === '--out' ? 0 : 1);
    }
  });
});

describe('an apply of saved plans that left an instance incomplete', () => {
  it('names --resume as the next step, since another run has no record of the role that it created', async () => {
    await stage.fleet('plan', '--out', 'plans');
    stage.sandboxes.get('beta')?.setFaults([{ name: '500', method: 'PUT', times: 0 }]);
    const first = await stage.fleet('apply', 'plans', '--yes', '--out', 'out', '--retries', '0');
    expect([first.code, statuses(await stage.document('out'))]).toEqual([
      5,
      ['alpha done', 'beta incomplete'],
    ]);
    expect(first.stdout).toContain('next: resume the run: it continues where it stopped\n');
    expect(first.stderr).toContain('To resume this run where it stopped: --resume out\n');
    expect(first.stderr).not.toContain('--failed-from');
    stage.sandboxes.get('beta')?.setFaults([]);
    const other = await stage.fleet('apply', 'plans', '--yes', '--out', 'other', '--failed-from', 'out');
    expect([other.code, statuses(await stage.document('other'))]).toEqual([4, ['beta refused']]);
    expect(other.stderr).toContain('--failed-from other\n');
    const resumed = await stage.fleet('apply', '--resume', 'out', '--yes');
    expect([resumed.code, written(), resumed.stderr]).toEqual([
      0,
      ['alpha', 'beta'],
      expect.not.stringContaining('--resume'),
    ]);
  });
});

describe('an interrupted run', () => {
  it('works with --failed-from: started, failed and not started instances', async () => {
    await stage.fleet('apply', '--yes', '--out', 'out', '--at-once', '1');
    const lines = await linesOf('out');
    const names = async (): Promise<string> =>
      (await stage.offline('list', '--format', 'names', '--failed-from', 'out')).stdout;
    const counts = [
      [1, 'alpha\nbeta\n'],
      [2, 'alpha\nbeta\n'],
      [3, 'beta\n'],
      [4, 'beta\n'],
      [5, ''],
    ] as const;
    expect(lines).toHaveLength(5);
    for (const [kept, expected] of [...counts].reverse()) {
      await cutOff('out', kept);
      expect([kept, await names()]).toEqual([kept, expected]);
    }
  });

  it('has nothing to repeat with --failed-from once it succeeded, whatever --allow names', async () => {
    await stage.fleet('apply', '--yes', '--out', 'out');
    const again = (...args: string[]) =>
      stage.fleet('apply', '--yes', '--failed-from', 'out', '--out', 'again', ...args);
    const allow = ['--allow', 'beta:max-deletes=9', '--reason', 'planned'];
    expect(await again(...allow)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('nothing to do: no selected instance failed'),
    });
    // A name that the other flags do not select is a mistake all the same.
    for (const args of [
      ['--allow', 'bta:max-deletes=9'],
      [...allow, '--only', 'alpha'],
    ]) {
      const { code, stderr } = await again(...args);
      expect([code, stderr]).toEqual([1, expect.stringContaining('is not selected')]);
    }
  });

  it('names with --failed-from what is no longer in the inventory', async () => {
    await stage.fleet('apply', '--yes', '--out', 'out', '--at-once', '1');
    await cutOff('out', 3);
    await stage.write('fleet.yaml', inventoryOf({ alpha: '{}' }));
    const note = 'note: failed, no longer in the inventory, and left as they are: beta\n';
    const { code, stderr } = await stage.offline('list', '--failed-from', 'out');
    expect([code, stderr]).toEqual([0, `${note}note: nothing to do: no selected instance failed\n`]);
    expect((await stage.offline('list', '--failed-from', 'out', '--only', 'alpha')).stderr).not.toContain(
      note,
    );
  });

  it('has no document to report, and the message explains how to get one', async () => {
    await stage.fleet('apply', '--yes', '--out', 'out');
    await cutOff('out', 2);
    const { code, stderr } = await stage.offline('report', 'out');
    expect(code).toBe(1);
    expect(stderr).toContain('the run in "out" was interrupted');
    expect(stderr).toContain('fleet apply --resume out');
  });
});

describe('folders that a run reads', () => {
  it.each([
    ['--snapshots', ['export', '--out', 'kept'], ['plan', '--snapshots', 'kept', '--out', 'kept']],
    [
      '--failed-from',
      ['plan', '--out', 'kept'],
      ['plan', '--failed-from', 'kept/fleet.json', '--out', 'kept'],
    ],
    ['--sandbox', ['plan', '--out', 'kept'], ['plan', '--sandbox', 'kept/instances', '--out', 'kept']],
  ])('are never written to: %s', async (flag, [first = '', ...given], [verb = '', ...args]) => {
    await stage.fleet(first, ...given);
    const before = (await readdir(join(stage.folder, 'kept'), { recursive: true })).sort();
    const { code, stderr } = await stage.offline(verb, ...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`--out is the folder that ${flag} reads`)]);
    expect((await readdir(join(stage.folder, 'kept'), { recursive: true })).sort()).toEqual(before);
  });

  it.each([
    ['snapshots', ['export'], ['plan', '--snapshots', 'kept']],
    ['a run that failed', ['plan'], ['plan', '--failed-from', 'kept']],
    ['plans', ['plan'], ['apply', 'kept', '--yes']],
    ['an apply', ['apply', '--yes'], ['rollback', 'kept']],
  ])(
    'are never written to by way of a link: %s',
    async (_what, [first = '', ...given], [verb = '', ...args]) => {
      await stage.fleet(first, ...given, '--out', 'kept');
      await symlink('.', join(stage.folder, 'here'));
      const before = (await readdir(join(stage.folder, 'kept'), { recursive: true })).sort();
      const run = args.includes('--snapshots') ? stage.offline : stage.fleet;
      const ended = await run(verb, ...args, '--out', 'here/kept');
      expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining('--out is the folder ')]);
      expect((await readdir(join(stage.folder, 'kept'), { recursive: true })).sort()).toEqual(before);
    },
  );

  it.each([
    ['plan', 'kept/out'],
    ['plan', 'kept/instances/gamma'],
    ['apply', 'here/kept/out', 'kept', '--yes'],
    ['merge', 'kept/instances/all', 'other'],
  ])('hold one run alone: %s does not write to %s', async (verb, out, ...args) => {
    await stage.fleet('plan', '--out', 'kept');
    await stage.fleet('plan', '--out', 'other');
    await symlink('.', join(stage.folder, 'here'));
    const run = verb === 'merge' ? stage.offline : stage.fleet;
    const ended = await run(verb, ...args, '--out', out);
    expect([ended.code, ended.stderr]).toEqual([
      1,
      expect.stringContaining('--out lies in kept, the folder of another run'),
    ]);
    // The next run of that folder clears it.
    expect((await stage.fleet('plan', '--out', 'kept')).code).toBe(0);
  });

  it('with manifests that were exported into them are not cleared by another run', async () => {
    await stage.fleet('export', '--format', 'manifest', '--out', 'live');
    const manifests = '{ manifest: live/instances/alpha/manifest.yaml }';
    await stage.write('fleet.yaml', inventoryOf({ alpha: manifests, beta: '{}' }));
    const { code, stderr } = await stage.fleet('plan', '--out', 'live');
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('--out contains the manifest of alpha, which the run would delete'),
    ]);
    expect((await stage.fleet('plan', '--out', 'out', '--only', 'alpha')).code).toBe(0);
    expect((await stage.fleet('export', '--format', 'manifest', '--out', 'live')).code).toBe(0);
  });

  it.each([
    ['a file', 'base.yaml', 'it is a link or a file'],
    ['a folder with other content', 'thesis', 'contains "years of\\nwork.txt", which no fleet run wrote'],
    ['below a file', 'base.yaml/out', 'the folder cannot be created'],
  ])('are rejected as --out: %s', async (_what, out, message) => {
    await mkdir(join(stage.folder, 'thesis'));
    await writeFile(join(stage.folder, 'thesis', 'years of\nwork.txt'), 'work');
    const { code, stderr } = await stage.fleet('plan', '--out', out);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect([...stage.seen.keys()]).toEqual([]);
    expect(await readFile(join(stage.folder, 'base.yaml'), 'utf8')).toBe(BASE);
  });

  it('are by default a named folder below the current one', async () => {
    const { stderr } = await stage.fleet('plan');
    expect(stderr).toMatch(/^Documents of this run are in \.domo-roles\/fleet\/\S+$/mu);
    expect(stderr).not.toContain(stage.folder);
    // Plans contain names of people.
    expect(await readFile(join(stage.folder, '.domo-roles/.gitignore'), 'utf8')).toBe('*\n');
  });

  it('give no instance the snapshot of another', async () => {
    await stage.fleet('export', '--out', 'kept');
    const of = (name: string): string => join(stage.folder, 'kept/instances', name, 'snapshot.json');
    await writeFile(of('beta'), await readFile(of('alpha'), 'utf8'));
    const { code } = await stage.offline('plan', '--snapshots', 'kept', '--out', 'out');
    const document = await stage.document('out');
    expect([code, statuses(document)]).toEqual([4, ['alpha changes', 'beta refused']]);
    expect(rowOf(document, 'beta').because).toBe('the snapshot of "beta" was taken of "alpha"');
  });
});

describe('the inventory that a run names', () => {
  it.each([
    ['--fleet FILE', ['plan', '--out', 'kept'], ['apply', '../kept', '--yes']],
    ['--fleet FILE', ['apply', '--yes', '--out', 'kept'], ['rollback', '../kept']],
    ['--failed-from ../kept', ['plan', '--out', 'kept'], ['plan', '--resume', '../kept']],
  ])(
    'is missing in another folder, and the hint is to name it: %s',
    async (way, [first = '', ...given], again) => {
      await stage.fleet(first, ...given);
      await mkdir(join(stage.folder, 'elsewhere'));
      const cwd = join(stage.folder, 'elsewhere');
      const { code, stderr } = await runWithin(['fleet', ...again], { ...stage.within, cwd });
      expect([code, stderr]).toEqual([1, expect.stringContaining('which does not exist here')]);
      expect(stderr).toContain(`change to the folder in which the run was started, or`);
      expect(stderr).toContain(way);
    },
  );
});

describe('an error of an instance', () => {
  it('is stored in its folder as the single command prints it, and removed after a success', async () => {
    stage.sandboxes.get('beta')?.setQuirks({ networkBlocked: true });
    await stage.fleet('plan', '--out', 'out', '--retries', '0');
    const row = rowOf(await stage.document('out'), 'beta');
    expect(row.document).toBe('instances/beta/problems.json');
    const file = join(stage.folder, 'out', 'instances/beta/problems.json');
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      kind: 'error',
      problems: [{ code: 'blocked-network', severity: 'error' }],
    });
    stage.sandboxes.get('beta')?.setQuirks({ networkBlocked: false });
    await stage.fleet('plan', '--resume', 'out');
    expect(await readdir(join(stage.folder, 'out/instances/beta'))).not.toContain('problems.json');
  });

  it('mentions no other instance there', async () => {
    await stage.write('tokens.json', JSON.stringify({ alpha: 'same', beta: 'same' }));
    await stage.fleet('plan', '--out', 'out');
    expect(rowOf(await stage.document('out'), 'beta').because).toContain('alpha');
    const text = await readFile(join(stage.folder, 'out/instances/beta/problems.json'), 'utf8');
    expect(text).toContain('shared-token');
    expect(text).not.toContain('alpha');
  });

  it('keeps the plan as the document of an instance whose apply was refused', async () => {
    await stage.write('fleet.yaml', inventoryOf({ alpha: '{}', beta: '{}' }));
    await stage.fleet('plan', '--out', 'plans');
    stage.sandboxes.get('beta')?.edit({ edit: 'create-role', name: 'Fleet Viewer' });
    await stage.fleet('apply', 'plans', '--yes', '--out', 'out');
    expect(rowOf(await stage.document('out'), 'beta').document).toBe('instances/beta/plan.json');
    expect((await readdir(join(stage.folder, 'out/instances/beta'))).sort()).toEqual(
      expect.arrayContaining(['plan.json', 'problems.json']),
    );
  });
});
