import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkSchema } from '../support/check-schema.js';
import { documentOf } from '../support/cli.js';
import { runWithin } from '../support/in-process.js';
import { readCsv } from '../support/read-csv.js';
import { folderOf } from '../manifest/support.js';

const HEAD = 'apiVersion: domo-roles/v1\nkind: Roles\n';

const FILES: Readonly<Record<string, string>> = {
  'base.yaml': `${HEAD}roles:\n  Reader:\n    description: Reads\n    grants: [content.export]\n`,
  'tiers/test.yaml': `${HEAD}extends: ../base.yaml\n`,
  'tiers/production.yaml': `${HEAD}extends: ../base.yaml\npolicy: { minAdmins: 2 }\n`,
  'acme.yaml': `${HEAD}instance: acme\nextends: tiers/production.yaml\n`,
  'people/it.csv': 'email\nana@acme.com\n',
  'fleet.yaml': [
    'apiVersion: domo-roles/v1',
    'kind: Fleet',
    'name: customers',
    'manifest: tiers/{tier}.yaml',
    'instances:',
    '  acme: { labels: { tier: production, region: eu }, manifest: acme.yaml }',
    '  acme-dev: { labels: { tier: test, canary: "yes" } }',
    '  globex:',
    '    labels: { tier: production }',
    '    overlay:',
    '      roles:',
    '        Reader: { members: { mode: additive, file: people/it.csv } }',
    '  initech: { labels: { tier: test }, suspended: { reason: "ended, T-9", until: 2099-01-31 } }',
    'waves:',
    '  - { name: canary, where: [canary=yes] }',
    '  - { name: production, where: [tier=production] }',
    '',
  ].join('\n'),
};

const NAMES = 'acme\nacme-dev\nglobex\ninitech\n';

/** A fleet in its own folder, with some of its files replaced. */
const worldOf = (files: Readonly<Record<string, string>> = {}) => folderOf({ ...FILES, ...files });

const fleet = (cwd: string, ...args: string[]) => runWithin(['fleet', ...args], { cwd });

/** A fleet file with one text replaced by another. */
function fleetWith(from: string, to: string): Record<string, string> {
  const text = FILES['fleet.yaml'] ?? '';
  if (!text.includes(from)) throw new Error(`no ${from}`);
  return { 'fleet.yaml': text.replace(from, to) };
}

