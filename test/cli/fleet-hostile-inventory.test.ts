import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { folderOf } from '../manifest/support.js';
import { inventoryOf, openFleetStage, tokenOf } from '../support/fleet-stage.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';
import { runWithin } from '../support/in-process.js';
import { readCsv } from '../support/read-csv.js';

const HEAD = 'apiVersion: domo-roles/v1\nkind: Roles\n';
const BASE = `${HEAD}roles: { Reader: { grants: [content.export] } }\n`;
const SECRET = 'secret-outside-of-the-repository';

const fleetOf = (body: string): string => `apiVersion: domo-roles/v1\nkind: Fleet\n${body}`;
const withEntry = (entry: string, more = ''): string =>
  fleetOf(`manifest: base.yaml\ninstances:\n  ${entry}\n${more}`);

/** A repository in a folder, next to files that must not be read. */
async function worldOf(files: Readonly<Record<string, string>>): Promise<string> {
  const outer = await folderOf({
    'outside.yaml': `${BASE}# ${SECRET}\n`,
    'outside.csv': `name\n${SECRET}\n`,
  });
  const cwd = join(outer, 'repository');
  await mkdir(cwd);
  for (const [name, text] of Object.entries({ 'base.yaml': BASE, ...files })) {
    await mkdir(dirname(join(cwd, name)), { recursive: true });
    await writeFile(join(cwd, name), text);
  }
  await symlink('../outside.yaml', join(cwd, 'link.yaml'));
  await symlink('../outside.csv', join(cwd, 'link.csv'));
  await symlink('..', join(cwd, 'up'));
  return cwd;
}

const fleet = (cwd: string, ...args: string[]) => runWithin(['fleet', ...args], { cwd });

const bomb = (levels: number): string =>
  `x-a: &a0 [x, x, x, x, x, x, x, x, x]\n${Array.from(
    { length: levels },
    (_, at) => `x-${at}: &a${at + 1} [${Array.from({ length: 9 }, () => `*a${at}`).join(', ')}]\n`,
  ).join('')}`;

