import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FLEET_FORMATS, LIST_FORMATS } from '../../src/shell/fleet/formats.js';
import { VALIDATE_FORMATS } from '../../src/shell/formats.js';
import { BASE, inventoryOf, openFleetStage, tokenOf } from '../support/fleet-stage.js';
import type { FleetStage } from '../support/fleet-stage.js';
import { stride } from '../support/law.js';

/** The prefixes of instance names. With a concurrency of 1, instances start in the order of their names. */
const ENTRIES: Readonly<Record<string, string>> = {
  blocked: '{}',
  'blocked-too': '{}',
  changes: '{}',
  clean: '{ manifest: clean.yaml }',
  half: '{}',
  invalid: '{ overlay: { roles: { A: { grants: [no.such.grant] } } } }',
  misspelt: '{ manifest: misspelt.yaml }',
  refused: '{ overlay: { policy: { requiredAdmins: [no-one@acme.com] } } }',
  suspended: '{ suspended: { reason: ended } }',
  'no-token': '{}',
};

/** Commands, with `plan --detailed-exitcode` and `apply` without an answer as separate ones. */
const VERBS = {
  list: { argv: ['list'], formats: LIST_FORMATS },
  validate: { argv: ['validate'], formats: VALIDATE_FORMATS },
  plan: { argv: ['plan'], formats: FLEET_FORMATS },
  detailed: { argv: ['plan', '--detailed-exitcode'], formats: FLEET_FORMATS },
  apply: { argv: ['apply', '--yes'], formats: FLEET_FORMATS },
  asked: { argv: ['apply'], formats: FLEET_FORMATS },
  whole: { argv: ['apply', '--yes', '--all-or-nothing'], formats: FLEET_FORMATS },
  drift: { argv: ['drift'], formats: FLEET_FORMATS },
  doctor: { argv: ['doctor'], formats: FLEET_FORMATS },
  export: { argv: ['export'], formats: ['snapshot', 'manifest'] },
} as const satisfies Record<string, { argv: readonly string[]; formats: readonly string[] }>;

type Verb = keyof typeof VERBS;

/** The exit code of each command over each mix of instances. */
const TABLE = `
mix                               list validate plan detailed apply asked whole drift doctor export
clean                             0    0        0    0        0     0     0     0     0      0
changes                           0    0        0    2        0     4     0     2     0      0
clean changes                     0    0        0    2        0     4     0     2     0      0
suspended                         0    0        0    0        0     0     0     0     0      0
suspended changes                 0    0        0    2        0     4     0     2     0      0
blocked                           0    0        1    1        1     1     1     1     1      1
no-token                          0    0        1    1        1     1     1     1     1      1
clean blocked                     0    0        1    1        1     1     1     1     1      1
changes blocked                   0    0        1    1        5     1     1     1     1      1
suspended blocked                 0    0        1    1        1     1     1     1     1      1
misspelt                          0    3        3    3        3     3     3     3     0      0
invalid                           0    0        3    3        3     3     3     3     0      0
clean misspelt                    0    3        3    3        3     3     3     3     0      0
changes misspelt                  0    3        3    3        5     3     3     3     0      0
misspelt blocked                  0    3        1    1        1     1     1     1     1      1
refused                           0    0        4    4        4     4     4     2     0      0
clean refused                     0    0        4    4        4     4     4     2     0      0
changes refused                   0    0        4    4        5     4     4     2     0      0
refused misspelt                  0    3        3    3        3     3     3     3     0      0
refused blocked                   0    0        1    1        1     1     1     1     1      1
refused misspelt blocked          0    3        1    1        1     1     1     1     1      1
half                              0    0        0    2        5     4     5     2     0      0
half clean suspended              0    0        0    2        5     4     5     2     0      0
half blocked                      0    0        1    1        5     1     1     1     1      1
changes refused misspelt blocked  0    3        1    1        5     1     1     1     1      1
blocked changes|max               0    0        1    1        1     1     1     1     1      1
blocked clean|max                 0    0        1    1        1     1     1     1     1      1
misspelt suspended|max            0    3        3    3        3     3     3     3     0      0
changes clean|limit               0    0        0    2        0     4     0     2     0      0
changes half|limit                0    0        4    4        4     4     4     2     0      0
changes blocked half|limit        0    0        1    1        1     1     1     1     1      1
`;

