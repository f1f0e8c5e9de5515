import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { inventoryOf, openFleetStage } from '../support/fleet-stage.js';
import { runWithin } from '../support/in-process.js';
import { manifest, stageForFile } from './support.js';

/** Every flag that names an instance or its credential, with a value. */
const CONNECTION = [
  ['--instance', 'acme'],
  ['--base-url', 'https://acme.domo.com'],
  ['--token-file', 'token'],
  ['--sandbox'],
];

/** The same for the instances of a fleet. */
const FLEET_CONNECTION = [
  ...CONNECTION.filter(([flag]) => !['--instance', '--token-file'].includes(flag ?? '')),
  ['--tokens', 'tokens.json'],
  ['--token-dir', 'tokens'],
];

let cwd = '';
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'domo-roles-unused-'));
});

/** Expects that a flag is refused before anything is read or written. */
async function refused(argv: readonly string[], message: string): Promise<void> {
  const ended = await runWithin(argv, { cwd });
  const [line = ''] = ended.stderr.split('\n');
  expect([ended.code, ended.stdout, line.replace(/^(?:--\S+ {2})?usage {2}/u, '')]).toEqual([1, '', message]);
  expect(ended.stderr).toContain('\n  hint: ');
  expect(await readdir(cwd)).toEqual([]);
}

describe('a flag of the connection in a run without one', () => {
  const offline: [string, string[], string][] = [
    ['plan', ['plan', '--against', 'live.json'], '--against'],
    ['drift', ['drift', '--against', 'live.json'], '--against'],
    ['who-can', ['who-can', 'audit', '--against', 'live.json'], '--against'],
    ['can', ['can', 'ana@acme.com', 'audit', '--against', 'live.json'], '--against'],
  ];
  const fleets: [string, string[], string][] = [
    ['fleet plan', ['fleet', 'plan', '--snapshots', 'live'], '--snapshots'],
    ['fleet drift', ['fleet', 'drift', '--snapshots', 'live'], '--snapshots'],
    ['fleet compare', ['fleet', 'compare', '--snapshots', 'live'], '--snapshots'],
    ['fleet compare', ['fleet', 'compare', '--manifests'], '--manifests'],
  ];
  const cases = [
    ...offline.flatMap((row) => CONNECTION.map((flag) => [row, flag] as const)),
    ...fleets.flatMap((row) => FLEET_CONNECTION.map((flag) => [row, flag] as const)),
  ].map(([[name, argv, source], [flag = '', ...value]]) => ({ name, argv, source, flag, value }));

  it.each(cases)('is an error: $name with $source and $flag', async ({ argv, source, flag, value }) => {
    await refused(
      [...argv, flag, ...value],
      `${flag} cannot be combined with ${source}, which works without an instance`,
    );
  });
});

describe('a flag that has no effect beside the others', () => {
  it.each<[string[], string]>([
    [
      ['drift', '--against', 'live.json', '--since', '3'],
      '--since cannot be combined with --against: a snapshot has no audit log',
    ],
    [
      ['fleet', 'drift', '--snapshots', 'live', '--since', '30'],
      '--since cannot be combined with --snapshots: a snapshot has no audit log',
    ],
    [['drift', '--webhook-format', 'json'], '--webhook-format needs --webhook'],
    [['init', '--token-file', 'token'], '--token-file needs an instance, and none was named'],
    [['doctor', '--yes'], '--yes needs --probe'],
    [['doctor', '--out', 'probe.json'], '--out needs --probe'],
    [['doctor', '--state', 'kept'], '--state needs --probe'],
    [['doctor', '--wait-for-lock', '0'], '--wait-for-lock needs --probe'],
    [
      ['doctor', '--probe', '--wait-for-lock', '9'],
      '--wait-for-lock needs --yes: a probe that only reads takes no lock',
    ],
    [['export', '--force'], '--force needs --out: stdout overwrites no file'],
    [
      ['sandbox', 'serve', '--memory', '--folder', 'kept'],
      '--folder cannot be combined with --memory, which keeps the state in no folder',
    ],
    ...[
      ['plan', '--format', 'junit', '--report', 'json=made.json'],
      ['plan', '--format', 'sarif', '--out', 'plan.json', '--report', 'junit=plan.xml'],
      ['drift', '--format', 'github'],
      ['report', 'plan.json', '--format', 'junit'],
      ['fleet', 'plan', '--format', 'junit'],
      ['fleet', 'drift', '--format', 'csv', '--report', 'json=drift.json'],
      ['fleet', 'merge', 'a', '--format', 'junit'],
      ['fleet', 'report', 'run', '--format', 'csv'],
    ].map((argv): [string[], string] => [
      [...argv, '--group-by', 'owner'],
      '--group-by needs text, markdown or html, and no output has this format',
    ]),
    [['sandbox', 'serve', '--seed', '7'], '--seed needs --faults: only faults are random'],
    [['fleet', 'plan', '--csv', 'rows'], '--csv needs CSV, and no output has this format'],
    [
      ['fleet', 'report', 'run', '--format', 'markdown', '--csv', 'changes'],
      '--csv needs CSV, and no output has this format',
    ],
    [['fleet', 'merge', 'a', '--csv', 'rows'], '--csv needs CSV, and no output has this format'],
    [
      ['fleet', 'list', '--policy', 'p.yaml'],
      '--policy needs --changed-since: a list of instances reads no manifest',
    ],
    [
      ['fleet', 'list', '--format', 'names', '--per-shard', '2'],
      '--per-shard cannot be combined with --format names, which shows no shard',
    ],
    [
      ['fleet', 'apply', 'fleet.yaml', '--fleet', 'other.yaml'],
      '--fleet goes with a folder of plans, and "fleet.yaml" is none',
    ],
    [
      ['fleet', 'rollback', 'run', '--yes', '--detailed-exitcode'],
      '--detailed-exitcode cannot be combined with --yes: it reports what a rollback would change',
    ],
    [
      ['fleet', 'compare', '--manifests', '--snapshots', 'live'],
      '--manifests cannot be combined with --snapshots: it compares no instance',
    ],
  ])('is an error: %j', async (argv, message) => {
    await refused(argv, message);
  });
});