/** A hostile change, the exit code and the message. */
const ATTACKS: Readonly<Record<string, [files: Record<string, string>, code: number, message: string]>> = {
  // Paths.
  'a manifest path that leaves the folder': [
    { 'fleet.yaml': withEntry('a: { manifest: ../outside.yaml }') },
    3,
    'outside the repository',
  ],
  'a manifest path that leaves the folder after entering another': [
    { 'fleet.yaml': withEntry('a: { manifest: x/../../outside.yaml }') },
    3,
    'outside the repository',
  ],
  'an absolute manifest': [
    { 'fleet.yaml': withEntry('a: { manifest: /etc/passwd }') },
    3,
    'outside the repository',
  ],
  'a manifest that is a link to the outside': [
    { 'fleet.yaml': withEntry('a: { manifest: link.yaml }') },
    3,
    'outside the repository',
  ],
  'a manifest below a link to the outside': [
    { 'fleet.yaml': withEntry('a: { manifest: up/outside.yaml }') },
    3,
    'outside the repository',
  ],
  'a top-level manifest that leaves the folder': [
    { 'fleet.yaml': fleetOf('manifest: ../{name}.yaml\ninstances: { outside: {} }\n') },
    3,
    'outside the repository',
  ],
  'a label that leaves the folder': [
    {
      'fleet.yaml': fleetOf('manifest: "{tier}/outside.yaml"\ninstances: { a: { labels: { tier: .. } } }\n'),
    },
    3,
    'is not a valid label value',
  ],
  'a label with a slash': [
    {
      'fleet.yaml': fleetOf('manifest: "{tier}.yaml"\ninstances: { a: { labels: { tier: ../outside } } }\n'),
    },
    3,
    'is not a valid label value',
  ],
  'a path with a control character': [
    { 'fleet.yaml': withEntry('a: { manifest: "base\\0.yaml" }') },
    3,
    'manifest',
  ],
  'a manifest that is a device': [
    { 'fleet.yaml': withEntry('a: { manifest: /dev/zero }') },
    3,
    'outside the repository',
  ],
  'a manifest on the network': [
    { 'fleet.yaml': withEntry('a: { manifest: "https://evil.example/base.yaml" }') },
    1,
    'does not exist',
  ],
  'a base that leaves the folder': [
    { 'fleet.yaml': withEntry('a: { manifest: own.yaml }'), 'own.yaml': `${HEAD}extends: ../outside.yaml\n` },
    3,
    'outside',
  ],
  'members of an overlay that leave the folder': [
    { 'fleet.yaml': withEntry('a: { overlay: { roles: { R: { members: { file: ../outside.csv } } } } }') },
    3,
    'outside',
  ],
  'members of an overlay that are a link': [
    { 'fleet.yaml': withEntry('a: { overlay: { roles: { R: { members: { file: link.csv } } } } }') },
    3,
    'outside',
  ],
  'a table that leaves the folder': [
    { 'fleet.yaml': withEntry('a: {}', 'instancesFrom: [{ file: ../outside.csv }]\n') },
    3,
    'outside the repository',
  ],
  'a table that is a link': [
    { 'fleet.yaml': withEntry('a: {}', 'instancesFrom: [{ file: link.csv }]\n') },
    3,
    'outside the repository',
  ],
  'a table that is the folder': [
    { 'fleet.yaml': withEntry('a: {}', 'instancesFrom: [{ file: . }]\n') },
    3,
    'it is not a file',
  ],
  'a manifest in a cell that leaves the folder': [
    {
      'fleet.yaml': fleetOf('instancesFrom: [{ file: i.csv }]\n'),
      'i.csv': 'name,manifest\na,../outside.yaml\n',
    },
    3,
    'outside the repository',
  ],

  // Names.
  'the name __proto__': [{ 'fleet.yaml': withEntry('__proto__: {}') }, 3, 'is not a valid instance name'],
  'the name toString': [{ 'fleet.yaml': withEntry('toString: {}') }, 3, 'is not a valid instance name'],
  'an address': [
    { 'fleet.yaml': withEntry('"https://evil.example": {}') },
    3,
    'is not a valid instance name',
  ],
  'a Domo address': [{ 'fleet.yaml': withEntry('"https://acme.domo.com": {}') }, 3, 'write acme'],
  'an address with a port': [
    { 'fleet.yaml': withEntry('"evil.example:8080": {}') },
    3,
    'is not a valid instance name',
  ],
  'a Domo host': [{ 'fleet.yaml': withEntry('acme.domo.com: {}') }, 3, 'write acme'],
  'a user before the host': [
    { 'fleet.yaml': withEntry('"acme@evil.example": {}') },
    3,
    'is not a valid instance name',
  ],
  'a name that ends a host': [
    { 'fleet.yaml': withEntry('"evil.example/": {}') },
    3,
    'is not a valid instance name',
  ],
  'a name with a fragment': [{ 'fleet.yaml': withEntry('"evil#": {}') }, 3, 'is not a valid instance name'],
  'a name of a folder above': [{ 'fleet.yaml': withEntry('"..": {}') }, 3, 'is not a valid instance name'],
  'a name with a slash': [{ 'fleet.yaml': withEntry('a/b: {}') }, 3, 'is not a valid instance name'],
  'a name in upper case': [{ 'fleet.yaml': withEntry('Acme: {}') }, 3, 'write acme'],
  'a look-alike': [{ 'fleet.yaml': withEntry('асме: {}') }, 3, 'is not a valid instance name'],
  'an empty name': [{ 'fleet.yaml': withEntry('"": {}') }, 3, 'is not a valid instance name'],
  'a blank name': [{ 'fleet.yaml': withEntry('" ": {}') }, 3, 'is not a valid instance name'],
  'a name with a line break': [{ 'fleet.yaml': withEntry('"a\\nb": {}') }, 3, 'is not a valid instance name'],
  'a name of 64 letters': [
    { 'fleet.yaml': withEntry(`${'a'.repeat(64)}: {}`) },
    3,
    'is not a valid instance name',
  ],
  'a name that ends with a hyphen': [
    { 'fleet.yaml': withEntry('a-: {}') },
    3,
    'is not a valid instance name',
  ],
  'a duplicate name': [{ 'fleet.yaml': withEntry('a: {}\n  a: {}') }, 3, 'a'],
  'a name twice in a table': [
    {
      'fleet.yaml': fleetOf('manifest: base.yaml\ninstancesFrom: [{ file: i.csv }]\n'),
      'i.csv': 'name\na\na\n',
    },
    3,
    'is listed here and in i.csv:2',
  ],

  // Labels, waves and texts.
  'a label that is HTML': [
    { 'fleet.yaml': withEntry('a: { labels: { t: "<b>" } }') },
    3,
    'is not a valid label value',
  ],
  'a label that is a formula': [
    { 'fleet.yaml': withEntry('a: { labels: { t: "=1+1" } }') },
    3,
    'is not a valid label value',
  ],
  'a label with a line break': [
    { 'fleet.yaml': withEntry('a: { labels: { t: "x\\ny" } }') },
    3,
    'is not a valid label value',
  ],
  'an empty label': [{ 'fleet.yaml': withEntry('a: { labels: { t: "" } }') }, 3, 'label'],
  'a label that is a map': [{ 'fleet.yaml': withEntry('a: { labels: { t: { u: v } } }') }, 3, 't'],
  'a label __proto__': [{ 'fleet.yaml': withEntry('a: { labels: { __proto__: x } }') }, 3, '__proto__'],
  'labels that are a list': [{ 'fleet.yaml': withEntry('a: { labels: [x] }') }, 3, 'labels'],
  'the wave rest': [
    { 'fleet.yaml': withEntry('a: {}', 'waves: [{ name: rest, where: [a=b] }]\n') },
    3,
    'reserved',
  ],
  'a wave with no term': [
    { 'fleet.yaml': withEntry('a: {}', 'waves: [{ name: w, where: ["$(id)"] }]\n') },
    3,
    'is not a valid term',
  ],
  'a name of the fleet that is HTML': [{ 'fleet.yaml': withEntry('a: {}', 'name: "<script>"\n') }, 3, 'name'],
  'an overlay with another instance': [
    { 'fleet.yaml': withEntry('a: { overlay: { instance: evil } }') },
    3,
    'instance',
  ],
  'an overlay that extends': [
    { 'fleet.yaml': withEntry('a: { overlay: { extends: base.yaml } }') },
    3,
    'extends',
  ],
  'an overlay with a kind': [{ 'fleet.yaml': withEntry('a: { overlay: { kind: Roles } }') }, 3, 'kind'],
  'a credential in an entry': [{ 'fleet.yaml': withEntry('a: { token: abc }') }, 3, 'token'],
  'an address in an entry': [
    { 'fleet.yaml': withEntry('a: { baseUrl: "https://evil.example" }') },
    3,
    'baseUrl',
  ],
  'an address of the fleet': [
    { 'fleet.yaml': withEntry('a: {}', 'baseUrl: "https://evil.example"\n') },
    3,
    'baseUrl',
  ],

  // YAML.
  'an alias bomb': [{ 'fleet.yaml': withEntry('a: {}', bomb(9)) }, 3, 'alias'],
  'deeply nested lists': [
    { 'fleet.yaml': withEntry('a: {}', `x-a: ${'['.repeat(5000)}${']'.repeat(5000)}\n`) },
    3,
    '',
  ],
  'an alias of itself': [{ 'fleet.yaml': withEntry('a: {}', 'x-a: &a [*a]\n') }, 3, ''],
  'a tag that runs code': [{ 'fleet.yaml': withEntry('a: !!js/function "x"', '') }, 3, ''],
  'a merge key': [{ 'fleet.yaml': withEntry('a: { <<: { manifest: ../outside.yaml } }') }, 3, '<<'],
  'two documents': [{ 'fleet.yaml': `${withEntry('a: {}')}---\n${withEntry('b: {}')}` }, 3, ''],
  'a manifest in place of the inventory': [{ 'fleet.yaml': BASE }, 3, 'not a fleet file'],
  'an empty file': [{ 'fleet.yaml': '' }, 3, 'apiVersion'],
  'no entry': [
    { 'fleet.yaml': fleetOf('manifest: base.yaml\ninstances: {}\n') },
    3,
    'the fleet has no instance',
  ],
  'a table without a row': [
    { 'fleet.yaml': fleetOf('manifest: base.yaml\ninstancesFrom: [{ file: i.csv }]\n'), 'i.csv': 'name\n' },
    3,
    'the fleet has no instance',
  ],

  // Tables.
  'a formula as a name': [
    {
      'fleet.yaml': fleetOf('manifest: base.yaml\ninstancesFrom: [{ file: i.csv }]\n'),
      'i.csv': 'name\n"=HYPERLINK(1)"\n',
    },
    3,
    'i.csv:2',
  ],
  'a formula as a label': [
    {
      'fleet.yaml': fleetOf('manifest: base.yaml\ninstancesFrom: [{ file: i.csv, labels: [t] }]\n'),
      'i.csv': 'name,t\na,@SUM(A1)\n',
    },
    3,
    'is not a valid label value',
  ],
  'an unclosed quote': [
    {
      'fleet.yaml': fleetOf('manifest: base.yaml\ninstancesFrom: [{ file: i.csv }]\n'),
      'i.csv': 'name\n"a\nb\n',
    },
    3,
    'i.csv',
  ],
  'a duplicate column': [
    {
      'fleet.yaml': fleetOf('manifest: base.yaml\ninstancesFrom: [{ file: i.csv }]\n'),
      'i.csv': 'name,name\na,b\n',
    },
    3,
    'two columns',
  ],
  'a label column __proto__': [
    {
      'fleet.yaml': fleetOf('manifest: base.yaml\ninstancesFrom: [{ file: i.csv, labels: [__proto__] }]\n'),
      'i.csv': 'name,__proto__\na,x\n',
    },
    3,
    '__proto__',
  ],
  'bytes that are not text': [
    { 'fleet.yaml': fleetOf('manifest: base.yaml\ninstancesFrom: [{ file: base.yaml }]\n') },
    3,
    'has no column "name"',
  ],
};

