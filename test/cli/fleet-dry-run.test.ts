import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { acquireLock } from '../../src/journal/lock.js';
import { openUserLocks } from '../../src/journal/lock-folder.js';
import { isWrite } from '../../src/sandbox/faults.js';
import { inventoryOf, openFleetStage, rowOf, statuses, tokenOf } from '../support/fleet-stage.js';
import type { FleetStage } from '../support/fleet-stage.js';
import { runWithin } from '../support/in-process.js';

let stage: FleetStage;
afterEach(() => stage.close());

const CANARY = '{ labels: { stage: canary } }';
const LATE = '{ labels: { stage: late } }';
const WAVES = `waves:
  - { name: canary, where: [stage=canary] }
  - { name: late, where: [stage=late] }
`;

/** A canary and one instance after it. */
async function open(more = WAVES, beta = LATE): Promise<void> {
  stage = await openFleetStage(['alpha', 'beta']);
  await stage.write('fleet.yaml', inventoryOf({ alpha: CANARY, beta }, more));
}

/** The requests that write, over all instances. */
function writes(): string[] {
  return [...stage.seen.values()].flat().filter((line) => {
    const [method = '', url = ''] = line.split(' ');
    return isWrite(method, new URL(url).pathname.replace(/^\/[a-z]+\//u, '/'));
  });
}

const dryRun = (...args: string[]) => stage.fleet('apply', ...args, '--dry-run', '--out', 'dry');

const rehearsalOf = async (name: string): Promise<Record<string, unknown>> =>
  JSON.parse(
    await readFile(join(stage.folder, 'dry', 'instances', name, 'rehearsal.json'), 'utf8'),
  ) as Record<string, unknown>;

describe('fleet apply --dry-run', () => {
  it('rehearses every plan in waves, writes to no instance and asks nothing', async () => {
    await open();
    const { code, stdout } = await dryRun();
    expect(code).toBe(0);
    expect(writes()).toEqual([]);
    expect(stdout).toContain('Fleet dry run: customers');
    expect(stdout).toContain(
      'This is a dry run: nothing was written to any instance. The rehearsal holds on 2 instances: alpha, beta.',
    );
    const document = await stage.document('dry');
    expect(document).toMatchObject({ command: 'dry-run', summary: { exit: 0, created: 2 } });
    expect(statuses(document)).toEqual(['alpha changes', 'beta changes']);
    expect(document.waves.map(({ name, state }) => `${name} ${state}`)).toEqual(['canary done', 'late done']);
    expect(rowOf(document, 'alpha')).toMatchObject({
      ...{ document: 'instances/alpha/plan.json', sent: false, runId: null },
    });
    // The same command without the flag does write, so the count above can fail.
    expect((await stage.fleet('apply', '--yes', '--out', 'real')).code).toBe(0);
    expect(writes()).not.toEqual([]);
  });

  it('writes the document that the single command prints', async () => {
    await open();
    await dryRun('--yes', '--wait-for-lock', '1');
    const single = await runWithin(
      ['apply', 'base.yaml', '--dry-run', '--format', 'json', '--instance', 'alpha'],
      {
        ...stage.within,
        cwd: stage.folder,
        skipWaits: true,
        env: { DOMO_ACCESS_TOKEN: tokenOf('alpha'), DOMO_BASE_URL: `${stage.url}/alpha` },
      },
    );
    const printed = JSON.parse(single.stdout) as Record<string, unknown>;
    const saved = await rehearsalOf('alpha');
    expect(Object.keys(saved)).toEqual(Object.keys(printed));
    expect(saved).toMatchObject({ dryRun: true, rehearsal: printed['rehearsal'] });
    expect(writes()).toEqual([]);
  });

  it('rehearses a folder of plans without a manifest, and refuses a stale one', async () => {
    await open();
    await stage.fleet('plan', '--out', 'plans');
    await rm(join(stage.folder, 'base.yaml'));
    stage.sandboxes.get('beta')?.edit({ edit: 'create-role', name: 'Fleet Viewer', authorities: [] });
    const { code } = await dryRun('plans');
    const document = await stage.document('dry');
    expect([code, ...statuses(document)]).toEqual([4, 'alpha changes', 'beta refused']);
    expect(await rehearsalOf('alpha')).toMatchObject({ rehearsal: { holds: true } });
    expect(writes()).toEqual([]);
  });

  it('needs no lock', async () => {
    await open();
    const folder = await openUserLocks(join(stage.folder, '.local/state/domo-roles/locks'));
    const address = `${stage.url}/alpha`;
    const lock = await acquireLock(folder, { address, instance: 'alpha', now: Date.now() });
    expect((await dryRun('--wait-for-lock', '1')).code).toBe(0);
    expect((await stage.fleet('apply', '--yes', '--only', 'alpha', '--out', 'real')).code).not.toBe(0);
    await lock.release();
  });
});

describe('a dry run that the apply would not finish', () => {
  it.each([
    ['a limit of the inventory', `${WAVES}policy: { maxInstances: 1 }\n`, LATE, [], 4, 'not-started'],
    ['a suspended instance', WAVES, '{ suspended: { reason: paused } }', [], 0, 'suspended'],
    ['a wrong manifest', WAVES, '{ overlay: { roles: 7 } }', [], 3, 'invalid'],
  ])('has the result of the apply: %s', async (_what, more, beta, flags, code, status) => {
    await open(more, beta);
    const ended = await dryRun(...flags);
    expect([ended.code, rowOf(await stage.document('dry'), 'beta').status]).toEqual([code, status]);
    expect(writes()).toEqual([]);
  });

  it('stops at --all-or-nothing, and after a canary without a credential', async () => {
    await open();
    await stage.write('tokens.json', JSON.stringify({ beta: tokenOf('beta') }));
    for (const flags of [[], ['--all-or-nothing']]) {
      expect((await dryRun(...flags)).code).toBe(1);
      expect(statuses(await stage.document('dry'))).toEqual(['alpha failed', 'beta not-started']);
    }
    expect(writes()).toEqual([]);
  });
});

describe('the folder of a dry run', () => {
  it.each([
    ['apply', ['--resume', 'dry', '--yes'], 'is a fleet dry run, not a fleet apply'],
    ['apply', ['--resume', 'dry', '--dry-run'], '--dry-run cannot be combined with --resume'],
    ['apply', ['--failed-from', 'dry', '--yes', '--out', 'new'], 'is a dry run, which applied nothing'],
    ['apply', ['dry', '--yes', '--out', 'new'], 'is the folder of a fleet dry run, not of plans'],
    ['rollback', ['dry'], 'it is the folder of a fleet dry run, which changes nothing'],
  ])('is not taken as an apply: %s %j', async (verb, args, message) => {
    await open();
    await dryRun();
    const { code, stderr } = await stage.fleet(verb, ...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect(writes()).toEqual([]);
  });

  it('merges with the other shards of the dry run, and with no apply', async () => {
    await open('', '{}');
    await stage.fleet('apply', '--dry-run', '--shard', '1/2', '--out', 'one');
    await stage.fleet('apply', '--dry-run', '--shard', '2/2', '--out', 'two');
    const merged = await stage.offline('merge', 'one', 'two', '--out', 'all', '--format', 'markdown');
    expect([merged.code, merged.stdout]).toEqual([0, expect.stringContaining('## Fleet dry run')]);
    expect(merged.stdout).toContain('The rehearsal holds on 2 instances: alpha, beta');
    await stage.fleet('apply', '--yes', '--shard', '2/2', '--out', 'real');
    const mixed = await stage.offline('merge', 'one', 'real', '--out', 'mixed');
    expect([mixed.code, mixed.stderr]).toEqual([1, expect.stringContaining('they differ in the command')]);
  });

  it.each(['json', 'markdown', 'html', 'junit', 'csv'])('can be reported as %s', async (format) => {
    await open();
    const { code, stdout } = await dryRun('--format', format);
    expect([code, stdout]).toEqual([0, expect.stringContaining('alpha')]);
    if (format !== 'csv') expect(stdout).toMatch(/dry[- ]run/u);
    expect((await stage.offline('report', 'dry', '--format', format)).code).toBe(0);
  });
});
