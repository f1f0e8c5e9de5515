import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planText } from '../../src/render/text/plan.js';
import { emptyPlan, fullDrift, fullPlan, planOf } from '../support/plan-builder.js';
import { everyChange, hostileNames } from '../support/plan-changes.js';
import { expectGolden } from './golden.js';
import { anyText } from '../support/any-text.js';

const PLAIN = { colour: false, limit: 20 };

describe('planText', () => {
  it.each([
    [
      'a plan with refusals and everything else',
      'full-plan.txt',
      planText(fullPlan(), { ...PLAIN, verbose: true }),
    ],
    ['a plan with nothing to do', 'empty-plan.txt', planText(emptyPlan(), PLAIN)],
    ['drift', 'full-drift.txt', planText(fullDrift(), PLAIN)],
  ])('renders %s as in the golden file', (_what, file, text) => {
    expectGolden(file, text);
  });

  it('ends an empty plan with the sentence that people search for', () => {
    expect(planText(emptyPlan(), PLAIN).trimEnd().split('\n').at(-1)).toBe(
      'No changes. The instance equals the manifest.',
    );
  });

  it('shows requests only when asked', () => {
    expect(planText(fullPlan(), PLAIN)).not.toContain('POST /api/');
    expect(planText(fullPlan(), { ...PLAIN, verbose: true })).toContain(
      'POST /api/authorization/v1/roles {"name"',
    );
  });

  it('counts the people beyond the limit', () => {
    const text = planText(fullPlan(), { ...PLAIN, limit: 1 });
    expect(text).toContain('and 2 more');
    expect(text).not.toContain('cy@acme.com');
  });

  it('uses color only when requested, with the same text', () => {
    const coloured = planText(fullPlan(), { ...PLAIN, colour: true });
    // Built from its code, because eslint forbids control characters in patterns.
    const ansi = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
    expect(coloured).toMatch(ansi);
    expect(coloured.replace(ansi, '')).toBe(planText(fullPlan(), PLAIN));
  });

  it.each([40, 60])('keeps title, facts, risks and sentences within %d columns', (width) => {
    const documents = [fullPlan(), fullDrift()];
    const ends = documents.flatMap((document) =>
      planText(document, { ...PLAIN, width })
        .split('\n')
        .filter((line) => /^ {2,6}(?:found|set by|hint:|written|\w+ risk)/u.test(line))
        .map((line) => line.length),
    );
    expect(ends.length).toBeGreaterThan(8);
    expect(Math.max(...ends)).toBeLessThanOrEqual(width);
  });

  it('puts the facts of the heading below it where both are wider than the terminal', () => {
    const plan = planOf({ instance: 'acme-of-the-north-and-the-south' });
    const [line = ''] = planText(plan, { ...PLAIN, width: 100 }).split('\n');
    const [title = '', facts = ''] = line.split(/ {2}/u);
    const width = line.length - 1;
    expect(width).toBeLessThan(100);
    expect(
      planText(plan, { ...PLAIN, width })
        .split('\n')
        .slice(0, 2),
    ).toEqual([title, `  ${facts}`]);
    expect(planText(plan, { ...PLAIN, width: line.length }).split('\n')[0]).toBe(line);
  });

  it('keeps the facts of a refusal in one line from 100 columns on', () => {
    const [base] = fullPlan().refusals;
    const key = `policy.${'x'.repeat(90)}`;
    const plan = planOf({ refusals: base ? [{ ...base, key }] : [] });
    expect(planText(plan, { ...PLAIN, width: 100 })).toMatch(
      new RegExp(`found .* set by ${key} · allow`, 'u'),
    );
  });

  it('wraps sentences at the width', () => {
    const reason = Array.from({ length: 40 }, () => 'word').join(' ');
    const base = fullPlan().refusals[0];
    const plan = planOf({ refusals: base ? [{ ...base, message: reason }] : [] });
    const lines = planText(plan, { ...PLAIN, width: 60 }).split('\n');
    const longest = Math.max(...lines.filter((line) => line.includes('word')).map((line) => line.length));
    expect(longest).toBeLessThanOrEqual(60);
    expect(longest).toBeGreaterThan(40);
  });

  it('has the same number of lines for any names', () => {
    const shape = (text: string): number =>
      planText(planOf({ changes: everyChange(hostileNames(text)) }), { ...PLAIN, verbose: true }).split('\n')
        .length;
    const plain = shape('plain');
    fc.assert(
      fc.property(anyText({ minLength: 1 }), (text) => {
        fc.pre(!/[\n]/.test(text));
        expect(shape(`x${text}`)).toBe(plain);
      }),
    );
  });

  it('writes no control, bidirectional or zero-width character for any names', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const rendered = planText(fullPlan(hostileNames(`\u001b[31m\u202e\u200b${text}`)), {
          ...PLAIN,
          verbose: true,
        });
        expect(rendered.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});
