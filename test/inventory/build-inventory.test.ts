import { describe, expect, it } from '@jest/globals';
import { joinRows } from '../../src/inventory/build-inventory.js';
import type { DraftEntry } from '../../src/inventory/draft.js';
import type { Problem } from '../../src/problem/problem.js';
import { PLACE, faultsOf, inventoryOf, loadFleet, problemLine } from './support.js';

/** Entries by name: labels, manifest and wave. */
const entriesOf = async (text: string, files?: Readonly<Record<string, string>>): Promise<unknown[]> =>
  (await inventoryOf(text, files)).entries.map(({ name, labels, manifest, wave }) => [
    name,
    Object.fromEntries(labels),
    manifest.value,
    wave,
  ]);

const ONE = 'manifest: base.yaml\ninstances: { acme: {} }\n';

describe('An inventory', () => {
  it.each<[string, string, Record<string, string>, unknown[]]>([
    [
      'sorts entries by name',
      'manifest: m.yaml\ninstances: { b: , a: {} }\n',
      {},
      [
        ['a', {}, 'm.yaml', 'rest'],
        ['b', {}, 'm.yaml', 'rest'],
      ],
    ],
    [
      "prefers an entry's own manifest",
      'manifest: m.yaml\ninstances: { a: { manifest: "own/{name}.yaml" }, b: {} }\n',
      {},
      [
        ['a', {}, 'own/a.yaml', 'rest'],
        ['b', {}, 'm.yaml', 'rest'],
      ],
    ],
    [
      'joins an entry with its row, label by label; the entry has precedence',
      'manifest: "{tier}.yaml"\ninstances: { a: { labels: { tier: test, x: y } } }\ninstancesFrom: [{ file: t.csv, labels: [tier, region] }]\n',
      { 't.csv': 'name,tier,region,manifest\na,production,eu,row.yaml\nb,production,us,\n' },
      [
        ['a', { tier: 'test', region: 'eu', x: 'y' }, 'row.yaml', 'rest'],
        ['b', { tier: 'production', region: 'us' }, 'production.yaml', 'rest'],
      ],
    ],
    [
      "prefers an entry's manifest over that of its row",
      'instances: { a: { manifest: entry.yaml } }\ninstancesFrom: [{ file: t.csv }]\n',
      { 't.csv': 'name,manifest\na,row.yaml\n' },
      [['a', {}, 'entry.yaml', 'rest']],
    ],
    [
      'reads several tables',
      'manifest: m.yaml\ninstancesFrom: [{ file: t.csv }, { file: more/u.csv, labels: [tier] }]\n',
      { 't.csv': 'name\na\n', 'more/u.csv': 'name;tier\nb;test\n' },
      [
        ['a', {}, 'm.yaml', 'rest'],
        ['b', { tier: 'test' }, 'm.yaml', 'rest'],
      ],
    ],
    [
      'puts an entry into the first wave that matches',
      'manifest: m.yaml\ninstances: { a: { labels: { t: x, c: "yes" } }, b: { labels: { t: x } }, c: {} }\nwaves: [{ name: canary, where: [c=yes] }, { name: x, where: [t=x] }]\n',
      {},
      [
        ['a', { t: 'x', c: 'yes' }, 'm.yaml', 'canary'],
        ['b', { t: 'x' }, 'm.yaml', 'x'],
        ['c', {}, 'm.yaml', 'rest'],
      ],
    ],
    [
      'requires all terms of a wave',
      'manifest: m.yaml\ninstances: { a: { labels: { t: x, r: eu } }, b: { labels: { t: x } } }\nwaves: [{ name: x, where: [t=x, r!=eu] }]\n',
      {},
      [
        ['a', { t: 'x', r: 'eu' }, 'm.yaml', 'rest'],
        ['b', { t: 'x' }, 'm.yaml', 'x'],
      ],
    ],
    [
      'does not confuse prototype keys with entries or labels',
      'manifest: m.yaml\ninstances: { constructor: { labels: { constructor: a, toString: b } } }\n',
      {},
      [['constructor', { constructor: 'a', toString: 'b' }, 'm.yaml', 'rest']],
    ],
    [
      'ignores keys that begin with x-',
      'x-note: 1\nmanifest: m.yaml\ninstances: { a: { x-owner: Ana, labels: { x-y: z } }, x-a: {} }\n',
      {},
      [
        ['a', { 'x-y': 'z' }, 'm.yaml', 'rest'],
        ['x-a', {}, 'm.yaml', 'rest'],
      ],
    ],
  ])('%s', async (_, text, files, expected) => {
    expect(await entriesOf(text, files)).toEqual(expected);
  });

  it('has its waves in order, and rest if an entry is in no other wave', async () => {
    const waves =
      'waves: [{ name: w, where: [t=x], mayFail: 2, atOnce: 4 }, { name: v, where: [t=y], mayFail: "25%" }]\n';
    const all = await inventoryOf(
      `manifest: m.yaml\ninstances: { a: { labels: { t: x } }, b: { labels: { t: y } } }\n${waves}`,
    );
    expect(all.waves).toEqual([
      { name: 'w', where: [{ label: 't', values: ['x'], negated: false }], mayFail: { count: 2 }, atOnce: 4 },
      {
        name: 'v',
        where: [{ label: 't', values: ['y'], negated: false }],
        mayFail: { percent: 25, floor: 0 },
        atOnce: null,
      },
    ]);
    const { waves: rest } = await inventoryOf(ONE);
    expect(rest).toEqual([{ name: 'rest', where: [], mayFail: { count: 0 }, atOnce: null }]);
  });

  it.each([
    ['', { minInstances: null, maxInstances: null }],
    ['policy: { minInstances: 40 }\n', { minInstances: 40, maxInstances: null }],
    ['policy: { maxInstances: 3 }\n', { minInstances: null, maxInstances: { count: 3 } }],
    ['policy: { maxInstances: "25%" }\n', { minInstances: null, maxInstances: { percent: 25, floor: 1 } }],
  ])('reads the policy %p', async (text, expected) => {
    expect((await inventoryOf(ONE + text)).policy).toEqual(expected);
  });

  it('suspends an instance until its day has passed', async () => {
    const suspended = (until: string): string =>
      `manifest: m.yaml\ninstances: { a: { suspended: { reason: " T-9 ", until: ${until} } } }\n`;
    const of = async (until: string): Promise<unknown> => {
      const { inventory, problems } = await loadFleet(suspended(until));
      return [inventory?.entries[0]?.suspended, problems.map(problemLine)];
    };
    expect(await of('2026-11-26')).toEqual([{ reason: 'T-9', until: '2026-11-26' }, []]);
    expect(await of('2026-11-26T13:00:00Z')).toEqual([{ reason: 'T-9', until: '2026-11-26T13:00:00Z' }, []]);
    expect(await of('2026-11-25')).toEqual([
      null,
      [
        'suspension-ended fleet.yaml:4:56 the suspension of "a" ended on 2026-11-25: the instance is active again | remove it, or extend it',
      ],
    ]);
    const { entries } = await inventoryOf(
      'manifest: m.yaml\ninstances: { a: { suspended: { reason: x } } }\n',
    );
    expect(entries[0]?.suspended).toEqual({ reason: 'x', until: null });
  });

  it.each<[string, string, Record<string, string>, string[]]>([
    [
      'without an instance',
      'manifest: m.yaml\n',
      {},
      [
        'empty-fleet fleet.yaml:1:1 the fleet has no instance | list instances under instances, or a table under instancesFrom',
      ],
    ],
    [
      'with an empty map of instances',
      'instances: {}\n',
      {},
      [
        'empty-fleet fleet.yaml:3:1 the fleet has no instance | list instances under instances, or a table under instancesFrom',
      ],
    ],
    [
      'with an empty table',
      'instancesFrom: [{ file: t.csv }]\n',
      { 't.csv': 'name\n' },
      [
        'empty-fleet fleet.yaml:3:1 the fleet has no instance | list instances under instances, or a table under instancesFrom',
      ],
    ],
    [
      'with a name that is an address',
      'manifest: m.yaml\ninstances:\n  https://acme.domo.com: {}\n',
      {},
      [
        'bad-instance fleet.yaml:5:3 "https://acme.domo.com" is not a valid instance name | write acme: an inventory holds names, not addresses',
      ],
    ],
    [
      'with a name of a prototype',
      'manifest: m.yaml\ninstances:\n  __proto__: {}\n',
      {},
      [
        'bad-instance fleet.yaml:5:3 "__proto__" is not a valid instance name | for https://acme.domo.com write acme: lower-case letters, digits and "-", at most 63 characters',
      ],
    ],
    [
      'with an entry without a manifest',
      'instances:\n  a: {}\n',
      {},
      [
        'missing-key fleet.yaml:4:3 "a" has no manifest | give it a manifest, or set one for all entries at the top of the file',
      ],
    ],
    [
      'with a label that an entry lacks',
      'manifest: "{tier}.yaml"\ninstances:\n  a: {}\n',
      {},
      ['missing-label fleet.yaml:5:3 "a" has no label "tier" for {tier} | it has: name'],
    ],
    [
      'with a label that an entry lacks for its own manifest',
      'instances:\n  a: { manifest: "{tier}.yaml" }\n',
      {},
      ['missing-label fleet.yaml:4:18 "a" has no label "tier" for {tier} | it has: name'],
    ],
    [
      'with a label value of the wrong form',
      'manifest: "{t}.yaml"\ninstances:\n  a: { labels: { t: ../x } }\n',
      {},
      [
        'bad-value fleet.yaml:5:21 the label "t" of "a" is not a valid label value | letters, digits, ".", "_" and "-", beginning with a letter or digit, at most 63 characters',
      ],
    ],
    [
      'with a label value of the wrong form in a row',
      'manifest: m.yaml\ninstancesFrom: [{ file: t.csv, labels: [t] }]\n',
      { 't.csv': 'name,t\na,=x()\n' },
      [
        'bad-value t.csv:2:3 the label "t" of "a" is not a valid label value | letters, digits, ".", "_" and "-", beginning with a letter or digit, at most 63 characters',
      ],
    ],
    [
      'with a label name of the wrong form',
      'manifest: m.yaml\ninstances:\n  a: { labels: { a b: x, __proto__: y } }\n',
      {},
      [
        'bad-value fleet.yaml:5:18 "a b" is not a valid label name | letters, digits, "_" and "-", beginning with a letter, at most 63 characters',
        'bad-value fleet.yaml:5:26 "__proto__" is not a valid label name | letters, digits, "_" and "-", beginning with a letter, at most 63 characters',
      ],
    ],
    [
      'with a duplicate entry',
      'manifest: m.yaml\ninstances:\n  a: {}\n  b: {}\n  a: {}\n',
      {},
      ['duplicate-key fleet.yaml:7:3 the key "a" appears twice | the first one is on line 5'],
    ],
    [
      'with a duplicate row',
      'manifest: m.yaml\ninstancesFrom: [{ file: t.csv }, { file: u.csv }]\n',
      { 't.csv': 'name\na\nb\nb\n', 'u.csv': 'name\na\n' },
      [
        'duplicate-instance t.csv:4:1 "b" is listed here and in t.csv:3 | keep one of the two rows',
        'duplicate-instance u.csv:2:1 "a" is listed here and in t.csv:2 | keep one of the two rows',
      ],
    ],
    [
      'with an invalid date',
      'manifest: m.yaml\ninstances:\n  a: { suspended: { reason: x, until: 2026-02-30 } }\n',
      {},
      [
        'bad-date fleet.yaml:5:39 "2026-02-30" is neither a calendar day nor a time with a zone | write a day, such as 2027-01-31',
      ],
    ],
    [
      'with a wave named rest',
      `${ONE}waves:\n  - { name: rest, where: [a!=b] }\n`,
      {},
      [
        'bad-value fleet.yaml:6:13 the wave name "rest" is reserved | entries in no wave form it; choose another name',
      ],
    ],
    [
      'with a duplicate wave',
      `${ONE}waves:\n  - { name: w, where: [a!=b] }\n  - { name: w, where: [a!=c] }\n`,
      {},
      ['duplicate-key fleet.yaml:7:13 the wave "w" is defined here and on line 6 | rename one of them'],
    ],
    [
      'with an invalid term',
      `${ONE}waves:\n  - { name: w, where: [a=b, "c", "d=e,f=g"] }\n`,
      {},
      [
        'bad-value fleet.yaml:6:29 "c" is not a valid term | write label=value, label!=value or label=one|other, one term per item',
        'bad-value fleet.yaml:6:34 "d=e,f=g" is not a valid term | write label=value, label!=value or label=one|other, one term per item',
      ],
    ],
  ])('is invalid %s', async (_, text, files, expected) => {
    expect((await loadFleet(text, files)).inventory).toBeNull();
    expect(await faultsOf(text, files)).toEqual(expected);
  });

  it.each([
    ['an unknown label', 'tire=test', 'did you mean "tier"?'],
    ['a label that is not similar to any other', 'colour=red', 'no instance has the label "colour"'],
    ['an unknown value', 'tier=tets', 'did you mean "test"?'],
    ['a value that is not similar to any other', 'tier=production', 'no instance has tier=production'],
    ['instances of an earlier wave', 'tier!=x', 'all instances that it matches are in earlier waves'],
  ])('warns of a wave of %s', async (_, term, hint) => {
    const text = `manifest: m.yaml\ninstances: { a: { labels: { tier: test } } }\nwaves:\n  - { name: all, where: [tier=test] }\n  - { name: w, where: [${term}] }\n`;
    const { inventory, problems } = await loadFleet(text);
    expect(inventory).not.toBeNull();
    expect(problems.map(({ severity }) => severity)).toEqual(['warning']);
    expect(problems.map(problemLine)).toEqual([
      `empty-wave fleet.yaml:7:13 the wave "w" matches no instance | ${hint}`,
    ]);
  });

  it('has equal sources for entries and rows that did not change', async () => {
    const sourcesOf = async (text: string, row = 'a,test'): Promise<string[]> =>
      (
        await inventoryOf(`${text}instancesFrom: [{ file: t.csv, labels: [tier] }]\n`, {
          't.csv': `name,tier\n${row}\n`,
        })
      ).entries.map(({ source }) => source);
    const plain = await sourcesOf(
      'manifest: m.yaml\ninstances: { a: { overlay: { policy: { minAdmins: 2 } } } }\n',
    );
    expect(
      await sourcesOf(
        '# moved\nmanifest: n.yaml\ninstances:\n  a:\n    overlay: { policy: { minAdmins: 2 } }\n',
      ),
    ).toEqual(plain);
    expect(
      await sourcesOf('manifest: m.yaml\ninstances: { a: { overlay: { policy: { minAdmins: 3 } } } }\n'),
    ).not.toEqual(plain);
    expect(
      await sourcesOf(
        'manifest: m.yaml\ninstances: { a: { overlay: { policy: { minAdmins: 2 } } } }\n',
        'a,prod',
      ),
    ).not.toEqual(plain);
  });
});

describe('A row and an entry of the same name', () => {
  const draft = (name: string, label: string, source: string): DraftEntry => ({
    name: { value: name, at: PLACE },
    labels: new Map([[label, { value: source, at: PLACE }]]),
    manifest: null,
    overlay: null,
    suspended: null,
    source,
  });

  it('form one entry with the sources of both', () => {
    const problems: Problem[] = [];
    const rows = [draft('a', 'x', 'row a'), draft('b', 'x', 'row b'), draft('b', 'x', 'again')];
    const joined = joinRows([draft('a', 'y', 'entry a'), draft('c', 'y', 'entry c')], rows, problems);
    expect(joined.map(({ name, labels, source }) => [name.value, [...labels.keys()], source])).toEqual([
      ['a', ['x', 'y'], '["entry a","row a"]'],
      ['b', ['x'], 'row b'],
      ['c', ['y'], 'entry c'],
    ]);
    expect(problems.map(({ code }) => code)).toEqual(['duplicate-instance']);
  });
});