describe('the same flags with what they need', () => {
  const held = stageForFile();

  it.each<[string[]]>([
    [['diff', 'live', 'live.json', '--timeout', '9']],
    [['plan', '--against', 'live.json', '--timeout', '9', '--retries', '0']],
    [['plan', '--reason', 'the pipeline gives a reason to every run']],
    [['plan', '--against', 'live.json', '--verbose']],
    [['plan', '--allow', 'escalation', '--reason', 'x']],
    [['drift', '--since', '3', '--timeout', '9']],
    [['plan', '--format', 'json', '--report', 'markdown=plan.md', '--group-by', 'owner']],
    [['drift', '--format', 'json', '--impact-limit', '3']],
    [['doctor', '--probe', '--state', 'kept']],
  ])('are accepted: %j', async (argv) => {
    await held.stage.write('domo-roles.yaml', manifest('defaultRole: Participant\n'));
    await held.stage.run('export', '--format', 'snapshot', '--out', 'live.json');
    const { stderr } = await held.stage.run(...argv);
    expect(stderr).not.toContain('usage');
  });
});

describe('an init without an instance', () => {
  it('accepts flags that change no result', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'domo-roles-init-'));
    const { code, stderr } = await runWithin(['init', '--timeout', '9', '--retries', '0'], { cwd: folder });
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('usage')]);
  });
});

describe('a diff', () => {
  const held = stageForFile();

  it('refuses flags of the connection if it reads no instance, and accepts them if it does', async () => {
    const { stage } = held;
    await stage.write('domo-roles.yaml', manifest('defaultRole: Participant\n'));
    await stage.write('other.yaml', manifest('defaultRole: Editor\n'));
    await stage.run('export', '--format', 'snapshot', '--out', 'live.json');
    for (const flag of CONNECTION) {
      for (const other of ['domo-roles.yaml', 'live.json']) {
        const { code, stderr } = await stage.run('diff', 'live.json', other, ...flag);
        expect([code, stderr]).toEqual([
          1,
          expect.stringContaining(`${flag[0] ?? ''} has no effect on a diff with a snapshot`),
        ]);
      }
    }
    for (const sides of [
      ['live', 'live.json'],
      ['domo-roles.yaml', 'live'],
      ['domo-roles.yaml', 'other.yaml'],
    ])
      expect((await stage.run('diff', ...sides, '--timeout', '9')).stderr).toBe('');
  });
});

describe('a resumed run over a fleet', () => {
  it('refuses flags that it would ignore', async () => {
    const stage = await openFleetStage(['alpha']);
    await stage.write('other.yaml', inventoryOf({ alpha: '{}' }));
    await stage.fleet('drift', '--out', 'drift', '--since', '30');
    await stage.fleet('export', '--out', 'export');
    await stage.fleet('apply', '--out', 'apply', '--yes');
    await stage.fleet('rollback', 'apply', '--out', 'back');
    const message = async (verb: string, ...args: string[]): Promise<string> =>
      (await stage.fleet(verb, ...args)).stderr.split('\n')[0]?.replace(/^.*usage {2}/u, '') ?? '';
    expect(await message('drift', '--resume', 'drift', '--since', '3')).toBe(
      'the run in "drift" was started with another --since',
    );
    expect(await message('export', '--resume', 'export', '--format', 'manifest')).toBe(
      'the run in "export" was started with another --format',
    );
    expect(await message('rollback', 'drift', '--resume', 'back')).toBe(
      'the run did not read "drift", but "apply"',
    );
    expect(await message('rollback', '--resume', 'back', '--fleet', 'other.yaml')).toBe(
      'the run did not read "other.yaml", but "fleet.yaml"',
    );
    expect((await stage.fleet('drift', '--resume', 'drift', '--since', '30')).code).toBe(2);
    await stage.close();
  });
});
