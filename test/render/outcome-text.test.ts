import { asChangeId } from '../support/change-ids.js';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { summarise, type ChangeOutcome, type Outcome } from '../../src/apply/outcome.js';
import { CHANGE_STATUSES } from '../../src/journal/entry.js';
import { outcomeText } from '../../src/render/text/outcome.js';
import { styleOf } from '../../src/render/text/style.js';
import { table } from '../../src/render/text/tables.js';
import { buildOutcome } from '../support/plan-builder.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';
import { expectGolden } from './golden.js';

const bare = styleOf(false);

describe('summarise', () => {
  it('counts every change once, under its own status', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...CHANGE_STATUSES)), (statuses) => {
        const { changes, ...counts } = summarise(statuses.map((status) => ({ status })));
        expect(changes).toBe(statuses.length);
        for (const status of CHANGE_STATUSES) {
          expect(counts[status]).toBe(statuses.filter((other) => other === status).length);
        }
      }),
    );
  });
});

describe('outcomeText', () => {
  it('shows what went wrong and counts the rest', () => {
    expectGolden('outcome.txt', outcomeText(buildOutcome(), { colour: false }));
  });

  it('lists every change with verbose', () => {
    const text = outcomeText(buildOutcome(), { colour: false, verbose: true });
    for (const change of buildOutcome().changes) expect(text).toContain(change.id);
  });

  it('ends with the next step only if something is missing', () => {
    const next = 'Remove the cause, then run the same command again: it continues with what is missing.\n';
    const textOf = (outcome: Outcome): string => outcomeText(outcome, { colour: false });
    const changes = buildOutcome().changes.map((change) => ({ ...change, status: 'done' as const }));
    expect(textOf(buildOutcome()).endsWith(`\n${next}`)).toBe(true);
    expect(textOf({ ...buildOutcome(), dryRun: true })).not.toContain(next);
    expect(textOf({ ...buildOutcome(), changes, summary: summarise(changes) })).not.toContain(next);
  });

  it('has the title Dry run instead of Applied and Outcome for a dry run', () => {
    const outcome: Outcome = { ...buildOutcome(), dryRun: true };
    const text = outcomeText(outcome, { colour: false });
    expect(text).toMatch(/^Dry run for acme/u);
    expect(text).toMatch(/^Dry run: /mu);
  });

  it('reports that there is nothing to do if there are no changes', () => {
    const outcome: Outcome = { ...buildOutcome(), changes: [], summary: summarise([]) };
    expect(outcomeText(outcome, { colour: false })).toMatch(/^Outcome: nothing to do$/mu);
  });

  it.each(HOSTILE_TEXTS)('has as many lines when a role %s', (_what, text) => {
    const lines = (role: string): number => {
      const changes: ChangeOutcome[] = [
        {
          id: asChangeId(`grants.set:${role}`),
          kind: 'grants.set',
          role,
          status: 'failed',
          reason: `"${role}" differs`,
          because: null,
        },
      ];
      return outcomeText(
        { ...buildOutcome(), changes, summary: summarise(changes) },
        { colour: false },
      ).split('\n').length;
    };
    expect(lines(text)).toBe(lines('plain'));
  });
});

describe('table', () => {
  it('aligns numbers right and text left', () => {
    const text = table(
      ['role', 'people'],
      [
        ['Social', 5],
        ['Data Analyst', 1200],
      ],
      bare,
    );
    expect(text).toBe('role          people\nSocial             5\nData Analyst    1200\n');
  });

  it('has no line for a head without titles', () => {
    expect(
      table(
        ['', ''],
        [
          ['id', 7],
          ['name', 'Social'],
        ],
        bare,
      ),
    ).toBe('id    7\nname  Social\n');
  });

  it('prints none for an empty table', () => {
    expect(table(['role'], [], bare)).toBe('None.\n');
  });

  it('shows null as empty and booleans as yes or no', () => {
    expect(table(['a', 'b', 'c'], [[null, true, false]], bare)).toBe('a  b    c\n   yes  no\n');
  });

  it.each(HOSTILE_TEXTS)('has one line per row when a name %s', (_what, text) => {
    expect(
      table(
        ['role', 'people'],
        [
          [text, 1],
          ['b', 2],
        ],
        bare,
      )
        .trimEnd()
        .split('\n'),
    ).toHaveLength(3);
  });
});
