import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inventoryOf, openFleetStage, rowOf, statuses } from '../support/fleet-stage.js';
import type { FleetStage } from '../support/fleet-stage.js';
import { runWithin } from '../support/in-process.js';
import type { InstanceRoles } from '../../src/fleet/instance-roles.js';
import { checkSaved } from '../../src/schema/check-saved.js';
import { EVERYTHING, pictureOf, smallInstance } from '../support/survival.js';

const NAMES = ['alpha', 'beta', 'gamma'];
/** A rename and grants. */
const FEW = `apiVersion: domo-roles/v1
kind: Roles
roles:
  Data Analyst: { renamedFrom: [Analyst] }
  Grows: { grants: [alert.edit, content.card.edit] }
`;

const WAVES = `waves:
  - { name: canary, where: [stage=canary] }
  - { name: late, where: [stage=late] }
`;

let stage: FleetStage;
let before: Map<string, unknown>;

beforeEach(async () => {
  stage = await openFleetStage(
    NAMES,
    Object.fromEntries(NAMES.map((name) => [name, { state: smallInstance() }])),
  );
  await stage.write('base.yaml', FEW);
  await stage.write(
    'fleet.yaml',
    inventoryOf(
      { alpha: '{ labels: { stage: canary } }', beta: '{ labels: { stage: late } }', gamma: '{}' },
      WAVES,
    ),
  );
  before = pictures();
});
afterEach(() => stage.close());

function pictures(): Map<string, unknown> {
  return new Map([...stage.sandboxes].map(([name, sandbox]) => [name, pictureOf(sandbox)]));
}

async function applied(...args: string[]): Promise<void> {
  const { code, stderr } = await stage.fleet('apply', '--yes', '--out', 'out', ...args);
  expect([code, stderr.includes('error')]).toEqual([0, false]);
}

/** The instances in the order of their first write from now on. */
function writeOrder(): string[] {
  const order: string[] = [];
  for (const [name, sandbox] of stage.sandboxes)
    sandbox.onWrite(() => {
      if (!order.includes(name)) order.push(name);
    });
  return order;
}

