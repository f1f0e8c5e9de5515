import { describe, expect, it } from '@jest/globals';
import type { Inputs } from '../../src/action/inputs.js';
import { stepMarkdown } from '../../src/action/markdown.js';
import { NOTHING } from '../../src/action/step.js';
import type { Outcome } from '../../src/apply/outcome.js';
import { buildOutcome, fullDrift, fullPlan } from '../support/plan-builder.js';

const about = {
  inputs: { mode: 'apply' } as Inputs,
  instance: 'acme',
  keys: [],
  run: null,
  actor: 'rita',
};

function summaryOf(parts: Partial<Outcome>): string {
  return stepMarkdown({ ...NOTHING, outcome: { ...buildOutcome(), ...parts } }, about);
}

const [allowed] = buildOutcome().allowed;
const [accepted] = buildOutcome().accepted;
const [warned] = buildOutcome().warnings;
if (!allowed || !accepted || !warned) throw new Error('the outcome has one of each');

describe('the summary of an apply step', () => {
  it.each<[string, Partial<Outcome>, string]>([
    [
      'who let what pass, and why',
      { allowed: [{ ...allowed, code: 'missing-people', reason: 'agreed' }] },
      '> Let pass in this run: `missing-people` by `rita`, because: agreed',
    ],
    [
      'what was let pass without a reason',
      { allowed: [{ ...allowed, reason: null }] },
      '> Let pass in this run: `max-deletes` by `rita`, without a reason',
    ],
    [
      'the people who were left out',
      { missingPeople: ['cy@acme.com', 'id 7'] },
      '> Left out, not on the instance: `cy@acme.com`, `id 7`',
    ],
    [
      'how many more people were left out',
      { missingPeople: Array.from({ length: 31 }, (_, index) => `p${index}@acme.com`) },
      '`p29@acme.com` and 1 more',
    ],
    ['accepted drift', { accepted: [{ ...accepted, reason: 'trial' }] }, '> Left alone as accepted drift: '],
    ['warnings', { warnings: [{ ...warned, message: 'a mapping breaks' }] }, '> Warnings: a mapping breaks'],
  ])('names %s', (_, parts, line) => {
    expect(summaryOf(parts)).toContain(line);
  });

  it.each<[keyof Outcome, string]>([
    ['allowed', 'Let pass'],
    ['missingPeople', 'Left out'],
    ['accepted', 'Left alone'],
    ['warnings', 'Warnings:'],
  ])('has no line for %s where there are none', (key, start) => {
    expect(summaryOf({ [key]: [] })).not.toContain(start);
    expect(summaryOf({})).toContain(start);
  });
});

it.each([
  ['plan', { ...fullPlan(), refusals: [] }],
  ['drift', fullDrift()],
] as const)('the summary of a %s step names weakened guards and accepted drift first', (mode, document) => {
  const text = stepMarkdown({ ...NOTHING, document }, { ...about, inputs: { mode } as Inputs });
  expect(text).toContain('### Guards weaker than their defaults');
  expect(text.indexOf('### Accepted drift in force')).toBeLessThan(text.indexOf('### Protected grants'));
});
