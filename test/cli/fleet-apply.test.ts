import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Writable } from 'node:stream';
import { afterEach, describe, expect, it } from '@jest/globals';
import { acquireLock } from '../../src/journal/lock.js';
import { openUserLocks } from '../../src/journal/lock-folder.js';
import { checkSchema } from '../support/check-schema.js';
import { BASE, inventoryOf, openFleetStage, rowOf, statuses } from '../support/fleet-stage.js';
import { stride } from '../support/law.js';
import type { FleetRow } from '../../src/fleet/document.js';
import type { Edit } from '../../src/sandbox/index.js';
import type { FleetStage } from '../support/fleet-stage.js';

let stage: FleetStage;
afterEach(() => stage.close());

/** The instances that have the role of the base. */
function written(): string[] {
  return [...stage.sandboxes].flatMap(([name, sandbox]) =>
    sandbox.state().roles.some((role) => role.name === 'Fleet Viewer') ? [name] : [],
  );
}

const WAVES = `waves:
  - { name: canary, where: [stage=canary] }
  - { name: rest-of-world, where: [stage=late] }
`;

/** Edits a saved plan: its digest no longer matches its content. */
async function editPlan(file: string): Promise<void> {
  const path = join(stage.folder, file);
  await writeFile(path, (await readFile(path, 'utf8')).replaceAll('content.export', 'dataset.export'));
}

/** Three instances without waves. */
async function openPlain(): Promise<void> {
  stage = await openFleetStage(['alpha', 'beta', 'gamma']);
}

/** A canary and two instances after it. */
async function openWaves(): Promise<void> {
  stage = await openFleetStage(['alpha', 'beta', 'gamma']);
  const late = '{ labels: { stage: late } }';
  await stage.write(
    'fleet.yaml',
    inventoryOf({ alpha: '{ labels: { stage: canary } }', beta: late, gamma: late }, WAVES),
  );
}

describe('a canary wave that fails', () => {
  it('before any write leaves every instance untouched, starts no further wave and exits with 1', async () => {
    await openWaves();
    stage.sandboxes.get('alpha')?.setQuirks({ networkBlocked: true });
    const { code } = await stage.fleet('apply', '--yes', '--out', 'out', '--retries', '0');
    expect(code).toBe(1);
    expect(written()).toEqual([]);
    const document = await stage.document('out');
    expect(statuses(document)).toEqual(['alpha failed', 'beta not-started', 'gamma not-started']);
    expect(rowOf(document, 'beta').because).toBe('the wave canary has 1 failure, and may have 0');
    expect(document.waves.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'canary failed',
      'rest-of-world not-started',
    ]);
  });

  it('after a write exits with 5, and --failed-from then does only the rest', async () => {
    await openWaves();
    // The role is created, and its grants cannot be set.
    stage.sandboxes.get('alpha')?.setFaults([{ name: '500', method: 'PUT', times: 0 }]);
    const first = await stage.fleet('apply', '--yes', '--out', 'out', '--retries', '0');
    stage.sandboxes.get('alpha')?.setFaults([]);
    expect(first.code).toBe(5);
    expect(statuses(await stage.document('out'))).toEqual([
      'alpha incomplete',
      'beta not-started',
      'gamma not-started',
    ]);
    const second = await stage.fleet('apply', '--yes', '--out', 'again', '--failed-from', 'out/fleet.json');
    expect(second.code).toBe(0);
    expect(written()).toEqual(['alpha', 'beta', 'gamma']);
    const third = await stage.fleet('apply', '--yes', '--out', 'third', '--failed-from', 'again/fleet.json');
    expect([third.code, (await stage.document('third')).rows]).toEqual([0, []]);
  });
});