describe('fleet rollback', () => {
  it('that allows a rule is an error if no policy of the undone runs has that rule', async () => {
    await stage.write(
      'base.yaml',
      `${FEW}policy: { rules: { few-growers: { role: Grows, maxPeople: 900 } } }\n`,
    );
    await applied();
    const after = pictures();
    const mistyped = await stage.fleet('rollback', 'out', '--allow', 'rule=few-grower', '--yes');
    expect([mistyped.code, mistyped.stderr]).toEqual([
      1,
      expect.stringContaining('--allow rule=few-grower names no rule of any selected instance'),
    ]);
    expect(pictures()).toEqual(after);
    const ofOne = await stage.fleet('rollback', 'out', '--allow', 'beta:rule=few-grower');
    expect(ofOne.code).toBe(1);
    expect((await stage.fleet('rollback', 'out', '--allow', 'rule=few-growers')).code).toBe(0);
  });

  it('that allows a rule does not know the rules of other shards, nor of an instance that was not planned', async () => {
    await stage.write('fleet.yaml', inventoryOf({ alpha: '{}', beta: '{}', gamma: '{}' }));
    await applied();
    const allow = ['--allow', 'rule=few', '--out', 'undo'];
    expect((await stage.fleet('rollback', 'out', '--shard', '1/2', ...allow)).code).toBe(0);
    expect((await stage.fleet('rollback', 'out', ...allow)).code).toBe(1);
    const runs = join(stage.folder, 'out/instances/gamma/run/runs');
    const plan = join(runs, (await readdir(runs))[0] ?? '', 'plan.json');
    await writeFile(plan, (await readFile(plan, 'utf8')).replace('"offline": false', '"offline": true'));
    expect((await stage.fleet('rollback', 'out', ...allow)).code).toBe(4);
    expect(statuses(await stage.document('undo'))).toEqual([
      'alpha changes',
      'beta changes',
      'gamma refused',
    ]);
  });

  it('plans without --yes, writes nothing, and rejects its own folder and a missing instance', async () => {
    await applied();
    const after = pictures();
    const { code, stdout, stderr } = await stage.fleet('rollback', 'out', '--out', 'undo');
    expect(code).toBe(0);
    expect(stderr).toMatch(/Nothing was undone yet\. To undo the fleet apply, add --yes\.\n$/u);
    expect(pictures()).toEqual(after);
    const document = await stage.document('undo');
    expect(document).toMatchObject({ command: 'rollback', summary: { changes: 3, exit: 0 } });
    expect(statuses(document)).toEqual(['alpha changes', 'beta changes', 'gamma changes']);
    expect(stdout).toContain('3 with changes');
    expect((await stage.fleet('rollback', 'out', '--detailed-exitcode')).code).toBe(2);

    const own = await stage.fleet('rollback', 'out', '--out', 'out');
    expect([own.code, own.stderr]).toEqual([1, expect.stringContaining('--out is the folder of the apply')]);
  });

  it('refuses an instance that is no longer in the inventory unless --only or --except leaves it out', async () => {
    await applied();
    await stage.write('fleet.yaml', inventoryOf({ alpha: '{}', beta: '{}' }));
    const all = await stage.fleet('rollback', 'out', '--out', 'less');
    expect(all.code).toBe(4);
    expect(all.stdout).toContain('3 instances (the inventory has 2)');
    expect(rowOf(await stage.document('less'), 'gamma')).toMatchObject({
      status: 'refused',
      because: 'gamma is no longer in the inventory',
    });

    const gone = await stage.fleet('rollback', 'out', '--out', 'less', '--only', 'gamma');
    expect([gone.code, statuses(await stage.document('less'))]).toEqual([4, ['gamma refused']]);
    for (const flags of [
      ['--only', 'alpha'],
      ['--except', 'gamma', '--except', 'beta'],
    ]) {
      const { code } = await stage.fleet('rollback', 'out', '--out', 'less', ...flags);
      expect([code, statuses(await stage.document('less'))]).toEqual([0, ['alpha changes']]);
    }
    const typo = await stage.fleet('rollback', 'out', '--out', 'less', '--only', 'gama');
    expect([typo.code, typo.stderr]).toEqual([1, expect.stringContaining('did you mean "gamma"?')]);
  });

  it('stores with each plan who holds protected grants', async () => {
    await applied();
    await stage.fleet('rollback', 'out', '--out', 'undo');
    const file = join(stage.folder, 'undo/instances/alpha/roles.json');
    const roles = JSON.parse(await readFile(file, 'utf8')) as InstanceRoles;
    expect(checkSaved('instance-roles', roles)).toEqual([]);
    expect(roles).toMatchObject({ instance: 'alpha', roles: null });
    expect(roles.holders.map(({ role }) => role)).toContain('Admin');
    const page = await stage.offline('report', 'undo', '--format', 'html');
    expect(page.stdout).toContain('Who holds a protected grant');
  });

  it('undoes everything in reverse waves and then has nothing left to undo', async () => {
    await stage.write('base.yaml', EVERYTHING);
    await applied();
    const order = writeOrder();
    const { code } = await stage.fleet('rollback', 'out', '--yes', '--at-once', '1');
    expect(code).toBe(0);
    expect(order).toEqual(['gamma', 'beta', 'alpha']);
    expect(pictures()).toEqual(before);
    const document = await stage.document('out-rollback');
    expect(statuses(document)).toEqual(['alpha done', 'beta done', 'gamma done']);
    expect(document.waves.map(({ name }) => name)).toEqual(['rest', 'late', 'canary']);

    const again = await stage.fleet('rollback', 'out', '--yes', '--out', 'again');
    expect(again.code).toBe(0);
    expect(statuses(await stage.document('again'))).toEqual(['alpha clean', 'beta clean', 'gamma clean']);

    // A rollback without --out keeps the folder of the finished one.
    const finished = await readFile(join(stage.folder, 'out-rollback/fleet.json'), 'utf8');
    expect((await stage.fleet('rollback', 'out', '--yes')).code).toBe(0);
    expect(await readFile(join(stage.folder, 'out-rollback/fleet.json'), 'utf8')).toBe(finished);
  });

  it('refuses an instance that has changed since, and undoes the others', async () => {
    await applied();
    const beta = stage.sandboxes.get('beta');
    const grows = beta?.state().roles.find(({ name }) => name === 'Grows');
    beta?.edit({ edit: 'set-grants', roleId: grows?.id ?? 0, authorities: ['dataset.export'] });
    const changed = beta && pictureOf(beta);
    const { code } = await stage.fleet('rollback', 'out', '--yes', '--max-failures', '5');
    // In reverse order, the canary comes after the failed wave, so it does not start.
    expect(code).toBe(5);
    const document = await stage.document('out-rollback');
    expect(statuses(document)).toEqual(['alpha not-started', 'beta refused', 'gamma done']);
    expect(rowOf(document, 'beta').refusals).toMatchObject([{ code: 'stale-plan' }]);
    expect(beta && pictureOf(beta)).toEqual(changed);
    expect(pictures().get('gamma')).toEqual(before.get('gamma'));
  });

  it('undoes only the selected instances', async () => {
    await applied();
    expect((await stage.fleet('rollback', 'out', '--yes', '--only', 'alpha')).code).toBe(0);
    const after = pictures();
    expect(after.get('alpha')).toEqual(before.get('alpha'));
    expect(after.get('beta')).not.toEqual(before.get('beta'));
  });

  it('undoes an apply that was interrupted and resumed, newest run first', async () => {
    stage.sandboxes.get('beta')?.setFaults([{ name: '500', method: 'PUT', nth: 2, times: 0 }]);
    expect((await stage.fleet('apply', '--yes', '--out', 'out', '--retries', '0')).code).toBe(5);
    stage.sandboxes.get('beta')?.setFaults([]);
    await stage.fleet('apply', '--yes', '--out', 'out', '--failed-from', 'out');
    const runs = await readdir(join(stage.folder, 'out/instances/beta/run/runs')).catch(() => []);
    expect(runs.length).toBeGreaterThan(0);
    expect((await stage.fleet('rollback', 'out', '--yes')).code).toBe(0);
  });

  describe('of an apply in two runs that changed the same role', () => {
    beforeEach(async () => {
      const roles = FEW.replace('Grows:', 'Brand New: { grants: [alert.edit] }\n  Grows:');
      await stage.write('base.yaml', `${roles}policy: { rules: { few: { role: Grows, maxPeople: 900 } } }\n`);
      // The first run creates the role, and cannot set its grants.
      stage.sandboxes.get('beta')?.setFaults([{ name: '500', method: 'PUT', times: 0 }]);
      const flags = ['--yes', '--only', 'beta', '--out', 'out', '--retries', '0'];
      expect((await stage.fleet('apply', ...flags)).code).toBe(5);
      stage.sandboxes.get('beta')?.setFaults([]);
      // Only the first run has the rule.
      await stage.write('base.yaml', roles);
      expect((await stage.fleet('apply', '--yes', '--resume', 'out')).code).toBe(0);
      expect(await readdir(join(stage.folder, 'out/instances/beta/run/runs'))).toHaveLength(2);
    });

    it('undoes both, and has nothing left to undo', async () => {
      const planned = await stage.fleet('rollback', 'out', '--allow', 'max-deletes=9', '--out', 'planned');
      expect(planned.stdout).toContain('earlier runs of the apply are undone on 1 instance: beta.');
      const undone = await stage.fleet('rollback', 'out', '--yes', '--allow', 'max-deletes=9');
      expect([undone.code, pictures()]).toEqual([0, before]);
      expect(undone.stdout).toContain('earlier runs of the apply were undone on 1 instance: beta.');
      const again = await stage.fleet('rollback', 'out', '--detailed-exitcode', '--out', 'again');
      expect(again.code).toBe(0);
      expect(statuses(await stage.document('again'))).toEqual(['beta clean']);
    });

    it.each(['rule=few', 'beta:rule=few'])('allows a rule that only one of them has: %s', async (rule) => {
      const allow = ['--allow', 'max-deletes=9', '--allow', rule];
      const planned = await stage.fleet('rollback', 'out', ...allow, '--out', 'planned');
      expect([planned.code, statuses(await stage.document('planned'))]).toEqual([0, ['beta changes']]);
      expect([(await stage.fleet('rollback', 'out', '--yes', ...allow)).code, pictures()]).toEqual([
        0,
        before,
      ]);
    });

    it('finishes a rollback that was killed before it recorded its end', async () => {
      const undo = ['rollback', 'out', '--yes', '--allow', 'max-deletes=9', '--out', 'undo'] as const;
      await stage.fleet(...undo);
      const log = join(stage.folder, 'undo/fleet.jsonl');
      const lines = (await readFile(log, 'utf8'))
        .split('\n')
        .filter((line) => !line.includes('"event":"end"'));
      await writeFile(log, lines.join('\n'));
      await rm(join(stage.folder, 'undo/fleet.json'));
      const ended = await stage.fleet(...undo);
      expect([ended.code, pictures()]).toEqual([0, before]);
      expect(statuses(await stage.document('undo'))).toEqual(['beta done']);
    });
  });

  it('writes beside the folder of the apply, also from within it', async () => {
    await applied();
    const target = ['--base-url', `${stage.url}/{name}`, '--tokens', '../tokens.json'];
    const undo = ['fleet', 'rollback', '.', '--fleet', '../fleet.yaml', '--yes', ...target];
    const { code } = await runWithin(undo, {
      ...{ cwd: join(stage.folder, 'out'), skipWaits: true },
      ...stage.within,
    });
    expect([code, pictures()]).toEqual([0, before]);
    expect((await stage.document('out-rollback')).command).toBe('rollback');
  });

  it('leaves instances alone that were not written to', async () => {
    await applied('--only', 'alpha');
    const order = writeOrder();
    expect((await stage.fleet('rollback', 'out', '--yes')).code).toBe(0);
    expect(order).toEqual(['alpha']);
    expect(statuses(await stage.document('out-rollback'))).toEqual(['alpha done']);
  });

  it.each([
    ['the folder of a plan', ['plan', '--out', 'out'], 1, 'which changes nothing'],
    ['the folder of a drift', ['drift', '--out', 'out'], 1, 'which changes nothing'],
  ])('rejects %s', async (_, [verb = '', ...args], code, text) => {
    await stage.fleet(verb, ...args);
    const ended = await stage.fleet('rollback', 'out', '--yes');
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(text)]);
  });

  it('rejects a folder without a run and a missing folder', async () => {
    await mkdir(join(stage.folder, 'empty'));
    for (const [args, text] of [
      [['empty'], 'holds no fleet run'],
      [[], 'specify the fleet apply to undo'],
    ] as const) {
      const { code, stderr } = await stage.fleet('rollback', ...args);
      expect([code, stderr]).toEqual([1, expect.stringContaining(text)]);
    }
  });

  it('undoes an interrupted apply without a document, and can be undone itself', async () => {
    await applied();
    const after = pictures();
    await rm(join(stage.folder, 'out/fleet.json'));
    expect((await stage.fleet('rollback', 'out', '--yes', '--out', 'undo')).code).toBe(0);
    expect(pictures()).toEqual(before);
    expect((await stage.fleet('rollback', 'undo', '--yes')).code).toBe(0);
    expect(pictures()).toEqual(after);
  });

  it('has nothing to do when --failed-from leaves nothing of the apply', async () => {
    await applied();
    const nothing = ['--failed-from', 'out', '--out', 'undo'];
    for (const args of [['--yes'], []]) {
      const { code, stderr } = await stage.fleet('rollback', 'out', ...args, ...nothing);
      expect([code, stderr]).toEqual([0, expect.stringContaining('nothing to do: no selected')]);
    }
    expect((await stage.document('undo')).rows).toEqual([]);
    // A selection of instances that the apply did not include is still an error.
    await applied('--only', 'alpha');
    const { code, stderr } = await stage.fleet('rollback', 'out', '--only', 'beta', '--failed-from', 'out');
    expect([code, stderr]).toEqual([1, expect.stringContaining('no instance of the fleet was selected')]);
  });

  it.each([
    ['planned', [], 1, false],
    ['made', ['--yes'], 5, true],
  ] as const)(
    'that was %s in shards, one of them lost, has the right exit code and writes',
    async (_, yes, exit, sent) => {
      await stage.write('fleet.yaml', inventoryOf({ alpha: '{}', beta: '{}', gamma: '{}' }));
      await applied();
      await stage.fleet('rollback', 'out', ...yes, '--shard', '1/2', '--out', 'half');
      expect((await stage.offline('merge', 'half', '--out', 'joined')).code).toBe(exit);
      expect(rowOf(await stage.document('joined'), 'beta')).toMatchObject({ status: 'missing', sent });
    },
  );

  it('does not report an instance as clean when its record of the apply is missing', async () => {
    const where = ['--yes', '--wave', 'rest'];
    await stage.write('fleet.yaml', inventoryOf({ alpha: '{}', beta: '{}', gamma: '{}' }));
    await stage.fleet('apply', ...where, '--shard', '1/2', '--out', 's1');
    await stage.fleet('apply', ...where, '--shard', '2/2', '--out', 's2');
    expect((await stage.offline('merge', 's1', '--out', 'half')).code).toBe(5);
    expect((await stage.fleet('rollback', 'half', '--out', 'undo')).code).toBe(1);
    const document = await stage.document('undo');
    expect(statuses(document)).toEqual(['alpha changes', 'beta failed', 'gamma changes']);
    expect(rowOf(document, 'beta').problems).toMatchObject([{ code: 'bad-file' }]);

    const runs = join(stage.folder, 's1/instances/gamma/run/runs');
    await rm(join(runs, (await readdir(runs))[0] ?? '', 'before.json'));
    await stage.fleet('rollback', 's1', '--out', 'undo');
    expect(statuses(await stage.document('undo'))).toEqual(['alpha changes', 'gamma failed']);

    await rm(join(stage.folder, 's1/instances/alpha/run'), { recursive: true });
    await stage.fleet('rollback', 's1', '--out', 'undo');
    expect(statuses(await stage.document('undo'))).toEqual(['alpha failed', 'gamma failed']);
  });

  it('does not report an instance as clean that an interrupted apply began and whose record is missing', async () => {
    await applied();
    await rm(join(stage.folder, 'out/fleet.json'));
    const log = join(stage.folder, 'out/fleet.jsonl');
    const isEndOfAlpha = (line: string): boolean =>
      line.includes('"event":"end"') && line.includes('"instance":"alpha"');
    const lines = (await readFile(log, 'utf8')).split('\n').filter((line) => !isEndOfAlpha(line));
    await writeFile(log, lines.join('\n'));
    const runs = join(stage.folder, 'out/instances/alpha/run/runs');
    const run = join(runs, (await readdir(runs))[0] ?? '');
    // Before the first write, a run has a plan and an empty journal.
    for (const file of ['before.json', 'outcome.json']) await rm(join(run, file));
    await writeFile(join(run, 'journal.jsonl'), '');
    await stage.fleet('rollback', 'out', '--out', 'undo');
    expect(statuses(await stage.document('undo'))).toContain('alpha clean');
    await rm(run, { recursive: true });
    await stage.fleet('rollback', 'out', '--out', 'undo');
    expect(statuses(await stage.document('undo'))).toContain('alpha clean');
    await rm(join(runs, '..'), { recursive: true });
    expect((await stage.fleet('rollback', 'out', '--out', 'undo')).code).toBe(1);
    const document = await stage.document('undo');
    expect(statuses(document)).toContain('alpha failed');
    expect(rowOf(document, 'alpha').because).toContain('the record of the apply is missing');
  });
});
