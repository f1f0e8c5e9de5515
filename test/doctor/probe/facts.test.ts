import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ProbeResult } from '../../../src/doctor/probe/probe.js';
import type { FactId } from '../../../src/doctor/probe/facts.js';
import { QUIRKS, quirksOfReport, seedState } from '../../../src/sandbox/index.js';
import type { Quirks } from '../../../src/sandbox/index.js';
import { checkSchema } from '../../support/check-schema.js';
import { everyQuirk } from '../../support/every-quirk.js';
import { inputs } from '../../support/law.js';
import { factOf, openBench, SEED_NAMES } from './support.js';
import type { Bench } from './support.js';

const open: Bench[] = [];
afterEach(async () => {
  for (const bench of open.splice(0)) await bench.close();
});

async function benchWith(quirks: Partial<Quirks> = {}): Promise<Bench> {
  const bench = await openBench(quirks);
  open.push(bench);
  return bench;
}

describe('a fact that a probe determines', () => {
  const rows: [FactId, string | number, Partial<Quirks>][] = [
    ['settings', 'yes', {}],
    ['settings', '404', { settingsAbsent: true }],
    ['settings', '404', { defaultByCustomerStateOnly: true }],
    ['settings', '405', { settingsWriteOnly: true }],
    ['user-page', 7, { userPageCap: 7 }],
    ['ids', 'numbers', {}],
    ['ids', 'text', { idsAsText: true }],
    ['attributes', 'values', { idsAsText: true }],
    ['attributes', 'text', { attributesAsText: true }],
    ['authority-count', 'equal', {}],
    ['authority-count', 'one higher', { authorityCountOneHigher: true }],
    ['member-totals', 'yes', {}],
    ['member-totals', 'no', { membersWithoutTotals: true }],
    ['matrix', 'equal', {}],
    ['matrix', 'leaves out', { matrixLeavesOut: true }],
    ['catalogue-fields', 'all', {}],
    ['catalogue-fields', 'older', { olderCatalogue: true }],
    ['create-without-source', 'made', {}],
    ['create-without-source', 'refused', { fromRoleIdRequired: true }],
    ['start-without-source', 'as Social', {}],
    ['start-without-source', 'as the default role', { startsAsDefault: true }],
    ['start-without-source', 'empty', { startsEmpty: true }],
    ['start-without-source', 'other', { startsWithFew: true }],
    ['start-with-source', 'as that role', {}],
    ['start-with-source', 'as that role', { fromRoleIdRequired: true }],
    ['start-with-source', 'otherwise', { fromRoleIdIgnored: true }],
    ['start-with-source', 'otherwise', { fromRoleIdIgnored: true, fromRoleIdRequired: true }],
    ['rename', '200', {}],
    ['rename', '400 but done', { updateAnswers400: true }],
    ['grants-methods', 'PUT and PATCH', {}],
    ['grants-methods', 'PUT', { grantsPutOnly: true }],
    ['grants-methods', 'PATCH', { grantsPatchOnly: true }],
    ['grants-answer', '200', {}],
    ['grants-answer', '400 but done', { grantsAnswer400: true }],
    ['implied-grants', 'not added', {}],
    ['implied-grants', 'added', { impliedAuthorities: true }],
    ['implied-grants', 'added', { impliedAuthorities: true, olderCatalogue: true }],
    ['name-case', 'allowed', {}],
    ['name-case', 'refused', { namesIgnoreCase: true }],
    ['write-seen', 'at once', {}],
    ['write-seen', '1 s', { lateVisibility: 800 }],
    ['write-seen', '5 s', { lateVisibility: 4_000 }],
    ['write-seen', '30 s', { lateVisibility: 20_000 }],
    ['write-seen', 'longer', { lateVisibility: 40_000 }],
    ['delete', '204', {}],
    ['delete', '204 with a body', { deleteAnswersBody: true }],
    ['delete', '400 but done', { deleteAnswers400: true }],
  ];

  const probes = new Map<string, Promise<ProbeResult & { names: string[] }>>();
  /** A probe of an instance with these quirks, shared by all rows with the same quirks. */
  const probeWith = (quirks: Partial<Quirks>): Promise<ProbeResult & { names: string[] }> => {
    const key = JSON.stringify(quirks);
    const probe =
      probes.get(key) ??
      openBench(quirks).then(async (bench) => {
        const result = await bench.run();
        const names = bench.names();
        await bench.close();
        return { ...result, names };
      });
    probes.set(key, probe);
    return probe;
  };

  it.each(rows)('%s: %s, with %j', async (id, value, quirks) => {
    const { report, left, error, names } = await probeWith(quirks);
    expect([error, left, factOf(report, id)]).toEqual([null, [], value]);
    expect(names).toEqual(SEED_NAMES);
  });

  it('is unknown, with the reason, if nothing is written', async () => {
    const bench = await benchWith();
    const { report } = await bench.run({ writes: false });
    const unknown = report.facts.filter(({ verdict }) => verdict === 'unknown');
    expect(unknown.map(({ id }) => id)).toContain('create-without-source');
    expect(unknown.every(({ value, reason }) => value === null && reason !== null)).toBe(true);
    expect(bench.sandbox.log().filter(({ method }) => !['GET', 'POST'].includes(method))).toEqual([]);
  });

  it('is compared with the documentation', async () => {
    const verdicts = async (quirks: Partial<Quirks>): Promise<(string | undefined)[]> => {
      const { facts } = (await (await benchWith(quirks)).run()).report;
      return ['rename', 'implied-grants'].map((id) => facts.find((fact) => fact.id === id)?.verdict);
    };
    expect(await verdicts({})).toEqual(['as-documented', 'as-documented']);
    expect(await verdicts({ updateAnswers400: true, impliedAuthorities: true })).toEqual([
      'as-documented',
      'differs',
    ]);
  });
});