describe('failures during a fleet apply', () => {
  it('do not stop other instances, and the exit code is 5 when those wrote', async () => {
    await openPlain();
    stage.sandboxes.get('beta')?.setQuirks({ networkBlocked: true });
    const { code } = await stage.fleet('apply', '--yes', '--out', 'out', '--retries', '0');
    expect(code).toBe(5);
    expect(statuses(await stage.document('out'))).toEqual(['alpha done', 'beta failed', 'gamma done']);
    expect(written()).toEqual(['alpha', 'gamma']);
  });

  it('prevent every write with --all-or-nothing: exit 1', async () => {
    await openPlain();
    stage.sandboxes.get('beta')?.setQuirks({ networkBlocked: true });
    const { code } = await stage.fleet(
      'apply',
      '--yes',
      '--out',
      'out',
      '--all-or-nothing',
      '--retries',
      '0',
    );
    expect(code).toBe(1);
    expect(written()).toEqual([]);
    const document = await stage.document('out');
    expect(statuses(document)).toEqual(['alpha not-started', 'beta failed', 'gamma not-started']);
    expect(rowOf(document, 'alpha').because).toContain('--all-or-nothing');
  });

  it('prevent every write with --all-or-nothing when one saved plan is refused', async () => {
    await openPlain();
    await stage.write('strict.yaml', `${BASE}policy: { requiredAdmins: [no-one@acme.com] }\n`);
    await stage.write(
      'fleet.yaml',
      inventoryOf({ alpha: '{}', beta: '{ manifest: strict.yaml }', gamma: '{}' }),
    );
    expect((await stage.fleet('plan', '--out', 'plans')).code).toBe(4);
    const { code } = await stage.fleet('apply', 'plans', '--yes', '--out', 'out', '--all-or-nothing');
    expect(code).toBe(4);
    expect(written()).toEqual([]);
    expect(statuses(await stage.document('out'))).toEqual([
      'alpha not-started',
      'beta refused',
      'gamma not-started',
    ]);
    const allowed = await stage.fleet(
      ...(['apply', 'plans', '--yes', '--out', 'allowed', '--all-or-nothing'] as const),
      ...['--allow', 'beta:required-admins', '--reason', 'a new instance'],
    );
    expect(allowed.code).toBe(0);
    expect(written()).toEqual(['alpha', 'beta', 'gamma']);
  });

  it.each([
    [
      'changed since',
      4,
      'refused',
      () => stage.sandboxes.get('beta')?.edit({ edit: 'create-role', name: 'Fleet Viewer' }),
    ],
    [
      'cannot be reached',
      1,
      'failed',
      () => stage.sandboxes.get('beta')?.setQuirks({ networkBlocked: true }),
    ],
    ['has an edited plan', 4, 'refused', () => editPlan('plans/instances/beta/plan.json')],
  ])(
    'prevent every write with --all-or-nothing when the instance of a saved plan %s',
    async (_what, code, status, spoil) => {
      await openPlain();
      await stage.fleet('plan', '--out', 'plans');
      await spoil();
      const flags = ['plans', '--yes', '--all-or-nothing', '--retries', '0'];
      for (const [out, more] of [
        ['dry', ['--dry-run']],
        ['out', []],
      ] as const) {
        const ended = await stage.fleet('apply', ...flags, '--out', out, ...more);
        expect([ended.code, statuses(await stage.document(out))]).toEqual([
          code,
          ['alpha not-started', `beta ${status}`, 'gamma not-started'],
        ]);
      }
      expect(written().filter((name) => name !== 'beta')).toEqual([]);
    },
  );

  it('start no further instance once there are more than --max-failures', async () => {
    await openPlain();
    for (const name of ['alpha', 'beta']) stage.sandboxes.get(name)?.setQuirks({ networkBlocked: true });
    const more = ['--at-once', '1', '--retries', '0'];
    const one = await stage.fleet('apply', '--yes', '--out', 'one', '--max-failures', '1', ...more);
    expect([one.code, written()]).toEqual([1, []]);
    expect(statuses(await stage.document('one'))).toEqual([
      'alpha failed',
      'beta failed',
      'gamma not-started',
    ]);
    const two = await stage.fleet('apply', '--yes', '--out', 'two', '--max-failures', '2', ...more);
    expect([two.code, written()]).toEqual([5, ['gamma']]);
  });

  it('leave a wave within its limit not finished if its other instances do not start', async () => {
    await openPlain();
    const names = ['alpha', 'beta', 'gamma'];
    const entries = Object.fromEntries(names.map((name) => [name, '{ labels: { tier: all } }']));
    const wave = 'waves: [{ name: all, where: [tier=all], mayFail: 3 }]\n';
    await stage.write('fleet.yaml', inventoryOf(entries, wave));
    await stage.fleet('plan', '--out', 'plans');
    stage.sandboxes.get('beta')?.edit({ edit: 'create-role', name: 'Fleet Viewer' });
    const flags = ['--yes', '--out', 'out', '--at-once', '1', '--max-failures', '0'];
    const { stdout } = await stage.fleet('apply', 'plans', ...flags);
    const document = await stage.document('out');
    expect(statuses(document)).toEqual(['alpha done', 'beta refused', 'gamma not-started']);
    expect(document.waves).toMatchObject([{ name: 'all', failures: 1, mayFail: 3, state: 'not-finished' }]);
    expect(checkSchema('fleet', document)).toEqual([]);
    expect(stdout).toContain('not finished  all: 3 instances');
  });

  it('of a stale saved plan do not stop other instances', async () => {
    await openPlain();
    await stage.fleet('plan', '--out', 'plans');
    stage.sandboxes.get('beta')?.edit({ edit: 'create-role', name: 'Fleet Viewer' });
    const { code } = await stage.fleet('apply', 'plans', '--yes', '--out', 'out');
    expect(code).toBe(5);
    const document = await stage.document('out');
    expect(statuses(document)).toEqual(['alpha done', 'beta refused', 'gamma done']);
    expect(rowOf(document, 'beta').refusals.map(({ code: one }) => one)).toEqual(['stale-plan']);
  });
});