describe('fleet list', () => {
  it('shows a reason of several lines in one line of the table and of the CSV', async () => {
    const cwd = await worldOf(fleetWith('"ended, T-9"', String.raw`"=1\r\nacme-two,rest,,evil.yaml,\rx"`));
    const { stdout } = await fleet(cwd, 'list', '--format', 'csv');
    expect(stdout.split(/[\r\n]/u)).toHaveLength(6);
    expect(readCsv(stdout).at(-1)?.at(-1)).toBe(String.raw`'=1\r\nacme-two,rest,,evil.yaml,\rx`);
    expect((await fleet(cwd, 'list')).stdout.split(/[\r\n]/u)).toHaveLength(6);
    const json = await fleet(cwd, 'list', '--format', 'json');
    expect(json.stdout).toContain(String.raw`"=1\r\nacme-two`);
  });

  it('lists names, a table, CSV and JSON', async () => {
    const cwd = await worldOf();
    expect(await fleet(cwd, 'list', '--format', 'names')).toEqual({ code: 0, stdout: NAMES, stderr: '' });
    const { stdout } = await fleet(cwd, 'list');
    expect(stdout).toContain('acme-dev');
    expect(stdout).toContain('tiers/test.yaml');
    const csv = await fleet(cwd, 'list', '--format', 'csv');
    expect(readCsv(csv.stdout)).toEqual([
      ['instance', 'wave', 'labels', 'manifest', 'suspended'],
      ['acme', 'production', 'region=eu tier=production', 'acme.yaml', ''],
      ['acme-dev', 'canary', 'canary=yes tier=test', 'tiers/test.yaml', ''],
      ['globex', 'production', 'tier=production', 'tiers/production.yaml', ''],
      ['initech', 'rest', 'tier=test', 'tiers/test.yaml', 'ended, T-9'],
    ]);
    const json = documentOf<{ answer: unknown }>(
      await fleet(cwd, 'list', '--format', 'json', '--only', 'globex'),
    );
    expect(checkSchema('answer', json)).toEqual([]);
    expect(json).toMatchObject({
      kind: 'answer',
      question: 'fleet list',
      answer: {
        fleet: 'customers',
        selection: { flags: { only: ['globex'] }, names: ['globex'], shard: null },
        instances: [
          {
            instance: 'globex',
            wave: 'production',
            labels: { tier: 'production' },
            manifest: 'tiers/production.yaml',
            overlay: true,
            suspended: null,
          },
        ],
        disappeared: [],
      },
    });
  });

  it('lists shards as a table, CSV and JSON', async () => {
    const cwd = await worldOf();
    const split = ['--per-shard', '2'];
    const csv = readCsv((await fleet(cwd, 'list', '--format', 'csv', ...split)).stdout);
    expect(csv.map(([shard, instance]) => `${shard} ${instance}`)).toEqual([
      ...['shard instance', '1/2 acme', '2/2 acme-dev', '1/2 globex', '2/2 initech'],
    ]);
    expect((await fleet(cwd, 'list', ...split)).stdout).toMatch(/^shard +instance.*\n1\/2 +acme /u);
    const parts = ['1/2', '2/2'].map(async (shard) => {
      const ended = await fleet(cwd, 'list', '--format', 'json', '--shard', shard);
      const document = documentOf<{ answer: { instances: { instance: string; shard: string }[] } }>(ended);
      expect(checkSchema('answer', document)).toEqual([]);
      return document.answer.instances.map((one) => `${one.shard} ${one.instance}`);
    });
    expect((await Promise.all(parts)).flat()).toEqual([
      ...['1/2 acme', '1/2 globex', '2/2 acme-dev', '2/2 initech'],
    ]);
  });

  it('prints a matrix for GitHub on one line', async () => {
    const cwd = await worldOf();
    const ended = await fleet(cwd, 'list', '--format', 'matrix', '--per-shard', '3');
    expect(ended.stdout.trimEnd()).not.toContain('\n');
    const job = { count: 2, instances: 2 };
    expect(JSON.parse(ended.stdout)).toEqual({
      include: [
        { ...job, shard: '1/2', index: 1, names: 'acme globex', wave: 'production' },
        { ...job, shard: '2/2', index: 2, names: 'acme-dev initech', wave: '' },
      ],
    });
    const { stdout } = await fleet(cwd, 'list', '--format', 'matrix');
    expect(JSON.parse(stdout)).toMatchObject({ include: [{ shard: '1/1', instances: 4, wave: '' }] });
  });

  it.each([
    [['--per-shard', '0'], '--per-shard must be a whole number'],
    [['--per-shard', '2.5'], '--per-shard must be a whole number'],
    [['--per-shard', '2', '--shard', '1/2'], 'leave out --shard'],
    [['--format', 'matrix', '--shard', '1/2'], 'leave out --shard'],
  ])('rejects %p: exit 1', async (args, message) => {
    const ended = await fleet(await worldOf(), 'list', ...args);
    expect([ended.code, ended.stderr.includes(message)]).toEqual([1, true]);
  });

  it.each([
    [['--only', 'acme*'], 'acme\nacme-dev\n'],
    [['--only', 'acme', '--only', 'globex'], 'acme\nglobex\n'],
    [['--except', 'acme*'], 'globex\ninitech\n'],
    [['--where', 'tier=production,region!=eu'], 'globex\n'],
    [['--where', 'tier=test|production', '--except', '*e*'], ''],
    [['--where', 'region!=us'], NAMES],
    [['--wave', 'canary', '--wave', 'rest'], 'acme-dev\ninitech\n'],
  ])('selects by %p', async (args, expected) => {
    const ended = await fleet(await worldOf(), 'list', '--format', 'names', ...args);
    if (expected === '') {
      expect(ended.code).toBe(1);
      expect(ended.stderr).toContain('no instance of the fleet was selected');
    } else expect(ended).toEqual({ code: 0, stdout: expected, stderr: '' });
  });

  it.each([
    [['--only', 'acm'], 'no instance of the fleet matches "acm"', 'did you mean "acme"?'],
    [['--only', 'zzz*'], 'no instance of the fleet matches "zzz*"', 'fleet list prints the names'],
    [['--except', 'glbex'], 'no instance of the fleet matches "glbex"', 'did you mean "globex"?'],
    [['--where', 'teir=test'], 'no instance of the fleet has the label "teir"', 'did you mean "tier"?'],
    [['--where', 'tier'], '"tier" is not a valid term', 'write label=value'],
    [['--wave', 'canry'], 'there is no wave "canry"', 'did you mean "canary"?'],
    [['--where', 'tier=staging'], 'no instance of the fleet was selected', 'loosen --only'],
  ])('rejects %p', async (args, message, hint) => {
    const { code, stdout, stderr } = await fleet(await worldOf(), 'list', ...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });

  it('notes a label with "!=" that no instance has', async () => {
    const cwd = await worldOf();
    const list = (where: string) => fleet(cwd, 'list', '--format', 'names', '--where', where);
    const typo = await list('teir!=test,region!=eu');
    expect([typo.code, typo.stdout]).toEqual([0, 'acme-dev\nglobex\ninitech\n']);
    expect(typo.stderr).toBe(
      'note: no instance of the fleet has the label "teir", so its term matches all\n',
    );
    expect((await list('canary!=yes')).stderr).toBe('');
  });

  it('selects what failed or was not started in an earlier run, which may be nothing', async () => {
    const cwd = await worldOf();
    await fleet(cwd, 'export', '--sandbox', 'box', '--only', 'acme', '--out', 'snapshots');
    // Without a snapshot an instance fails.
    const plan = ['plan', '--snapshots', 'snapshots', '--out'];
    expect((await fleet(cwd, ...plan, 'run')).code).toBe(1);
    expect((await fleet(cwd, ...plan, 'well', '--only', 'acme')).code).toBe(0);
    expect(await fleet(cwd, 'list', '--format', 'names', '--failed-from', 'run')).toEqual({
      code: 0,
      stdout: 'acme-dev\nglobex\n',
      stderr: '',
    });
    expect(await fleet(cwd, 'list', '--format', 'names', '--failed-from', 'well/fleet.json')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'note: nothing to do: no selected instance failed\n',
    });
    expect((await fleet(cwd, 'list', '--failed-from', 'none.json')).code).toBe(1);
    expect((await fleet(cwd, 'list', '--failed-from', 'base.yaml')).code).toBe(1);
  });

  it('reports all problems of an invalid inventory with exit code 3, and a missing one with 1', async () => {
    const cwd = await worldOf({
      'fleet.yaml':
        'apiVersion: domo-roles/v1\nkind: Fleet\nmanifest: x.yaml\ninstances: { Acme: , b: { labels: { t: ../x } } }\n',
    });
    const ended = await fleet(cwd, 'list');
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain('fleet.yaml:4:14');
    expect(ended.stderr).toContain('"Acme" is not a valid instance name');
    expect(ended.stderr).toContain('the label "t" of "b" is not a valid label value');
    const none = await fleet(cwd, 'list', 'nowhere.yaml');
    expect(none.code).toBe(1);
    expect(none.stderr).toContain('the inventory "nowhere.yaml" cannot be used: it does not exist');
  });
});

