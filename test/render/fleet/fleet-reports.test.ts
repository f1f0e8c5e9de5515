import { describe, expect, it } from '@jest/globals';
import type { FleetDocument, FleetRow } from '../../../src/fleet/document.js';
import { fleetChangesCsv, fleetCsv } from '../../../src/render/fleet/fleet-csv.js';
import { rowsByCause } from '../../../src/render/fleet/fleet-facts.js';
import { fleetMarkdown } from '../../../src/render/fleet/fleet-markdown.js';
import { fleetText } from '../../../src/render/fleet/fleet-text.js';
import { workText } from '../../../src/render/fleet/fleet-totals.js';
import { fleetHero } from '../../../src/render/fleet-page/fleet-hero.js';
import { troubleSection, waveSection } from '../../../src/render/fleet-page/sections.js';
import { allowlistSet, creation, defaultRoleSet, rename } from '../../support/changes.js';
import { documentOf, documentWith, SUMMARY } from '../../support/fleet-documents.js';
import { fleetRow } from '../../support/fleet-rows.js';
import { HOSTILE_TEXTS } from '../../support/hostile-texts.js';

const PROBLEM = { message: 'm', file: null, line: null, column: null, hint: null };

/** The characters in a text that have a special meaning. */
const signsIn = (text: string, signs: string): string[] => [...signs].filter((sign) => text.includes(sign));