describe('limits of the whole fleet', () => {
  it.each([
    ['minInstances: 4', 'min-instances'],
    ['maxInstances: 2', 'max-instances'],
    ['maxInstances: "50%"', 'max-instances'],
  ])('refuse plan and apply with 4 in the fleet document: policy.%s', async (policy, code) => {
    await openPlain();
    await stage.write(
      'fleet.yaml',
      inventoryOf({ alpha: '{}', beta: '{}', gamma: '{}' }, `policy: { ${policy} }\n`),
    );
    for (const verb of ['plan', 'apply']) {
      const ended = await stage.fleet(verb, '--out', verb, ...(verb === 'apply' ? ['--yes'] : []));
      expect([verb, ended.code]).toEqual([verb, 4]);
      const document = await stage.document(verb);
      expect(document.refusals.map((one) => one.code)).toEqual([code]);
      expect(document.rows.every(({ refusals }) => refusals.length === 0)).toBe(true);
    }
    expect(written()).toEqual([]);
    expect(statuses(await stage.document('apply'))[0]).toBe('alpha not-started');
  });
});

describe('an apply that is not confirmed', () => {
  it('refuses its rows and writes nothing', async () => {
    await openPlain();
    const { code } = await stage.fleet('apply', '--out', 'out');
    expect(code).toBe(4);
    expect(written()).toEqual([]);
    const { rows } = await stage.document('out');
    expect(rows.map(({ status, refusals }) => [status, refusals.map((one) => one.code)])).toEqual(
      rows.map(() => ['refused', ['not-confirmed']]),
    );
  });

  it('because it was stopped at the prompt leaves its rows not started and exits with 1', async () => {
    await openPlain();
    const stop = new AbortController();
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    const stderr = Object.assign(new PassThrough(), { isTTY: true });
    const asked = new Promise<void>((done) => {
      stderr.on('data', (text: Buffer) => {
        if (text.toString('utf8').includes('Write to 3 instances?')) done();
      });
    });
    const ending = stage.fleetIn({ signal: stop.signal, stdin, stderr }, 'apply', '--out', 'out');
    await asked;
    stop.abort();
    expect((await ending).code).toBe(1);
    const { rows } = await stage.document('out');
    expect(rows.map(({ status, because }) => `${status} ${because}`)).toEqual(
      rows.map(() => 'not-started interrupted before anything was written'),
    );
  });

  it('is not possible when there are no changes, since nothing is asked', async () => {
    await openPlain();
    await stage.fleet('apply', '--yes', '--out', 'out');
    expect((await stage.fleet('apply', '--out', 'again')).code).toBe(0);
  });
});