/** A control character would move the cursor of a terminal, or begin its own line. */
const CONTROL = /(?![\t\n])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u;

describe('a hostile inventory is rejected', () => {
  it.each(Object.entries(ATTACKS))('%s', async (_what, [files, code, message]) => {
    const cwd = await worldOf(files);
    // Only commands that need manifests read them, and only once the inventory is valid.
    const isRead = (await fleet(cwd, 'list')).code === 0;
    for (const verb of ['validate', isRead ? 'plan' : 'list']) {
      const ended = await fleet(cwd, verb, ...(verb === 'plan' ? ['--sandbox', '--out', 'out'] : []));
      const text = `${ended.stdout}${ended.stderr}`;
      expect([verb, ended.code]).toEqual([verb, code]);
      expect(text).toContain(message);
      expect(text).not.toContain(SECRET);
      expect(text).not.toMatch(/internal error|prototype|\bat .+\.js:/u);
      expect(text).not.toMatch(CONTROL);
    }
  });
});

/** Starts like a formula of a spreadsheet. */
const FORMULA = /^[=+\-@\t\r]/u;

const FORMULAS: readonly (readonly [string, string])[] = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'].map(
  (text) => [`is the formula ${JSON.stringify(text)}`, text],
);

describe('hostile texts in an inventory', () => {
  const allowed = [...HOSTILE_TEXTS, ...FORMULAS].filter(
    ([what]) => !/surrogate|noncharacter|blank|long/u.test(what),
  );

  it('are shown as text', async () => {
    const entries = allowed.map(
      ([, text], at) => `a${at}: { suspended: { reason: ${JSON.stringify(text)} } }`,
    );
    const cwd = await worldOf({ 'fleet.yaml': withEntry([...entries, 'b: {}'].join('\n  ')) });
    const plan = await fleet(cwd, 'plan', '--sandbox', '--out', 'out');
    expect(plan.code).toBe(0);
    expect(plan.stderr.split('\n').filter((line) => line.startsWith('['))).toHaveLength(allowed.length + 1);
    expect(`${plan.stdout}${plan.stderr}`).not.toMatch(CONTROL);
    for (const argv of [
      ['list', '--format', 'csv'],
      ['report', 'out', '--format', 'csv'],
      ['report', 'out', '--format', 'markdown'],
    ]) {
      const { code, stdout } = await fleet(cwd, ...argv);
      expect([argv, code]).toEqual([argv, 0]);
      if (argv.at(-1) === 'csv')
        for (const cell of readCsv(stdout).flat()) expect([argv, FORMULA.test(cell)]).toEqual([argv, false]);
      // CSV allows a line break within quotes.
      else expect(stdout).not.toMatch(CONTROL);
    }
  });
});

