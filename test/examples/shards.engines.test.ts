import { cp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { FleetDocument } from '../../src/fleet/document.js';
import { makeState } from '../../src/sandbox/index.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import { describeWith, haveCommands, openEngineStage } from '../support/engines.js';
import type { EngineStage } from '../support/engines.js';
import { BASE, inventoryOf, readFleet, rowOf, statuses } from '../support/fleet-stage.js';
import type { Ended } from '../support/cli.js';
import { openSlurm } from '../support/slurm.js';
import type { Slurm } from '../support/slurm.js';
import { EVERYTHING, pictureOf, smallInstance } from '../support/survival.js';

const EXAMPLES = join(import.meta.dirname, '../../examples');

/** An engine that runs shards, and how to prepare it. */
interface Engine {
  example: string;
  commands: readonly string[];
  packages: string;
  open: () => Promise<{ env: Readonly<Record<string, string>>; close: () => Promise<void> }>;
}

const ENGINES: readonly Engine[] = [
  {
    example: 'parallel',
    commands: ['parallel'],
    packages: 'parallel',
    open: async () => ({ env: {}, close: async () => undefined }),
  },
  {
    example: 'slurm',
    commands: ['slurmctld', 'slurmd', 'munged', 'sbatch'],
    packages: 'slurm-wlm munge',
    open: openSlurm,
  },
];

const NAMES = Array.from({ length: 23 }, (_, index) => `i${String(index).padStart(2, '0')}`);
const SHARDS = 10;
/** The instances of shard 3. */
const THIRD = NAMES.filter((_, index) => index % SHARDS === 2);

for (const { example, commands, packages, open } of ENGINES) {
  const isThere = haveCommands(...commands);
  describeWith(
    example,
    isThere,
    `apt-get install ${packages}`,
  )(`10 shards with examples/${example}`, () => {
    let engine: Awaited<ReturnType<Engine['open']>>;
    /** Two equal fleets: one for the engine, one for a run without shards. */
    const stages: EngineStage[] = [];
    const [sharded, whole] = [
      (): EngineStage => stages[0] as EngineStage,
      (): EngineStage => stages[1] as EngineStage,
    ];
    const runs: Record<string, { sharded: Ended; whole: Ended }> = {};

    /** Runs a command with the engine and without it. */
    async function runBoth(verb: string, flags: string): Promise<void> {
      const words = `${flags} --token-dir tokens --retries 0`;
      const env = { ...engine.env, JOBS: '10', TRIES: '2', RETRY_AFTER: '0', DOMO_ROLES_RETRIES: '0' };
      runs[verb] = {
        sharded: await sharded().shell(`./fleet.sh ${verb} ${SHARDS} ${verb} fleet.yaml ${words}`, env),
        whole: await whole().shell(`domo-roles fleet ${verb} ${words} --out ${verb}-whole`),
      };
    }

    beforeAll(async () => {
      engine = await open();
      stages.push(await openTwin(example), await openTwin(example));
      await runBoth('plan', '');
      await runBoth('apply', '--yes');
    });
    afterAll(async () => {
      await engine.close();
      for (const stage of stages) await stage.close();
    });

    const merged = (verb: string): Promise<FleetDocument> =>
      readFleet(join(sharded().folder, `${verb}-merged`));
    const shardFolders = async (verb: string): Promise<string[]> =>
      (await readdir(join(sharded().folder, verb))).map((name) => `${verb}/${name}`);
    const merge = (folders: readonly string[], out: string): Promise<Ended> =>
      sharded().shell(`domo-roles fleet merge ${folders.join(' ')} --out ${out}`);

    it.each([
      ['plan', 1],
      ['apply', 5],
    ] as const)('of a fleet %s equal a run without shards, byte for byte', async (verb, code) => {
      expect(await shardFolders(verb)).toHaveLength(SHARDS);
      expect([runs[verb]?.sharded.code, runs[verb]?.whole.code]).toEqual([code, code]);
      const [one, other] = [join(sharded().folder, `${verb}-merged`), join(whole().folder, `${verb}-whole`)];
      const lasting = await Promise.all(
        [one, other].map((folder) => comparablePart(join(folder, 'fleet.json'))),
      );
      expect(lasting[0]).toBe(lasting[1]);
      const plans = await Promise.all(
        [one, other].map((folder) => comparablePart(join(folder, 'instances/i00/plan.json'))),
      );
      expect(plans[0]).toBe(plans[1]);
      expect(statuses(await merged(verb))).toEqual(NAMES.map((name) => `${name} ${expectedOf(name, verb)}`));
    });

    it('retry transient failures, but nothing that needs attention', async () => {
      const tries = (await merged('apply')).rows.filter(({ attempts }) => attempts.length > 0);
      expect(tries.map(({ instance }) => instance)).toEqual([UNREACHABLE]);
    });

    it('report the instances of a lost one as missing: exit 1 for plans and 5 for applies', async () => {
      for (const [verb, code] of [
        ['plan', 1],
        ['apply', 5],
      ] as const) {
        const left = (await shardFolders(verb)).filter((name) => !name.endsWith('shard-3'));
        expect(left).toHaveLength(SHARDS - 1);
        expect((await merge(left, `${verb}-lost`)).code).toBe(code);
        const document = await readFleet(join(sharded().folder, `${verb}-lost`));
        const missing = document.rows.filter(({ status }) => status === 'missing');
        expect(missing.map(({ instance }) => instance)).toEqual(THIRD);
      }
    });

    it('use the later attempt of a shard that ran again, and keep the writes of the first', async () => {
      const flags = 'fleet.yaml --yes --token-dir tokens --retries 0';
      const again = await sharded().shell(`domo-roles fleet apply ${flags} --shard 3/${SHARDS} --out again`);
      expect(again.code).toBe(0);
      await merge([...(await shardFolders('apply')), 'again'], 'apply-again');
      const document = await readFleet(join(sharded().folder, 'apply-again'));
      for (const name of THIRD)
        expect(rowOf(document, name)).toMatchObject({
          status: 'clean',
          attempts: [{ status: 'done', sent: true }],
        });
    });

    it.each([
      ['another number of shards', '--shard 3/9'],
      ['another selection', `--shard 3/${SHARDS} --except i00`],
      ['another inventory', `other.yaml --shard 3/${SHARDS}`],
    ])('are not merged with one of %s', async (_what, flags) => {
      await sharded().shell(`sed s/customers/clients/ fleet.yaml > other.yaml && rm -rf foreign`);
      await sharded().shell(`domo-roles fleet plan ${flags} --token-dir tokens --retries 0 --out foreign`);
      const { code, stderr } = await merge([...(await shardFolders('plan')), 'foreign'], 'never');
      expect([code, stderr]).toEqual([1, expect.stringContaining('differ')]);
    });

    it('are not merged with one of another version', async () => {
      const [first = ''] = await shardFolders('plan');
      await cp(join(sharded().folder, first), join(sharded().folder, 'older'), { recursive: true });
      const file = join(sharded().folder, 'older/fleet.json');
      const document = { ...(await readFleet(join(sharded().folder, 'older'))), madeBy: '0.0.1' };
      await writeFile(file, JSON.stringify(document));
      const folders = (await shardFolders('plan')).filter((name) => name !== first);
      expect((await merge([...folders, 'older'], 'never')).code).toBe(1);
      await rm(join(sharded().folder, 'older'), { recursive: true });
    });
  });
}

/** Fails all instances of one shard, which then writes nothing. */
const REFUSED = ['i05', 'i15'];
describeWith(
  'slurm',
  haveCommands('slurmctld', 'slurmd', 'munged', 'sbatch'),
  'apt-get install slurm-wlm munge',
)('a task that Slurm starts again', () => {
  let slurm: Slurm;
  let stage: EngineStage;
  beforeAll(async () => {
    slurm = await openSlurm();
  });
  afterAll(async () => {
    await slurm.close();
    await stage.close();
  });

  it('resumes from its own results', async () => {
    const names = ['alpha', 'beta', 'gamma'];
    const options = Object.fromEntries(names.map((name) => [name, { state: smallInstance() }]));
    stage = await openEngineStage(names, options);
    await stage.write('base.yaml', EVERYTHING);
    await stage.write('fleet.yaml', inventoryOf(Object.fromEntries(names.map((name) => [name, '{}']))));
    await cp(join(EXAMPLES, 'slurm/fleet.sh'), join(stage.folder, 'fleet.sh'));
    const beta = stage.sandboxes.get('beta') as Sandbox;
    let writes = 0;
    beta.onWrite(() => {
      writes += 1;
      if (writes === 2) beta.setFaults([{ name: 'hung-after-write', times: 1 }]);
      if (writes === 3)
        void stage.shell('scontrol requeue "$(squeue --noheader --array --format=%i | grep _2)"', slurm.env);
    });

    const { code } = await stage.shell('./fleet.sh apply 3 out fleet.yaml --token-dir tokens --yes', {
      ...slurm.env,
      DOMO_ROLES_TIMEOUT: '600',
    });

    const document = await readFleet(join(stage.folder, 'out-merged'));
    expect([code, statuses(document)]).toEqual([0, names.map((name) => `${name} done`)]);
    expect(rowOf(document, 'beta').attempts).toMatchObject([{ status: 'incomplete', sent: true }]);
    const [first, ...rest] = [...stage.sandboxes.values()].map(pictureOf);
    for (const one of rest) expect(one).toEqual(first);
  });
});

const [SUSPENDED, UNREACHABLE] = ['i08', 'i11'] as const;

/** A fleet with an instance of each kind, and the example's script. */
async function openTwin(example: string): Promise<EngineStage> {
  const state = makeState({ roles: 3, people: 6 });
  const stage = await openEngineStage(NAMES, Object.fromEntries(NAMES.map((name) => [name, { state }])));
  await stage.write('base.yaml', BASE);
  const entries = Object.fromEntries(NAMES.map((name) => [name, '{}']));
  for (const name of REFUSED)
    entries[name] = '{ overlay: { policy: { requiredAdmins: [no-one@acme.com] } } }';
  entries[SUSPENDED] = '{ suspended: { reason: ended } }';
  await stage.write('fleet.yaml', inventoryOf(entries));
  stage.sandboxes.get(UNREACHABLE)?.setQuirks({ networkBlocked: true });
  await cp(join(EXAMPLES, example, 'fleet.sh'), join(stage.folder, 'fleet.sh'));
  return stage;
}

function expectedOf(name: string, verb: 'plan' | 'apply'): string {
  if (REFUSED.includes(name)) return 'refused';
  if (name === SUSPENDED) return 'suspended';
  if (name === UNREACHABLE) return 'failed';
  return verb === 'plan' ? 'changes' : 'done';
}

/** The text of a document without the values that differ between two equal runs. */
async function comparablePart(file: string): Promise<string> {
  const text = await readFile(file, 'utf8');
  const document = JSON.parse(text) as { rows?: object[] };
  const rows = document.rows?.map((row) => ({ ...row, ms: 0, requests: 0, runId: null, attempts: [] }));
  return JSON.stringify({ ...document, ...(rows ? { rows } : {}) }, null, 2)
    .replaceAll(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/gu, '"TIME"')
    .replaceAll(/127\.0\.0\.1:\d+/gu, 'ADDRESS');
}