describe('an interrupted fleet run', () => {
  it.each(['plan', 'apply'])('ends the wait for a busy instance at once (%s)', async (verb) => {
    await openPlain();
    const stop = new AbortController();
    const busy = (): Promise<Response> => {
      setImmediate(() => stop.abort());
      return Promise.resolve(new Response('{}', { status: 429, headers: { 'retry-after': '20' } }));
    };
    const within = { signal: stop.signal, skipWaits: false, fetchFor: () => busy };
    const start = Date.now();
    const { code } = await stage.fleetIn(within, verb, '--only', 'alpha', '--out', 'out');
    expect(Date.now() - start).toBeLessThan(15_000);
    const { rows } = await stage.document('out');
    expect([code, ...rows.map(({ status, problems }) => [status, problems[0]?.code])]).toEqual([
      1,
      ['failed', 'too-many-requests'],
    ]);
  });

  it('starts no more instances, finishes those in progress and writes its document', async () => {
    await openPlain();
    const stop = new AbortController();
    // The first write of the first instance.
    stage.sandboxes.get('alpha')?.onWrite(() => stop.abort());
    const { code } = await stage.fleetIn(
      { signal: stop.signal },
      'apply',
      '--yes',
      '--out',
      'out',
      '--at-once',
      '1',
    );
    expect(code).toBe(5);
    const document = await stage.document('out');
    // It has more writes than this one.
    expect(rowOf(document, 'alpha')).toMatchObject({ status: 'done', sent: true });
    expect(rowOf(document, 'beta')).toMatchObject({
      status: 'not-started',
      because: 'the run was stopped',
      sent: false,
    });
    expect(written()).not.toContain('beta');
    const resumed = await stage.fleet('apply', '--resume', 'out', '--yes');
    expect(resumed.code).toBe(0);
    expect(written()).toEqual(['alpha', 'beta', 'gamma']);
  });

  it('during planning asks nothing, writes nothing and exits with 1', async () => {
    await openPlain();
    const stop = new AbortController();
    stage.sandboxes.get('beta')?.after(1, () => stop.abort());
    const { code, stderr } = await stage.fleetIn(
      { signal: stop.signal },
      ...(['apply', '--out', 'out', '--at-once', '1'] as const),
    );
    expect([code, written()]).toEqual([1, []]);
    expect(stderr).toContain('stopping: no more instances start, those in progress finish');
    expect(statuses(await stage.document('out'))).toEqual([
      'alpha not-started',
      'beta not-started',
      'gamma not-started',
    ]);
    expect((await stage.fleet('apply', '--resume', 'out', '--yes')).code).toBe(0);
  });
});

/** The lines of a run's log. */
const linesOf = async (out: string): Promise<string[]> =>
  (await readFile(join(stage.folder, out, 'fleet.jsonl'), 'utf8')).trimEnd().split('\n');

/** The instances that ended in a run, one for each line of its log, in order of their names. */
const endsOf = async (out: string): Promise<string[]> =>
  (await linesOf(out))
    .map((line) => JSON.parse(line) as { event: string; row?: FleetRow })
    .flatMap(({ event, row }) => (event === 'end' ? [`${row?.instance} ${row?.status}`] : []))
    .sort();

