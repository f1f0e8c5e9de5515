import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { openRandom } from '../../src/sandbox/random.js';
import type { Fault, Sandbox, SandboxOptions } from '../../src/sandbox/index.js';
import {
  describeWith,
  haveCommands,
  installExample,
  openEngineStage,
  processesLike,
} from '../support/engines.js';
import type { EngineStage, Started } from '../support/engines.js';
import { inventoryOf, readFleet, rowOf, statuses } from '../support/fleet-stage.js';
import { openWorkers } from '../support/queue-workers.js';
import type { Workers } from '../support/queue-workers.js';
import { openRedis } from '../support/redis.js';
import type { Redis } from '../support/redis.js';
import { EVERYTHING, IGNORES_START, recordAccessOf, pictureOf, smallInstance } from '../support/survival.js';

/** Decides which worker is killed, and when. */
const SEED = 20_261_126;

const queue = await installExample('queue');
const isThere = queue !== null && haveCommands('redis-server', 'redis-cli');

describeWith(
  'Redis with BullMQ',
  isThere,
  'apt-get install redis-server',
)('the queue', () => {
  const folder = queue ?? '';
  let redis: Redis;
  let stage: EngineStage;
  let workers: Workers;
  beforeAll(async () => {
    redis = await openRedis();
  });
  afterAll(async () => {
    await redis.close();
    await rm(folder, { recursive: true });
  });
  afterEach(async () => {
    await workers.stop();
    await stage.close();
    redis.ask('flushall');
  });

  async function open(
    names: readonly string[],
    { count = 1, options = {}, entries = {}, env = {} }: Opened = {},
  ): Promise<void> {
    stage = await openEngineStage(names, options);
    await stage.write('base.yaml', EVERYTHING);
    const all = Object.fromEntries(names.map((name) => [name, entries[name] ?? '{}']));
    await stage.write('fleet.yaml', inventoryOf(all));
    const own = { REDIS_URL: redis.url, TOKEN_DIR: 'tokens', LOST_AFTER_MS: '2000', ...env };
    workers = openWorkers(count, {
      folder: stage.folder,
      script: join(folder, 'worker.mjs'),
      env: { ...stage.env, ...own },
    });
  }

  /** Starts to apply all instances. */
  const produce = (): Started =>
    stage.start(`node ${join(folder, 'produce.mjs')} fleet.yaml rest runs`, {
      REDIS_URL: redis.url,
      RETRY_AFTER_MS: '50',
    });

  it('applies 50 instances with 3 workers that are killed repeatedly, each with the result of an uninterrupted run', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `i${String(index).padStart(2, '0')}`);
    const options = Object.fromEntries(
      names.map((name) => [name, { state: smallInstance(), quirks: IGNORES_START }]),
    );
    await open(names, { count: 3, options });
    const accessRecords = new Map(
      [...stage.sandboxes].map(([name, sandbox]) => [name, recordAccessOf(sandbox)]),
    );
    killAtRandom();

    const { code, stdout } = await produce().ended;

    expect([code, stdout]).toEqual([0, expect.stringContaining('In all: ')]);
    expect(Math.min(...workers.kills)).toBeGreaterThanOrEqual(3);
    const [first, ...rest] = [...stage.sandboxes.values()].map(pictureOf);
    for (const one of rest) expect(one).toEqual(first);
    for (const [name, one] of accessRecords) expect([name, one.excesses()]).toEqual([name, []]);
    for (const [name, sandbox] of stage.sandboxes) {
      const roles = sandbox.state().roles.map((role) => role.name);
      expect([name, roles.length]).toEqual([name, new Set(roles).size]);
    }
    const merged = await readFleet(join(stage.folder, 'runs/rest-merged'));
    expect(merged.rows.map(({ instance }) => instance)).toEqual(names);
    // A worker that was killed after its last write finds nothing left to do.
    for (const { status, attempts } of merged.rows)
      expect(status === 'done' || (status === 'clean' && attempts.length > 0)).toBe(true);
    expect(merged.rows.filter(({ attempts }) => attempts.length > 0).length).toBeGreaterThanOrEqual(3);
    const after = await stage.shell(
      'domo-roles fleet plan --token-dir tokens --detailed-exitcode --out after',
    );
    expect(after.code).toBe(0);
  }, 150_000);

  /** The attempts at an instance, as the worker prints them. */
  const triesAt = (instance: string): string[] =>
    [...workers.text().matchAll(new RegExp(`^${instance}: try (\\d+) ended with (\\d)$`, 'gmu'))].map(
      ([, number, exit]) => `${number}: ${exit}`,
    );

  it('retries exit codes 1 and 5, never 3 and 4, which need attention', async () => {
    await open(['good', 'wrong', 'guarded', 'down', 'shaky'], {
      entries: {
        wrong: '{ manifest: wrong.yaml }',
        guarded: '{ overlay: { policy: { requiredAdmins: [no-one@acme.com] } } }',
      },
      options: Object.fromEntries(
        ['good', 'guarded', 'down', 'shaky'].map((name) => [name, { state: smallInstance() }]),
      ),
      env: { DOMO_ROLES_RETRIES: '0' },
    });
    await stage.write('wrong.yaml', `${EVERYTHING}rolez: {}\n`);
    stage.sandboxes.get('down')?.setQuirks({ networkBlocked: true });
    const shaky = stage.sandboxes.get('shaky') as Sandbox;
    breakAt(shaky, 3, { name: '500', method: 'PUT', times: 1 });

    const { code } = await produce().ended;

    expect(Object.fromEntries([...stage.sandboxes.keys()].map((name) => [name, triesAt(name)]))).toEqual({
      good: ['1: 0'],
      wrong: ['1: 3'],
      guarded: ['1: 4'],
      down: ['1: 1', '2: 1', '3: 1', '4: 1', '5: 1'],
      shaky: ['1: 5', '2: 0'],
    });
    expect(code).toBe(5);
    const merged = await readFleet(join(stage.folder, 'runs/rest-merged'));
    expect(statuses(merged)).toEqual([
      'down failed',
      'good done',
      'guarded refused',
      'shaky done',
      'wrong invalid',
    ]);
    expect(rowOf(merged, 'shaky').attempts).toMatchObject([{ status: 'incomplete', sent: true }]);
    expect(pictureOf(shaky)).toEqual(pictureOf(stage.sandboxes.get('good') as Sandbox));
  });

  /** The processes of the command that works on an instance. */
  const commandsFor = (instance: string): number[] => processesLike(`fleet apply .*runs/rest/${instance}`);

  it('makes a job wait for the command of a killed worker to end', async () => {
    await open(['alpha'], { count: 2, options: { alpha: { state: smallInstance() } } });
    const alpha = stage.sandboxes.get('alpha') as Sandbox;
    let paused: number[] = [];
    atWrite(alpha, 3, () => {
      // The command cannot notice yet that its worker is dead.
      paused = commandsFor('alpha');
      for (const pid of paused) process.kill(pid, 'SIGSTOP');
      for (const place of [0, 1]) workers.kill(place, 'alone');
    });
    const producer = produce();
    while (!workers.text().includes('waiting up to 600 s: another run in the folder "alpha" is running'))
      await sleep(20);
    for (const pid of paused) process.kill(pid, 'SIGCONT');

    expect((await producer.ended).code).toBe(0);
    expect(triesAt('alpha')).toEqual(['1: 0']);
    // The job resumes the run that it waited for, which is done.
    const row = rowOf(await readFleet(join(stage.folder, 'runs/rest-merged')), 'alpha');
    expect(row).toMatchObject({ status: 'done', sent: true, attempts: [] });
  });

  it.each([
    ['is killed', () => workers.kill(0, 'alone')],
    ['has lost its job', () => void redis.ask('del', 'bull:domo-roles:instance-alpha:lock')],
  ])('ends the command of a worker that %s before its job goes to another worker', async (_how, lose) => {
    const options = { alpha: { state: smallInstance() } };
    await open(['alpha'], { options, env: { LOST_AFTER_MS: '3000', DOMO_ROLES_TIMEOUT: '600' } });
    const alpha = stage.sandboxes.get('alpha') as Sandbox;
    breakAt(alpha, 2, { name: 'hung-after-write', times: 1 });
    let stuck: number[] = [];
    atWrite(alpha, 3, () => {
      stuck = commandsFor('alpha');
      lose();
    });
    const producer = produce();
    while (stuck.length === 0) await sleep(20);
    while (commandsFor('alpha').some((pid) => stuck.includes(pid))) await sleep(20);
    // The job was not retried while its command ran.
    expect(commandsFor('alpha')).toEqual([]);
    expect((await producer.ended).code).toBe(0);
    expect(pictureOf(alpha)).toEqual(await uninterrupted());
  });

  /** The state of an instance after an uninterrupted apply. */
  async function uninterrupted(): Promise<unknown> {
    const other = await openEngineStage(['alpha'], { alpha: { state: smallInstance() } });
    await other.write('base.yaml', EVERYTHING);
    expect((await other.shell('domo-roles fleet apply --token-dir tokens --yes --out out')).code).toBe(0);
    const picture = pictureOf(other.sandboxes.get('alpha') as Sandbox);
    await other.close();
    return picture;
  }

  /** At some writes, the next worker is killed: alone, or with all its processes, as when its machine fails. */
  function killAtRandom(): void {
    const random = openRandom(SEED);
    let [left, turn] = [15, 0];
    for (const sandbox of stage.sandboxes.values()) {
      sandbox.onWrite(() => {
        left -= 1;
        if (left > 0) return;
        left = 25 + random.below(50);
        workers.kill(turn % 3, random.pick(['alone', 'with its command', 'with its command']));
        turn += 1;
      });
    }
  }
});

/** Runs a callback once, at the nth write to an instance. */
function atWrite(sandbox: Sandbox, nth: number, work: () => void): void {
  let writes = 0;
  sandbox.onWrite(() => {
    writes += 1;
    if (writes === nth) work();
  });
}

/** Fails all requests after the nth write to an instance. */
function breakAt(sandbox: Sandbox, nth: number, fault: Fault): void {
  atWrite(sandbox, nth, () => sandbox.setFaults([fault]));
}

interface Opened {
  count?: number;
  options?: Readonly<Record<string, SandboxOptions>>;
  /** The inventory entries by name. */
  entries?: Readonly<Record<string, string>>;
  env?: Readonly<Record<string, string>>;
}
