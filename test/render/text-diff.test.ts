import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planGithub } from '../../src/render/ci/plan-github.js';
import { unifiedDiff } from '../../src/render/facts/line-diff.js';
import { clip, figure, quotedName, series, timeText } from '../../src/render/format/phrases.js';
import { emptyPlan, fullDrift, fullPlan } from '../support/plan-builder.js';
import { hostileNames } from '../support/plan-changes.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';

describe('unifiedDiff', () => {
  it('shows what changed with two lines around it', () => {
    const before = 'a\nb\nc\nd\ne\nf';
    expect(unifiedDiff(before, before.replace('e', 'E')).map(({ sign, text }) => sign + text)).toEqual([
      ' c',
      ' d',
      '-e',
      '+E',
      ' f',
    ]);
  });

  it('puts an ellipsis between two places', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    const changed = lines.map((line, index) => (index === 1 || index === 18 ? `${line}!` : line));
    expect(unifiedDiff(lines.join('\n'), changed.join('\n')).filter(({ sign }) => sign === '…')).toHaveLength(
      1,
    );
  });

  it('is empty for equal texts, and only for these', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (before, after) => {
        expect(unifiedDiff(before, after).length === 0).toBe(before === after);
      }),
    );
  });

  it('holds every line of a text that appears or goes', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z ]{1,9}$/), { minLength: 1 }), (lines) => {
        const text = lines.join('\n');
        expect(
          unifiedDiff('', text)
            .filter(({ sign }) => sign === '+')
            .map((line) => line.text),
        ).toEqual(lines);
        expect(
          unifiedDiff(text, '')
            .filter(({ sign }) => sign === '-')
            .map((line) => line.text),
        ).toEqual(lines);
      }),
    );
  });

  it('ends for texts that differ in thousands of places', () => {
    const many = (mark: string): string =>
      Array.from({ length: 6000 }, (_, index) => `${mark}${index}`).join('\n');
    expect(unifiedDiff(many('a'), many('b'))).toHaveLength(12_000);
  });
});

describe('planGithub', () => {
  it('tells refusals as errors and warnings at their place', () => {
    const lines = planGithub(fullPlan()).trimEnd().split('\n');
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['::error', '::error', '::warning', '::warning']);
    expect(lines[3]).toContain('file=domo-roles.yaml,line=12,col=5');
    expect(lines[0]).toContain('--allow escalation');
  });

  it('tells each difference of a drift document as an error, and nothing where nothing is wrong', () => {
    expect(planGithub(fullDrift()).match(/^::error /gm)).toHaveLength(10);
    expect(planGithub(emptyPlan())).toBe('');
  });

  it.each(HOSTILE_TEXTS)('keeps one line a command when a name %s', (_what, text) => {
    const lines = planGithub(fullPlan(hostileNames(text)))
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line).toMatch(/^::(?:error|warning) /);
  });
});

describe('words', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1234567, '1,234,567'],
  ])('writes %d as %s', (value, text) => {
    expect(figure(value)).toBe(text);
  });

  it.each([
    ['Data Analyst', 'Data Analyst'],
    ['ana@acme.com', 'ana@acme.com'],
    ['two  blanks', '"two  blanks"'],
    ['Admin → Social', '"Admin → Social"'],
    ['', '""'],
    ['say "x"', '"say \\"x\\""'],
  ])('names %j as %s', (name, text) => {
    expect(quotedName(name)).toBe(text);
  });

  it('joins, clips and tells the time', () => {
    expect([series([]), series(['a']), series(['a', 'b', 'c'])]).toEqual(['', 'a', 'a, b and c']);
    expect(clip('abcdef', 4)).toBe('abc…');
    expect(clip('ab👩cd', 4)).toBe('ab…');
    expect(timeText('2026-01-31T08:15:00.000Z')).toBe('2026-01-31 08:15 UTC');
    expect(timeText('long ago')).toBe('long ago');
  });
});