describe('an instance that is locked by another run', () => {
  /** Takes its lock as another run would, and releases it when this run begins to wait. */
  async function applyWhileLocked(
    otherRun: () => void,
    ...args: string[]
  ): Promise<{ code: number; text: string }> {
    const folder = await openUserLocks(join(stage.folder, '.local/state/domo-roles/locks'));
    const address = `${stage.url}/alpha`;
    const lock = await acquireLock(folder, { address, instance: 'alpha', now: Date.now() });
    let text = '';
    const stderr = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        const line = chunk.toString('utf8');
        text += line;
        if (line.includes('waiting up to')) {
          otherRun();
          void lock.release();
        }
        done();
      },
    });
    const { code } = await stage.fleetIn({ stderr }, 'apply', '--yes', '--out', 'out', ...args);
    await lock.release();
    return { code, text };
  }

  it('is planned after that run has ended with --wait-for-lock', async () => {
    await openPlain();
    const alpha = stage.sandboxes.get('alpha');
    const create: Edit = { edit: 'create-role', name: 'Fleet Viewer', authorities: ['alert.edit'] };
    const { code, text } = await applyWhileLocked(() => void alpha?.edit(create), '--wait-for-lock', '3600');
    expect(text).toContain('alpha: waiting up to 3600 s: another apply on alpha is running');
    expect([code, statuses(await stage.document('out'))]).toEqual([
      0,
      ['alpha done', 'beta done', 'gamma done'],
    ]);
    const roles = alpha?.state().roles.filter(({ name }) => name === 'Fleet Viewer');
    expect(roles?.map(({ authorities }) => authorities)).toEqual([['alert.edit', 'content.export']]);
  });

  it('is refused without --wait-for-lock, and the others continue', async () => {
    await openPlain();
    const { code } = await applyWhileLocked(() => undefined);
    expect([code, statuses(await stage.document('out'))]).toEqual([
      5,
      ['alpha refused', 'beta done', 'gamma done'],
    ]);
    expect(rowOf(await stage.document('out'), 'alpha').refusals.map((one) => one.code)).toEqual(['locked']);
  });

  it('has one end in the log of a run that it stops before its first write, and of the next one', async () => {
    await openPlain();
    await applyWhileLocked(() => undefined);
    const ended = ['alpha refused', 'beta done', 'gamma done'];
    expect(await endsOf('out')).toEqual(ended);
    await stage.fleet('apply', '--yes', '--resume', 'out');
    expect(await endsOf('out')).toEqual(['alpha done', ...ended]);
  });
});