describe('foreign text in the reports of a fleet', () => {
  it.each(HOSTILE_TEXTS)('stays on one line without colors in text: %s', (_what, text) => {
    const shown = fleetText(documentWith(text), { colour: false });
    expect(signsIn(shown, '\u001b\u0007\r\u202e\u200b')).toEqual([]);
    // No line begins with foreign text.
    const plain = fleetText(documentWith('word'), { colour: false });
    expect(shown.split('\n')).toHaveLength(plain.split('\n').length);
  });

  it.each(HOSTILE_TEXTS)('adds no element, mention, link or line to Markdown: %s', (_what, text) => {
    const shown = fleetMarkdown(documentWith(text));
    expect(signsIn(shown, '\u001b\u0007\r')).toEqual([]);
    // Outside of code, foreign text has no special meaning.
    const prose = shown.replace(/(`+)[^]*?[^`]\1(?!`)/gu, 'CODE');
    expect(prose).not.toMatch(/(?<!\\)<(?:h1|script|img|!--|\/)/u);
    expect(prose).not.toMatch(/(?<![\\\w;])@(?:acme|octocat)/u);
    expect(prose).not.toMatch(/^# Approved/mu);
    expect(prose).not.toMatch(/(?<!\\)!\[x\]/u);
  });

  it.each([['=1+1'], ['+1'], ['-1'], ['@SUM(A1)'], ['\t=1'], ['=HYPERLINK("http://evil.example")']])(
    'adds no formula to CSV: %s',
    (text) => {
      for (const csv of [fleetCsv(documentWith(text)), fleetChangesCsv(documentWith(text))]) {
        expect(csv).not.toMatch(/(?:^|,)"?[=+@\t-]\s*[=A-Z1(]/mu);
      }
    },
  );
});

describe('what needs attention', () => {
  it.each([
    ['short names that are part of other words', ['a', 'e'], () => 'the base "base.yaml" does not exist'],
    ['names that are words of the message', ['base', 'acme'], () => 'the base "base.yaml" does not exist'],
    [
      'messages that name their instance',
      ['a', 'acme'],
      (name: string) => `${name}: not answered as of today`,
    ],
  ])('is grouped as one cause: %s', (_what, names, because) => {
    const rows = names.map((name) => fleetRow(name, 'failed', { because: because(name) }));
    expect(rowsByCause({ rows }).map(({ instances }) => instances)).toEqual([[...names].sort()]);
  });

  it('names no single instance where several have the same cause', () => {
    const row = (name: string, variable: string): FleetRow =>
      fleetRow(name, 'failed', {
        because: `there is no credential for "${name}"`,
        problems: [{ ...PROBLEM, code: 'no-credential', hint: `set DOMO_ACCESS_TOKEN_${variable}` }],
      });
    const [alpha, beta] = [row('alpha', 'ALPHA'), row('beta-2', 'BETA_2')];
    expect(rowsByCause({ rows: [alpha, beta] })).toMatchObject([
      {
        cause: 'no-credential: there is no credential for "NAME"',
        nextStep: 'set DOMO_ACCESS_TOKEN_NAME',
        instances: ['alpha', 'beta-2'],
      },
    ]);
    expect(rowsByCause({ rows: [beta] })).toMatchObject([
      { cause: expect.stringContaining('"beta-2"'), nextStep: 'set DOMO_ACCESS_TOKEN_BETA_2' },
    ]);
  });

  it.each([
    ['first', ['no', 'zeta']],
    ['last', ['acme', 'no']],
    ['alone with others that are words', ['no', 'for', 'credential']],
  ])('keeps the words of a text that are the name of an instance too (%s)', (_where, names) => {
    const rows = names.map((name) =>
      fleetRow(name, 'failed', {
        because: `no credential for "${name}"`,
        problems: [{ ...PROBLEM, code: 'no-credential', hint: `no role for ${name} is known` }],
      }),
    );
    expect(rowsByCause({ rows })).toMatchObject([
      { cause: 'no-credential: no credential for "NAME"', nextStep: 'no role for NAME is known' },
    ]);
  });

  it('is kept as two causes when a text differs in more than the name of its instance', () => {
    const rows = [
      fleetRow('acme', 'failed', { because: 'acme has no role' }),
      fleetRow('no', 'failed', { because: 'no has a role' }),
      fleetRow('role', 'failed', { because: 'role has no acme' }),
    ];
    expect(rowsByCause({ rows })).toHaveLength(3);
  });

  it('has a group for each of thousands of causes that differ', () => {
    const rows = Array.from({ length: 4000 }, (_, index) =>
      fleetRow(`i${index}`, 'failed', { because: `i${index}: role ${index + 812_345_678} is not there` }),
    );
    expect(rowsByCause({ rows })).toHaveLength(4000);
  });

  it('has the place of each problem, in every report', () => {
    const at = (instance: string, line: number): FleetRow =>
      fleetRow(instance, 'invalid', {
        because: 'the key "x" is not known here',
        problems: [{ ...PROBLEM, code: 'unknown-key', file: 'fleet.yaml', line, column: 1 }],
      });
    const document = documentOf([at('a', 4), at('b', 9)]);
    expect(rowsByCause(document)).toMatchObject([
      { instances: ['a', 'b'], places: 'fleet.yaml:4, fleet.yaml:9' },
    ]);
    expect(fleetText(document, { colour: false })).toContain('\n    at fleet.yaml:4, fleet.yaml:9\n');
    expect(fleetMarkdown(document)).toContain('\n  - at `fleet.yaml:4, fleet.yaml:9`');
    expect(troubleSection(document)).toContain('fleet.yaml:4, fleet.yaml:9');
  });

  it('is kept as two causes when one name is part of another', () => {
    const rows = ['eu', 'us'].map((name) => fleetRow(name, 'failed', { because: `${name}-west is gone` }));
    expect(rowsByCause({ rows })).toHaveLength(2);
  });
});

describe('Markdown of many different plans', () => {
  it('stays below the limit of a comment, shows first what needs attention, and reports that it was truncated', () => {
    const rows = Array.from({ length: 1000 }, (_, index) =>
      fleetRow(`instance-${index}`, index % 50 === 0 ? 'failed' : 'changes', {
        summary: SUMMARY,
        because: index % 50 === 0 ? `cause ${index} ${'very '.repeat(40)}long` : null,
      }),
    );
    const plans = Object.fromEntries(
      rows.map(({ instance }, index) => [
        instance,
        Array.from({ length: 5 }, (_, role) => creation(`Rolle ${index} ${role} ${'ü'.repeat(60)}`, ['a.b'])),
      ]),
    );
    const markdown = fleetMarkdown(documentOf(rows, { plans }));
    expect(Buffer.byteLength(markdown)).toBeLessThan(65_536);
    expect(Buffer.byteLength(markdown)).toBeGreaterThan(40_000);
    expect(markdown.indexOf('### Needs attention')).toBeLessThan(markdown.indexOf('### Changes'));
    expect(markdown).toContain('cause 950');
    expect(markdown).toContain('left out at the end');
  });

  it('stays below the limit with a thousand causes', () => {
    const rows = Array.from({ length: 1000 }, (_, index) =>
      fleetRow(`instance-${index}`, 'failed', { because: `cause ${index} ${'<@&'.repeat(200)}` }),
    );
    expect(Buffer.byteLength(fleetMarkdown(documentOf(rows)))).toBeLessThan(65_536);
  });

  it('shows equal plans once, with their number', () => {
    const rows = Array.from({ length: 500 }, (_, index) =>
      fleetRow(`i${index}`, 'changes', { summary: SUMMARY }),
    );
    const plans = Object.fromEntries(
      rows.map(({ instance }) => [instance, [creation('Finance Viewer', ['a.b'])]]),
    );
    const markdown = fleetMarkdown(documentOf(rows, { plans }));
    expect(markdown.match(/Finance Viewer/gu)).toHaveLength(1);
    expect(markdown).toContain('500 instances');
    expect(Buffer.byteLength(markdown)).toBeLessThan(1500);
  });
});

describe('the summary of a fleet in one sentence', () => {
  const clean = [fleetRow('a', 'clean')];

  it.each<[FleetDocument['command'], string]>([
    ['plan', 'No changes.'],
    ['apply', 'No changes.'],
    ['drift', 'No drift.'],
    ['doctor', 'The connection and the token of 1 instance are in order.'],
    ['export', '1 instance exported, each into its folder under instances/.'],
  ])('of %s without changes is right: %s', (command, text) => {
    expect(workText({ ...documentOf(clean), command })).toBe(text);
  });

  it.each<[FleetDocument['command'], string, string | null]>([
    ['drift', 'failed', null],
    ['drift', 'suspended', null],
    ['drift', 'drift', null],
    ['drift', 'clean drift failed', 'No drift on 1 of 3 instances.'],
    ['plan', 'failed', null],
    ['plan', 'clean clean refused', 'No changes on 2 of 3 instances.'],
    ['apply', 'clean suspended', 'No changes on 1 of 2 instances.'],
    // What is done changed something.
    ['apply', 'done suspended', null],
    ['apply', 'not-started', null],
    ['apply', 'incomplete', '1 incomplete instance may have a part of the planned changes.'],
    ['doctor', 'failed', null],
    ['export', 'failed', null],
  ])('of %s claims nothing about unknown instances: %s', (command, statuses, text) => {
    const rows = statuses
      .split(' ')
      .map((status, index) => fleetRow(`i${index}`, status as FleetRow['status']));
    const document = { ...documentOf(rows), command };
    expect(workText(document)).toBe(text);
    for (const report of [fleetText(document, { colour: false }), fleetMarkdown(document)])
      expect(report).not.toMatch(/No (?:drift|changes)\.|null|\n\n\n|\n\n$/u);
  });

  it.each<[FleetDocument['command'], FleetRow['status'], Parameters<typeof documentOf>[1] & {}, string]>([
    ['apply', 'done', { plans: { a: [rename(11, ['A', 'A'])] } }, 'In all: 1 role updated.'],
    [
      'plan',
      'changes',
      { plans: { a: [rename(11, ['A', 'B']), rename(12, ['C', 'D'])] } },
      'In all: 2 roles updated.',
    ],
    ['plan', 'changes', { plans: { a: [defaultRoleSet(11)] } }, 'In all: 1 default role changed.'],
    [
      'drift',
      'drift',
      { plans: { a: [allowlistSet([11])] } },
      'To undo the drift: 1 roles allowlist changed.',
    ],
    ['apply', 'refused', { plans: { a: [defaultRoleSet(11)] } }, 'No changes on 1 of 2 instances.'],
  ])('of %s counts every kind of change of an instance that is %s', (command, status, made, text) => {
    const rows = [fleetRow('a', status), fleetRow('b', 'clean')];
    expect(workText({ ...documentOf(rows, made), command })).toBe(text);
  });

  it('does not say that nothing changed on an instance that an earlier attempt changed', () => {
    const attempts = [{ status: 'done' as const, runId: 'r1', sent: true, because: null }];
    const document = documentOf([fleetRow('a', 'clean', { attempts }), fleetRow('b', 'clean')]);
    expect(workText({ ...document, command: 'apply' })).toBe(
      'No changes on 1 of 2 instances. Earlier attempts may have made changes on 1 instance that are not counted.',
    );
  });

  it('explains drift that no apply undoes, and what to do', () => {
    const because = '2 unmanaged roles';
    const document = documentOf([fleetRow('a', 'drift', { because }), fleetRow('b', 'drift')]);
    expect(rowsByCause(document)).toEqual([
      {
        status: 'drift',
        cause: because,
        instances: ['a'],
        places: '',
        nextStep: expect.stringContaining('does not undo'),
      },
    ]);
    expect(fleetText(document, { colour: false })).toContain(`with drift  ${because}`);
  });

  it('adds up all rows', () => {
    const rows = ['a', 'b'].map((name) => fleetRow(name, 'changes', { summary: SUMMARY }));
    expect(workText(documentOf(rows))).toBe('In all: 2 roles created and 4 grants added.');
    expect(workText({ ...documentOf(rows), command: 'drift' })).toMatch(/^To undo the drift: /u);
  });
});

describe('a rollback of an apply in several runs', () => {
  it.each([
    ['changes', 'After the changes shown, earlier runs of the apply are undone on 1 instance: b.'],
    ['done', 'After the changes shown, earlier runs of the apply were undone on 1 instance: b.'],
  ] as const)('names what its groups do not show: %s', (status, note) => {
    const rows = [fleetRow('a', status), fleetRow('b', status, { because: 'an earlier run' })];
    const document = { ...documentOf(rows), command: 'rollback' as const };
    expect(fleetText(document, { colour: false })).toContain(`\n${note}\n`);
    expect(fleetMarkdown(document)).toContain(`> [!NOTE]\n> ${note}`);
    expect(fleetHero(document).verdict.sentence).toContain(note);
    expect(fleetText({ ...document, command: 'apply' }, { colour: false })).not.toContain('earlier');
  });
});

describe('a wave that the run did not start completely', () => {
  const wave = { name: 'rest', instances: 2, failures: 0, mayFail: 0, limit: 0, state: 'done' } as const;

  it.each<[FleetRow['status'], FleetDocument['waves'][number], string]>([
    ['done', wave, 'done  rest: 2 instances, 0 failures (at most 0)'],
    [
      'not-started',
      { ...wave, state: 'not-finished' },
      'not finished  rest: 2 instances, 0 failures (at most 0), 1 not started',
    ],
    [
      'not-started',
      { ...wave, failures: 1, state: 'failed' },
      'failed  rest: 2 instances, 1 failure (at most 0), 1 not started',
    ],
    [
      'not-started',
      { ...wave, state: 'not-started' },
      'not started  rest: 2 instances, 0 failures (at most 0)',
    ],
  ])('is never reported as done: with %s', (status, one, line) => {
    const document = documentOf([fleetRow('a', 'done'), fleetRow('b', status)], { waves: [one] });
    expect(fleetText(document, { colour: false })).toContain(`Waves\n  ${line}\n`);
    const [state = ''] = line.split('  ');
    const counts = line.split(', ').slice(1).join(', ');
    expect(fleetMarkdown(document)).toContain(`| ${state} | 2 | ${counts.replace(/ failures?/u, '')} |`);
    expect(waveSection(document)).toContain(`>${state}</span>`);
  });
});
