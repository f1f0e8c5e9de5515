import { describe, expect, it } from '@jest/globals';
import { planHtml } from '../../src/render/html/plan.js';
import { planMarkdown } from '../../src/render/markdown/plan.js';
import { outcomeText } from '../../src/render/text/outcome.js';
import { planText } from '../../src/render/text/plan.js';
import { warningGroups } from '../../src/render/facts/notes.js';
import type { PlanWarning } from '../../src/plan/plan.js';
import { buildOutcome, planOf } from '../support/plan-builder.js';

const plain = { colour: false };
const NOWHERE = { file: null, line: null, column: null, hint: null };

/** Many warnings of one code, and then one of another. */
function flood(): PlanWarning[] {
  const many = Array.from({ length: 400 }, (_, at) => ({
    code: 'missing-dependency' as const,
    message: `grant number ${at} is incomplete`,
    ...NOWHERE,
  }));
  return [...many, { code: 'rename-breaks-saml', message: 'the one that matters', ...NOWHERE }];
}

const FORMATS: readonly (readonly [string, () => string])[] = [
  ['text', () => planText(planOf({ warnings: flood() }), plain)],
  ['markdown', () => planMarkdown(planOf({ warnings: flood() }))],
  ['html', () => planHtml(planOf({ warnings: flood() }))],
  ['an outcome', () => outcomeText({ ...buildOutcome(), warnings: flood() }, plain)],
];

describe('many warnings of one code', () => {
  it.each(FORMATS)('are counted in %s, and do not hide one of another code', (_format, render) => {
    const text = render();
    expect(text).toContain('grant number 0 is incomplete');
    expect(text).not.toContain('grant number 399');
    expect(text).toMatch(/and \d{3} more/u);
    expect(text).toContain('the one that matters');
  });

  it('have their code once in text', () => {
    expect(planText(planOf({ warnings: flood() }), plain).match(/missing-dependency/gu)).toHaveLength(1);
  });

  it('are all listed by an outcome that shows everything', () => {
    const text = outcomeText({ ...buildOutcome(), warnings: flood() }, { ...plain, verbose: true });
    expect(text).toContain('grant number 399');
  });
});

describe('warningGroups', () => {
  it.each([
    [0, 1, 1],
    [1, 1, 1],
    [2, 2, 0],
    [3, 2, 0],
  ])('with a limit of %d shows %d of two and counts %d', (limit, shown, more) => {
    const groups = warningGroups([{ code: 'a' }, { code: 'b' }, { code: 'a' }], limit);
    expect(groups.map((group) => [group.code, group.shown.length, group.more])).toEqual([
      ['a', shown, more],
      ['b', 1, 0],
    ]);
  });
});