describe('a fleet run that is killed', () => {
  it('after any line of its log can be resumed and reaches the same end state', async () => {
    await openPlain();
    const before = new Map([...stage.sandboxes].map(([name, sandbox]) => [name, sandbox.state()]));
    await stage.fleet('apply', '--yes', '--out', 'out', '--at-once', '2');
    const whole = await linesOf('out');
    const wholeEnd = statuses(await stage.document('out'));
    const log = join(stage.folder, 'out', 'fleet.jsonl');
    let resumed = false;
    for (let kept = 1; kept < whole.length; kept += stride(2)) {
      const lines = whole.slice(0, kept);
      const begun = new Set(
        lines
          .map((line) => JSON.parse(line) as { event: string; instance?: string })
          .flatMap(({ event, instance }) => (event === 'begin' ? [instance ?? ''] : [])),
      );
      // Instances that had not started by then were not written to.
      for (const [name, sandbox] of stage.sandboxes)
        if (!begun.has(name)) await sandbox.reset(before.get(name));
      await rm(join(stage.folder, 'out', 'fleet.json'), { force: true });
      // The kill truncated the next line.
      await writeFile(log, `${lines.join('\n')}\n${whole[kept]?.slice(0, 20) ?? ''}`);
      resumed = !resumed;
      const how = resumed ? ['--resume', 'out'] : ['--out', 'out'];
      const ended = await stage.fleet('apply', '--yes', ...how);
      expect([kept, ended.code]).toEqual([kept, 0]);
      expect(written()).toEqual(['alpha', 'beta', 'gamma']);
      const document = await stage.document('out');
      expect(document.rows.map(({ instance }) => instance)).toEqual(['alpha', 'beta', 'gamma']);
      for (const row of document.rows) {
        expect(['done', 'clean']).toContain(row.status);
        const isEnded = lines.some(
          (line) => line.includes('"event":"end"') && line.includes(`"instance":"${row.instance}"`),
        );
        // Started but not finished, so it may have written.
        const cut = begun.has(row.instance) && !isEnded;
        expect([row.instance, row.attempts.map(({ status, sent }) => `${status} ${sent}`)]).toEqual([
          row.instance,
          cut ? ['incomplete true'] : [],
        ]);
      }
    }
    expect(wholeEnd).toEqual(['alpha done', 'beta done', 'gamma done']);
  });

  it('counts the writes of earlier attempts: exit 5 until everything is in place', async () => {
    await openPlain();
    await stage.fleet('apply', '--yes', '--out', 'out', '--at-once', '1');
    const [head = '', begin = ''] = await linesOf('out');
    expect(begin).toContain('"begin"');
    await rm(join(stage.folder, 'out', 'fleet.json'));
    await writeFile(join(stage.folder, 'out', 'fleet.jsonl'), `${head}\n${begin}\n${begin}\n`);
    stage.sandboxes.get('alpha')?.setQuirks({ networkBlocked: true });
    const { code } = await stage.fleet('apply', '--resume', 'out', '--yes', '--retries', '0');
    expect(code).toBe(5);
    const row = rowOf(await stage.document('out'), 'alpha');
    expect([row.status, row.sent, row.attempts.length]).toEqual(['failed', false, 2]);
    // From now on, the row also lists the failed attempt.
    await stage.fleet('apply', '--resume', 'out', '--yes', '--retries', '0');
    expect(rowOf(await stage.document('out'), 'alpha').attempts.map(({ status }) => status)).toEqual([
      'incomplete',
      'incomplete',
      'failed',
    ]);
  });

  it('is not resumed with another inventory: exit 1 with a hint to --failed-from', async () => {
    await openPlain();
    await stage.fleet('apply', '--yes', '--out', 'out');
    await stage.write('fleet.yaml', inventoryOf({ alpha: '{}', beta: '{}', gamma: '{ labels: { a: b } }' }));
    const { code, stderr } = await stage.fleet('apply', '--resume', 'out', '--yes');
    expect(code).toBe(1);
    expect(stderr).toContain('--failed-from out');
  });

  it('is not resumed by another command, nor is a folder without a run', async () => {
    await openPlain();
    await stage.fleet('plan', '--out', 'out');
    const other = await stage.fleet('apply', '--resume', 'out', '--yes');
    expect([other.code, other.stderr.includes('fleet plan --resume out')]).toEqual([1, true]);
    expect((await stage.fleet('apply', '--resume', 'missing', '--yes')).code).toBe(1);
  });

  it('with saved plans continues with its plan files, even for removed names', async () => {
    await openPlain();
    await stage.fleet('plan', '--out', 'plans');
    await stage.write('fleet.yaml', inventoryOf({ alpha: '{}', beta: '{}' }));
    const first = await stage.fleet('apply', 'plans', '--yes', '--out', 'out', '--at-once', '1');
    expect(first.code).toBe(5);
    const whole = await stage.document('out');
    expect(statuses(whole)).toEqual(['alpha done', 'beta done', 'gamma refused']);
    expect(whole.selection.flags).toEqual({ plans: 'plans' });
    // From now on, a plan of the manifests would differ.
    await stage.write('base.yaml', BASE.replace('Fleet Viewer', 'Something Else'));
    const lines = await linesOf('out');
    const upTo = lines.findIndex(
      (line) => line.includes('"instance":"alpha"') && line.includes('"event":"end"'),
    );
    await rm(join(stage.folder, 'out', 'fleet.json'));
    await writeFile(join(stage.folder, 'out', 'fleet.jsonl'), `${lines.slice(0, upTo + 1).join('\n')}\n`);
    await stage.sandboxes.get('beta')?.reset();
    const { code } = await stage.fleet('apply', '--resume', 'out', '--yes');
    expect(code).toBe(5);
    expect(statuses(await stage.document('out'))).toEqual(['alpha done', 'beta done', 'gamma refused']);
    expect(written()).toEqual(['alpha', 'beta']);
  });
});