describe('fleet validate', () => {
  it('prints how many instances are valid', async () => {
    const ended = await fleet(await worldOf(), 'validate');
    expect(ended).toEqual({ code: 0, stdout: 'fleet.yaml: valid (4 instances)\n', stderr: '' });
  });

  it('reports a problem once, with the number of affected instances', async () => {
    const cwd = await worldOf({
      'base.yaml': `${HEAD}roles:\n  Reader: { grants: [content.export], color: red }\n`,
      'tiers/test.yaml': `${HEAD}extends: ../base.yaml\npolicy: { minAdmins: -1 }\n`,
      ...fleetWith('globex:', 'extra: { labels: { tier: test }, manifest: none.yaml }\n  globex:'),
    });
    const { code, stdout } = await fleet(cwd, 'validate', '--format', 'json');
    // A missing manifest is listed before invalid ones.
    expect(code).toBe(1);
    const { problems } = documentOf<{ problems: { file: string; line: number; message: string }[] }>({
      code,
      stdout,
      stderr: '',
    });
    const found = problems.map(({ file, line, message }) => `${file}:${line} ${message}`);
    expect(found).toEqual([
      'fleet.yaml:8 "none.yaml" does not exist (extra)',
      'base.yaml:4 the key "color" is not known here (4 instances, acme the first)',
      'tiers/test.yaml:4 "minAdmins" must be a whole number, 0 or more (2 instances, acme-dev the first)',
    ]);
    const text = await fleet(cwd, 'validate');
    expect(text.stdout).toContain('(4 instances, acme the first)');
    const sarif = await fleet(cwd, 'validate', '--format', 'sarif');
    expect(sarif.stdout).toContain('"uri": "base.yaml"');
    const github = await fleet(cwd, 'validate', '--format', 'github');
    expect(github.stdout).toContain('::error file=base.yaml,line=4');
    const one = await fleet(cwd, 'validate', '--only', 'acme-dev');
    expect(one.stdout).not.toContain('instances, ');
  });

  it.each([
    ['text', 'fleet.yaml:15:5  bad-value  "canary" is not a valid term'],
    ['json', '"code": "bad-value"'],
    ['github', '::error file=fleet.yaml,line=15'],
    ['sarif', '"ruleId": "bad-value"'],
  ])('reports an invalid inventory as %s', async (format, expected) => {
    const cwd = await worldOf(fleetWith('where: [canary=yes] }', 'where: [canary] }'));
    const ended = await fleet(cwd, 'validate', '--format', format);
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 3, stderr: '' });
    expect(ended.stdout.replace(/15:\d+/u, '15:5')).toContain(expected);
  });

  it('reports an invalid inventory together with its manifests, each problem once and in file order', async () => {
    const cwd = await worldOf({
      'base.yaml': `${HEAD}roles:\n  Reader: { grants: [content.export], color: red }\n`,
      ...fleetWith(
        'globex:',
        'Extra: { labels: { tier: test }, overlay: { rolez: {} } }\n  extra: { labels: { tier: test }, overlay: { rolez: {} } }\n  globex:',
      ),
    });
    const { stdout, code } = await fleet(cwd, 'validate', '--format', 'json');
    expect(code).toBe(3);
    const { problems } = JSON.parse(stdout) as {
      problems: { file: string; line: number; message: string }[];
    };
    expect(problems.map(({ file, line, message }) => `${file}:${line} ${message}`)).toEqual([
      'fleet.yaml:8 "Extra" is not a valid instance name',
      'fleet.yaml:8 the key "rolez" is not known here',
      'fleet.yaml:9 the key "rolez" is not known here (extra)',
      'base.yaml:4 the key "color" is not known here (5 instances, acme the first)',
    ]);
    const some = await fleet(cwd, 'validate', '--only', 'acme*');
    expect(some.stdout).toContain('(2 instances, acme the first)');
    // A flag that selects only the invalid entry hides nothing.
    const lost = await fleet(cwd, 'validate', '--only', 'Extra');
    expect(lost).toMatchObject({ code: 3, stderr: '' });
    expect(lost.stdout).toContain('"Extra" is not a valid instance name');
  });

  it('reports the warnings of an inventory together with those of its manifests', async () => {
    const cwd = await worldOf(fleetWith('where: [canary=yes]', 'where: [canary=yess]'));
    const ended = await fleet(cwd, 'validate');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('the wave "canary" matches no instance');
    expect(ended.stdout).toContain('did you mean "yes"?');
    const listed = await fleet(cwd, 'list', '--format', 'names');
    expect(listed.stdout).toBe(NAMES);
    expect(listed.stderr).toContain('the wave "canary" matches no instance');
  });

  it('reports overlays by their place in the inventory, with paths relative to it', async () => {
    const cwd = await worldOf(fleetWith('file: people/it.csv', 'file: people/none.csv'));
    const ended = await fleet(cwd, 'validate');
    expect(ended.code).toBe(3);
    expect(ended.stdout).toContain('fleet.yaml:12:');
    expect(ended.stdout).toContain('the members file "people/none.csv" does not exist (globex)');
    const outside = await fleet(
      await worldOf(fleetWith('file: people/it.csv', 'file: ../it.csv')),
      'validate',
    );
    expect(outside.stdout).toContain('the members file "../it.csv" is outside its folder');
  });

  it.each(['apiVersion: domo-roles/v1', 'kind: Roles', 'instance: globex', 'extends: base.yaml'])(
    'rejects %p in an overlay',
    async (line) => {
      const ended = await fleet(
        await worldOf(fleetWith('    overlay:\n', `    overlay:\n      ${line}\n`)),
        'validate',
      );
      expect(ended.code).toBe(3);
      expect(ended.stdout).toContain(`the key "${line.split(':')[0]}" is not known here`);
      expect(ended.stdout).toContain('fleet.yaml:11:7');
    },
  );

  it.each([
    ['an unknown key', 'rols: {}', 'the key "rols" is not known here'],
    ['an unknown key below', 'policy: { minAdmin: 2 }', 'the key "minAdmin" is not known here'],
    ['a value of the wrong form', 'removed: 5', '"removed"'],
    ['no key', 'extends: base.yaml', 'the key "extends" is not known here'],
  ])('with %s in an overlay rejects that instance alone', async (_, line, message) => {
    const cwd = await worldOf(fleetWith('    overlay:\n', `    overlay:\n      ${line}\n`));
    const all = await fleet(cwd, 'validate');
    expect([all.code, all.stdout]).toEqual([3, expect.stringContaining(message)]);
    expect(all.stdout).toMatch(/fleet\.yaml:11:/u);
    expect(all.stdout).toContain('(globex)');
    expect((await fleet(cwd, 'validate', '--except', 'globex')).code).toBe(0);
    expect((await fleet(cwd, 'list', '--format', 'names')).stdout).toBe(NAMES);
    expect((await fleet(cwd, 'show', 'globex')).code).toBe(3);
  });

  it('reports problems of overlays even when the inventory itself is invalid', async () => {
    const before = '    labels: { tier: production }\n    overlay:\n';
    const cwd = await worldOf(fleetWith(before, '    lables: {}\n    overlay:\n      rols: {}\n'));
    const { code, stdout } = await fleet(cwd, 'validate');
    expect([code, stdout]).toEqual([3, expect.stringContaining('"lables"')]);
    expect(stdout).toContain('"rols"');
  });

  it('rejects a manifest of another instance', async () => {
    const cwd = await worldOf(fleetWith('acme-dev: { labels', 'acme-dev: { manifest: acme.yaml, labels'));
    const { code, stdout } = await fleet(cwd, 'validate');
    expect(code).toBe(3);
    expect(stdout).toContain('acme.yaml:3:11');
    expect(stdout).toContain('the manifest is for "acme", and for no other instance (acme-dev)');
    expect((await fleet(cwd, 'validate', '--only', 'acme')).code).toBe(0);
  });

  it('checks the grants of all manifests by a catalogue, and reports an unknown one once', async () => {
    const cwd = await worldOf({
      'catalogue.json': '[{ "grant": "content.exports", "title": "Export" }]',
      'known.json': '[{ "grant": "content.export", "title": "Export" }]',
      'empty.json': '',
    });
    const unknown = await fleet(cwd, 'validate', '--catalogue', 'catalogue.json');
    expect(unknown.code).toBe(3);
    expect(unknown.stdout.match(/unknown-grant/gu)).toHaveLength(1);
    expect(unknown.stdout).toMatch(/base\.yaml:6:\d+ {2}unknown-grant .*\(4 instances, acme the first\)/u);
    expect((await fleet(cwd, 'validate', '--catalogue', 'known.json')).code).toBe(0);
    const empty = await fleet(cwd, 'validate', '--catalogue', 'empty.json');
    expect([empty.code, empty.stderr]).toEqual([1, expect.stringContaining('the catalogue file is empty')]);
  });

  it('applies a policy file to every manifest', async () => {
    const policy = 'apiVersion: domo-roles/v1\nkind: Policy\npolicy: { minAdmin: 1 }\n';
    const ended = await fleet(
      await worldOf({ 'policy.yaml': policy }),
      'validate',
      '--policy',
      'policy.yaml',
    );
    expect(ended.code).toBe(3);
    expect(ended.stdout).toContain('the key "minAdmin" is not known here (4 instances, acme the first)');
  });
});