describe('names that are prototype keys', () => {
  it('work as instances and labels like any other name', async () => {
    const cwd = await worldOf({
      'fleet.yaml': fleetOf(
        'manifest: "{constructor}.yaml"\ninstances:\n  constructor: { labels: { constructor: base } }\n  prototype: { labels: { constructor: base, valueOf: x } }\nwaves: [{ name: constructor, where: [valueOf=x] }]\n',
      ),
    });
    const plan = await fleet(cwd, 'plan', '--sandbox', '--out', 'out', '--format', 'json');
    expect(plan.code).toBe(0);
    expect(JSON.parse(plan.stdout)).toMatchObject({
      rows: [
        { instance: 'constructor', labels: { constructor: 'base' }, wave: 'rest', status: 'changes' },
        { instance: 'prototype', labels: { valueOf: 'x' }, wave: 'constructor', status: 'changes' },
      ],
    });
    for (const argv of [
      ['--where', 'constructor=base', '--wave', 'constructor'],
      ['--only', 'prototype'],
      ['--where', 'valueOf=x'],
    ])
      expect((await fleet(cwd, 'list', '--format', 'names', ...argv)).stdout).toBe('prototype\n');
    const unknown = await fleet(cwd, 'list', '--where', 'toString=x');
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('has the label "toString"')]);
    expect((await fleet(cwd, 'list', '--where', '__proto__=x')).code).toBe(1);
    for (const argv of [
      ['report', 'out', '--format', 'csv'],
      ['compare', '--sandbox', '--format', 'csv'],
    ]) {
      const [head = [], ...rows] = readCsv((await fleet(cwd, ...argv)).stdout);
      const [name, label] = [head.indexOf('instance'), head.indexOf('label:valueOf')];
      expect(new Set(rows.map((row) => `${row[name]}=${row[label]}`))).toEqual(
        new Set(['constructor=', 'prototype=x']),
      );
    }
    expect((await fleet(cwd, 'show', 'constructor')).code).toBe(0);
    expect((await fleet(cwd, 'show', 'valueof')).code).toBe(1);
  });
});