describe('a folder of saved plans', () => {
  it('is not applied after a row was removed from its document', async () => {
    stage = await openFleetStage(['alpha', 'beta']);
    await stage.fleet('plan', '--out', 'plans');
    const { rows, ...rest } = await stage.document('plans');
    await stage.write('plans/fleet.json', JSON.stringify({ ...rest, rows: rows.slice(1) }));
    stage.seen.clear();
    for (const verb of ['apply', 'report'])
      expect(await stage.offline(verb, 'plans')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('the rows are not those of the selection'),
      });
    expect(stage.seen.size).toBe(0);
  });

  it('is applied without a manifest, and a modified plan file is rejected', async () => {
    await openPlain();
    await stage.fleet('plan', '--out', 'plans');
    await rm(join(stage.folder, 'base.yaml'));
    const file = join(stage.folder, 'plans/instances/beta/plan.json');
    await writeFile(file, (await readFile(file, 'utf8')).replaceAll('Looks at finance', 'Looks at all'));
    const { code } = await stage.fleet('apply', 'plans', '--yes', '--out', 'out');
    expect(code).toBe(5);
    const document = await stage.document('out');
    expect(statuses(document)).toEqual(['alpha done', 'beta refused', 'gamma done']);
    expect(rowOf(document, 'beta').refusals.map((one) => one.code)).toEqual(['plan-tampered']);
  });

  it('may not contain the plan of another instance', async () => {
    await openPlain();
    await stage.fleet('plan', '--out', 'plans');
    const folder = join(stage.folder, 'plans/instances');
    await writeFile(join(folder, 'beta/plan.json'), await readFile(join(folder, 'alpha/plan.json'), 'utf8'));
    await stage.fleet('apply', 'plans', '--yes', '--out', 'out');
    expect(statuses(await stage.document('out'))[1]).toBe('beta refused');
    expect(written()).toEqual(['alpha', 'gamma']);
  });

  it('may contain rows without a plan, which are counted', async () => {
    await openPlain();
    stage.sandboxes.get('beta')?.setQuirks({ networkBlocked: true });
    await stage.fleet('plan', '--out', 'plans', '--retries', '0');
    const { code } = await stage.fleet('apply', 'plans', '--yes', '--out', 'out');
    expect([code, statuses(await stage.document('out'))[1]]).toEqual([5, 'beta failed']);
  });

  it('is applied with the current suspensions', async () => {
    await openPlain();
    await stage.fleet('plan', '--out', 'plans');
    await stage.write(
      'fleet.yaml',
      inventoryOf({ alpha: '{}', beta: '{ suspended: { reason: ended, until: 2099-12-31 } }', gamma: '{}' }),
    );
    const { code } = await stage.fleet('apply', 'plans', '--yes', '--out', 'out');
    const document = await stage.document('out');
    expect([code, statuses(document)[1], written()]).toEqual([0, 'beta suspended', ['alpha', 'gamma']]);
    expect(rowOf(document, 'beta').because).toBe('ended (until 2099-12-31)');
  });

  it.each([
    [['--out', 'plans'], '--out is the folder of the plans'],
    [['--out', 'out', '--only-expired'], '--only-expired works with manifests'],
  ])('with %j is a usage error', async (args, message) => {
    await openPlain();
    await stage.fleet('plan', '--out', 'plans');
    const { code, stderr } = await stage.fleet('apply', 'plans', '--yes', ...args);
    expect([code, stderr.includes(message)]).toEqual([1, true]);
  });

  it('must not be the folder of an apply', async () => {
    await openPlain();
    await stage.fleet('apply', '--yes', '--out', 'done');
    const { code, stderr } = await stage.fleet('apply', 'done', '--yes', '--out', 'out');
    expect([code, stderr.includes('not of plans')]).toEqual([1, true]);
  });
});