describe('fleet show', () => {
  it('shows each value with the file and line it comes from', async () => {
    const cwd = await worldOf();
    const shown = documentOf<{
      answer: { instance: string; values: { path: string[]; value: unknown; file: string; line: number }[] };
    }>(await fleet(cwd, 'show', 'globex', '--format', 'json'));
    const { answer } = shown;
    expect(checkSchema('answer', shown)).toEqual([]);
    expect(answer).toMatchObject({
      ...{ instance: 'globex', wave: 'production', labels: { tier: 'production' } },
      ...{ manifest: 'tiers/production.yaml', suspended: null },
    });
    const lines = answer.values.map(
      ({ path, value, file, line }) => `${path.join('.')}=${JSON.stringify(value)} ${file}:${line}`,
    );
    expect(lines).toEqual([
      'roles.Reader.description="Reads" base.yaml:5',
      'roles.Reader.grants.mode="exact" base.yaml:6',
      'roles.Reader.grants.content.export="content.export" base.yaml:6',
      'roles.Reader.members.mode="additive" fleet.yaml:12',
      'roles.Reader.members.ana@acme.com="ana@acme.com" people/it.csv:2',
      'policy.minAdmins=2 tiers/production.yaml:4',
    ]);
    const text = await fleet(cwd, 'show', 'globex');
    expect(text.stdout).toContain('people/it.csv:2');
    expect(text.stdout).toMatch(/^globex · wave production · tier=production · tiers\/production\.yaml\n\n/u);
  });

  it('shows why an instance is suspended', async () => {
    const cwd = await worldOf();
    const { stdout } = await fleet(cwd, 'show', 'initech');
    expect(stdout.split('\n')[0]).toBe(
      'initech · wave rest · tier=test · tiers/test.yaml · suspended until 2099-01-31: ended, T-9',
    );
    const shown = documentOf<{ answer: unknown }>(await fleet(cwd, 'show', 'initech', '--format', 'json'));
    expect(checkSchema('answer', shown)).toEqual([]);
    expect(shown.answer).toMatchObject({ suspended: { reason: 'ended, T-9', until: '2099-01-31' } });
  });

  it('shows all parts of list entries, and roles without managed parts', async () => {
    const members = [
      '{ id: 12, email: bo@acme.com }',
      '{ email: cy@acme.com, until: 2099-03-03, note: T-7 }',
      '{ email: di@acme.com, note: T-8 }',
    ];
    const base = `${HEAD}roles:
  A: { members: { mode: additive, users: [${members.join(', ')}] } }
  B: { description: { unmanaged: true } }
policy: { removedMembersTo: Participant }
`;
    const policy = 'apiVersion: domo-roles/v1\nkind: Policy\npolicy: { protectedGrants: [audit] }\n';
    const inventory =
      'apiVersion: domo-roles/v1\nkind: Fleet\nmanifest: base.yaml\ninstances: { acme: {} }\n';
    const cwd = await folderOf({ 'base.yaml': base, 'fleet.yaml': inventory, 'policy.yaml': policy });
    const { stdout } = await fleet(cwd, 'show', 'acme', '--policy', 'policy.yaml');
    expect(stdout.trimEnd().split('\n').slice(2)).toEqual([
      'roles / A / members / mode: additive  base.yaml:4',
      'roles / A / members / cy@acme.com: {"person":"cy@acme.com","until":"2099-03-03","note":"T-7"}  base.yaml:4',
      'roles / A / members / di@acme.com: {"person":"di@acme.com","note":"T-8"}  base.yaml:4',
      'roles / A / members / id 12: {"person":"id 12","email":"bo@acme.com"}  base.yaml:4',
      'roles / B: {}  base.yaml:5',
      'policy / removedMembersTo: Participant  base.yaml:6',
      'policy / protectedGrants: {"defaults":true,"add":["audit"]}  policy.yaml:3',
    ]);
  });

  it('shows each item of a policy list at its own place, also those that a policy file adds', async () => {
    const base = `${HEAD}roles: { A: { grants: [content.export] } }
policy:
  requiredAdmins: [ana@acme.com]
  protectedGrants:
    - audit
    - user.edit
  acceptedDrift:
    - { role: A, what: grants, reason: one, until: 2099-01-31 }
    - { role: A, what: description, reason: two, until: 2099-01-31 }
`;
    const policy =
      'apiVersion: domo-roles/v1\nkind: Policy\npolicy:\n  requiredAdmins: [bo@acme.com]\n  protectedGrants: [dataset.export]\n';
    const inventory =
      'apiVersion: domo-roles/v1\nkind: Fleet\nmanifest: base.yaml\ninstances: { acme: {} }\n';
    const cwd = await folderOf({ 'base.yaml': base, 'fleet.yaml': inventory, 'policy.yaml': policy });
    const { stdout } = await fleet(cwd, 'show', 'acme', '--policy', 'policy.yaml');
    const lines = stdout.split('\n').filter((line) => line.startsWith('policy'));
    expect(lines.map((line) => line.replace(/\{.*\}/u, '…'))).toEqual([
      'policy / requiredAdmins / ana@acme.com: ana@acme.com  base.yaml:5',
      'policy / requiredAdmins / bo@acme.com: bo@acme.com  policy.yaml:4',
      'policy / protectedGrants / audit: audit  base.yaml:7',
      'policy / protectedGrants / dataset.export: dataset.export  policy.yaml:5',
      'policy / protectedGrants / user.edit: user.edit  base.yaml:8',
      'policy / acceptedDrift / 1: …  base.yaml:10',
      'policy / acceptedDrift / 2: …  base.yaml:11',
    ]);
  });

  it('shows old names, roles that are left alone, and each rule at its own place', async () => {
    const base = `apiVersion: domo-roles/v1
kind: Roles
roles:
  X: { grants: [content.export] }
  Y: { renamedFrom: [Old], grants: [content.export] }
policy: { rules: { one: { grants: [dataset.export], onlyRoles: [Y] } } }
`;
    const overlay = `apiVersion: domo-roles/v1
kind: Fleet
manifest: base.yaml
instances:
  acme:
    overlay:
      roles: { X: unmanaged }
      policy: { rules: { two: { role: Admin, maxPeople: 5 } } }
`;
    const cwd = await folderOf({ 'base.yaml': base, 'fleet.yaml': overlay });
    const { stdout } = await fleet(cwd, 'show', 'acme');
    const lines = stdout.trimEnd().split('\n').slice(2);
    expect(lines.map((line) => line.replace(/\{.*\}/u, '…'))).toEqual([
      'roles / Y / renamedFrom / Old: Old  base.yaml:5',
      'roles / Y / grants / mode: exact  base.yaml:5',
      'roles / Y / grants / content.export: content.export  base.yaml:5',
      'roles / X: unmanaged  fleet.yaml:7',
      'policy / rules / one: …  base.yaml:6',
      'policy / rules / two: …  fleet.yaml:8',
    ]);
  });

  it('shows limits, rules and accepted drift as a manifest writes them', async () => {
    const policy = `policy:
  maxDeletes: 3
  maxMoves: "40%"
  acceptedDrift:
    - { what: members, role: A, people: [cy@acme.com, { id: 7 }], reason: trial, until: 2099-01-31 }
    - { what: rule, rule: few, roles: [A], reason: trial, until: 2099-01-31 }
  rules:
    apart: { neverTogether: [[audit], [user.edit]], exceptRoles: [Admin], exceptPeople: [cy@acme.com] }
    few: { role: A, maxPeople: 5, emails: ["*@acme.com"], level: warn }
    one: { grants: [audit], onlyRoles: [A] }
    two: { neverTogether: [[audit], [user.edit]] }
`;
    const cwd = await folderOf({
      'base.yaml': `${HEAD}roles: { A: { grants: [content.export] } }\n${policy}`,
      'fleet.yaml': 'apiVersion: domo-roles/v1\nkind: Fleet\nmanifest: base.yaml\ninstances: { acme: {} }\n',
    });
    const { stdout } = await fleet(cwd, 'show', 'acme');
    const lines = stdout.split('\n').filter((line) => line.startsWith('policy'));
    expect(lines.map((line) => line.replace(/^policy \/ | {2}base.*$/gu, ''))).toEqual([
      'maxDeletes: 3',
      'maxMoves: 40%',
      'acceptedDrift / 1: {"role":"A","what":"members","people":["cy@acme.com",{"id":7}],"reason":"trial","until":"2099-01-31"}',
      'acceptedDrift / 2: {"what":"rule","rule":"few","roles":["A"],"reason":"trial","until":"2099-01-31"}',
      'rules / apart: {"neverTogether":[["audit"],["user.edit"]],"exceptRoles":["Admin"],"exceptPeople":["cy@acme.com"]}',
      'rules / few: {"role":"A","maxPeople":5,"emails":["*@acme.com"],"level":"warn"}',
      'rules / one: {"grants":["audit"],"onlyRoles":["A"]}',
      'rules / two: {"neverTogether":[["audit"],["user.edit"]]}',
    ]);
  });

  it('shows each grant as the highest layer leaves it', async () => {
    const role = (map: string): string => `roles: { A: { grants: { inherit: true, ${map} } } }`;
    const cwd = await folderOf({
      'base.yaml': `${HEAD}roles:\n  A: { grants: { add: [alert.edit, audit, content.export], optional: [user.edit] } }\n`,
      'tier.yaml': `${HEAD}extends: base.yaml\n${role('remove: [audit, content.export, user.edit]')}\n`,
      'fleet.yaml': `apiVersion: domo-roles/v1
kind: Fleet
manifest: tier.yaml
instances: { acme: { overlay: { ${role('add: [content.export, user.edit]')} } } }
`,
    });
    const { stdout } = await fleet(cwd, 'show', 'acme');
    expect(stdout.trimEnd().split('\n').slice(2)).toEqual([
      'roles / A / grants / mode: exact  fleet.yaml:4',
      'roles / A / grants / alert.edit: alert.edit  base.yaml:4',
      'roles / A / grants / content.export: content.export  fleet.yaml:4',
      'roles / A / grants / user.edit: user.edit  fleet.yaml:4',
      'roles / A / grants / remove / audit: audit  tier.yaml:4',
    ]);
  });

  it('rejects a pattern and a name that is not in the inventory', async () => {
    const cwd = await worldOf();
    const wrong = await fleet(cwd, 'show', 'globx');
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('did you mean "globex"?');
    const pattern = await fleet(cwd, 'show', 'acme*');
    expect(pattern.code).toBe(1);
  });
});

describe('a fleet in another folder', () => {
  it('has paths relative to the inventory', async () => {
    const cwd = await worldOf();
    await mkdir(join(cwd, 'elsewhere'));
    const ended = await fleet(join(cwd, 'elsewhere'), 'validate', '../fleet.yaml');
    expect(ended).toMatchObject({ code: 0, stdout: '../fleet.yaml: valid (4 instances)\n' });
  });
});