const MORE: Readonly<Record<string, readonly string[]>> = {
  max: ['--max-failures', '0', '--at-once', '1'],
  limit: [],
};

interface Row {
  mix: string;
  verb: Verb;
  format: string;
  exit: number;
}

/** Every command over every mix in every format. */
function rowsOf(table: string): Row[] {
  const [head = '', ...lines] = table.trim().split('\n');
  const verbs = head.split(/ +/u).slice(1) as Verb[];
  return lines.flatMap((line) => {
    const [, mix = '', codes = ''] = /^(.+?) {2,}(.+)$/u.exec(line) ?? [];
    const exits = codes.split(/ +/u).map(Number);
    return verbs.flatMap((verb, at) =>
      VERBS[verb].formats.map((format) => ({ mix, verb, format, exit: exits[at] ?? NaN })),
    );
  });
}

const ROWS = rowsOf(TABLE);

/**
 * A quick answer takes some verbs of each mix, each in one format, and others from mix to mix; with a
 * `DOMO_ROLES_LAW_FACTOR` of 9 and more every one is taken.
 */
const step = stride(9);
const CHOSEN = ROWS.filter((_, index) => index % step === 0);

/** The default role that an instance of a stage has. */
function defaultRole(): string {
  const { roles, settings } = stage.sandboxes.get('clean')?.state() ?? { roles: [], settings: null };
  return roles.find(({ id }) => id === settings?.defaultRoleId)?.name ?? '';
}

let stage: FleetStage;
beforeAll(async () => {
  stage = await openFleetStage(Object.keys(ENTRIES));
  for (const name of ['blocked', 'blocked-too'])
    stage.sandboxes.get(name)?.setQuirks({ networkBlocked: true });
  await stage.write('clean.yaml', BASE.replace(/roles:[^]*/u, `defaultRole: ${defaultRole()}\n`));
  await stage.write('misspelt.yaml', `${BASE}rolez: {}\n`);
  await stage.write('fleet.yaml', inventoryOf(ENTRIES));
  await stage.write('limited.yaml', inventoryOf(ENTRIES, 'policy: { maxInstances: 1 }\n'));
  const tokens = Object.keys(ENTRIES)
    .filter((name) => name !== 'no-token')
    .map((name) => [name, tokenOf(name)]);
  await stage.write('tokens.json', JSON.stringify(Object.fromEntries(tokens)));
});
afterAll(() => stage.close());

describe('the exit code of a fleet', () => {
  it('is listed for every verb, mix of results and format', () => {
    expect(ROWS.every(({ exit }) => Number.isInteger(exit))).toBe(true);
    expect(new Set(ROWS.map(({ verb }) => verb)).size).toBe(Object.keys(VERBS).length);
    for (const verb of Object.keys(VERBS)) expect(CHOSEN.map((one) => one.verb)).toContain(verb);
    for (const format of FLEET_FORMATS) expect(CHOSEN.map((one) => one.format)).toContain(format);
  });

  it.each(CHOSEN)('$verb of $mix as $format: $exit', async ({ mix, verb, format, exit }) => {
    const [names = '', more = ''] = mix.split('|');
    // The role is created, and its grants cannot be set.
    stage.sandboxes.get('half')?.setFaults([{ name: '500', method: 'PUT', times: 0 }]);
    const reads = verb === 'list' || verb === 'validate';
    const run = reads ? [] : ['--out', 'out', '--retries', '0', ...(MORE[more] ?? [])];
    const argv = [
      ...VERBS[verb].argv.slice(1),
      more === 'limit' ? 'limited.yaml' : 'fleet.yaml',
      ...names.split(' ').flatMap((name) => ['--only', name]),
      ...['--format', format, ...run],
    ];
    const ended = reads
      ? await stage.offline(VERBS[verb].argv[0], ...argv)
      : await stage.fleet(VERBS[verb].argv[0], ...argv);
    expect([ended.code, ended.stderr.includes('internal')]).toEqual([exit, false]);
    if (!reads) expect((await stage.document('out')).summary.exit).toBe(exit);
    if (verb === 'apply' || verb === 'whole')
      for (const name of names.split(' ')) await stage.sandboxes.get(name)?.reset();
  });
});