describe('the inventory in the document of a run', () => {
  /** A run of two instances in a folder next to another inventory. */
  async function openRuns() {
    const stage = await openFleetStage(['alpha', 'beta']);
    const outer = await folderOf({
      'fleet.yaml': `${fleetOf('manifest: m.yaml\ninstances: { alpha: {} }\n')}# ${SECRET}\n`,
      'text.txt': `apiVersion: domo-roles/v1\n${SECRET}: ${SECRET}\n`,
    });
    await symlink(outer, join(stage.folder, 'elsewhere'));
    await stage.fleet('plan', '--out', 'plans');
    await stage.fleet('apply', '--yes', '--out', 'applied');
    const far = relative(stage.folder, outer).replaceAll('\\', '/');
    return { stage, outer, far };
  }

  it.each([
    ['apply', 'plans', ['--yes']],
    ['rollback', 'applied', []],
    ['plan', 'plans', ['--resume', 'plans']],
  ] as const)('is not read outside of the folder (%s)', async (verb, folder, args) => {
    const { stage, outer, far } = await openRuns();
    const document = await stage.document(folder);
    const log = await readFile(join(stage.folder, folder, 'fleet.jsonl'), 'utf8');
    stage.seen.clear();
    for (const file of [
      `${far}/fleet.yaml`,
      `${far}/text.txt`,
      `${outer}/fleet.yaml`,
      'elsewhere/fleet.yaml',
      `${far}/none.yaml`,
    ]) {
      const edited = { ...document, inventory: { ...document.inventory, file } };
      await stage.write(`${folder}/fleet.json`, JSON.stringify(edited));
      await stage.write(`${folder}/fleet.jsonl`, log.replace('"file":"fleet.yaml"', `"file":"${file}"`));
      const named = args[0] === '--resume' ? args : [folder, ...args];
      const { code, stdout, stderr } = await stage.fleet(verb, ...named);
      expect([code, stderr]).toEqual([
        1,
        expect.stringContaining('outside of this folder and its repository'),
      ]);
      expect(`${stdout}${stderr}`).not.toContain(SECRET);
    }
    expect([...stage.seen]).toEqual([]);
    await stage.close();
  });

  it('is read outside of the folder if it is the one that the run read, or named by --fleet', async () => {
    const { stage } = await openRuns();
    const within = join(stage.folder, 'within');
    await mkdir(within);
    const fleetIn = (...args: string[]) => stage.fleetIn({ cwd: within }, ...(args as [string, ...string[]]));
    await stage.write(
      'within/tokens.json',
      JSON.stringify({ alpha: tokenOf('alpha'), beta: tokenOf('beta') }),
    );
    expect((await fleetIn('plan', '../fleet.yaml', '--out', 'plans')).code).toBe(0);
    expect((await fleetIn('apply', 'plans', '--yes', '--out', 'first')).code).toBe(0);
    await stage.write('fleet.yaml', inventoryOf({ alpha: '{ labels: { a: b } }', beta: '{}' }));
    expect((await fleetIn('apply', 'plans', '--yes', '--out', 'second')).code).toBe(1);
    const named = ['--fleet', '../fleet.yaml', '--yes', '--out', 'third'];
    expect((await fleetIn('apply', 'plans', ...named)).code).toBe(0);
    await stage.close();
  });
});