describe('a report', () => {
  it('matches its schema, and contains no names', async () => {
    for (const quirks of [{}, everyQuirk()]) {
      const bench = await benchWith(quirks);
      const { report } = await bench.run();
      expect(checkSchema('probe', report)).toEqual([]);
      const text = JSON.stringify(report);
      const { roles, users } = seedState();
      const names = [
        ...roles.map(({ name }) => name).filter((name) => name !== 'Social'),
        ...roles.flatMap(({ authorities }) => authorities),
        ...users.flatMap(({ displayName, email }) => [displayName, email ?? displayName]),
        ...users.map(({ id }) => String(id)),
        bench.sandbox.token,
        'acme',
        '127.0.0.1',
        'domo-roles probe',
      ];
      expect(names.filter((name) => text.includes(name))).toEqual([]);
    }
  });

  const switches = QUIRKS.filter(
    ({ key }) => !['unknownInstance', 'networkBlocked', 'networkRedirected', 'slowAnswers'].includes(key),
  );
  const someQuirks = fc
    .record(
      Object.fromEntries(
        switches.map(({ key, value }) => [
          key,
          value === undefined
            ? fc.boolean()
            : value.unit === 'ms'
              ? fc.constantFrom(0, 0, 50, 900, 3_500, 31_000)
              : fc.nat({ max: 40 }),
        ]),
      ),
    )
    .map((quirks) => {
      const chosen = quirks as Record<string, boolean | number>;
      for (const { key, rivals = [] } of switches)
        if (rivals.some((rival) => chosen[rival])) delete chosen[key];
      return chosen;
    });

  it('makes a sandbox whose report is the same', async () => {
    await fc.assert(
      fc.asyncProperty(someQuirks, async (quirks) => {
        const first = await (await benchWith(quirks)).run();
        const { quirks: like, missing } = quirksOfReport(first.report);
        const second = await (await benchWith(like)).run();
        expect([first.error, first.left, missing]).toEqual([null, [], []]);
        expect(second.report).toEqual(first.report);
      }),
      { numRuns: inputs(20) },
    );
  });

  it.each([
    ['null', null],
    ['a plan', { kind: 'plan', formatVersion: 1 }],
    ['another version', { kind: 'probe', formatVersion: 2, facts: [] }],
    ['no facts', { kind: 'probe', formatVersion: 1 }],
    ['facts of another form', { kind: 'probe', formatVersion: 1, facts: [{ id: 1, value: true }] }],
    [
      'a page that is not a number of people',
      { kind: 'probe', formatVersion: 1, facts: [{ id: 'user-page', value: -1 }] },
    ],
  ])('cannot be %s', (_what, document) => {
    expect(() => quirksOfReport(document)).toThrow(/report/u);
  });

  it('lists the facts that no sandbox can have', () => {
    const facts = [
      { id: 'rename', value: '202' },
      { id: 'a-later-one', value: 'x' },
      { id: 'constructor', value: 'name' },
    ];
    expect(quirksOfReport({ kind: 'probe', formatVersion: 1, facts })).toEqual({
      quirks: {},
      missing: ['rename: 202', 'a-later-one: x', 'constructor: name'],
    });
  });
});
