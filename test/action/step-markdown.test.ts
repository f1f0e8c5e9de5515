import { describe, expect, it } from '@jest/globals';
import { fleetStepMarkdown } from '../../src/action/fleet-report.js';
import type { Inputs } from '../../src/action/inputs.js';
import { stepMarkdown } from '../../src/action/markdown.js';
import { EMPTY_STEP } from '../../src/action/step.js';
import type { Step } from '../../src/action/step.js';
import type { Outcome } from '../../src/apply/outcome.js';
import { warning } from '../../src/problem/problem.js';
import { problemDocument } from '../../src/render/ci/problems-json.js';
import { buildOutcome, fullDrift, fullPlan } from '../support/plan-builder.js';

const about = {
  inputs: { mode: 'apply' } as Inputs,
  instance: 'acme',
  keys: [],
  run: null,
  actor: 'rita',
};

function summaryOf(parts: Partial<Outcome>): string {
  return stepMarkdown({ ...EMPTY_STEP, outcome: { ...buildOutcome(), ...parts } }, about);
}

const [allowed] = buildOutcome().allowed;
const [accepted] = buildOutcome().accepted;
const [warned] = buildOutcome().warnings;
if (!allowed || !accepted || !warned) throw new Error('the outcome lacks one of them');

describe('the summary of an apply step', () => {
  it.each<[string, Partial<Outcome>, string]>([
    [
      'an allowed guard, who allowed it, and why',
      { allowed: [{ ...allowed, code: 'missing-people', reason: 'agreed' }] },
      '> Allowed in this run: `missing-people` by `rita`, reason: agreed',
    ],
    [
      'a guard that was allowed without a reason',
      { allowed: [{ ...allowed, reason: null }] },
      '> Allowed in this run: `max-deletes` by `rita`, no reason was given',
    ],
    [
      'the people who are not on the instance',
      { missingPeople: ['cy@acme.com', 'id 7'] },
      '> Not on the instance, left out: `cy@acme.com`, `id 7`',
    ],
    [
      'how many more people are not on the instance',
      { missingPeople: Array.from({ length: 31 }, (_, index) => `p${index}@acme.com`) },
      '`p29@acme.com` and 1 more',
    ],
    [
      'how many more warnings there are',
      { warnings: Array.from({ length: 32 }, (_, index) => ({ ...warned, message: `warning ${index}` })) },
      '; warning 29 and 2 more',
    ],
    ['accepted drift', { accepted: [{ ...accepted, reason: 'trial' }] }, '> Accepted drift, left alone: '],
    ['warnings', { warnings: [{ ...warned, message: 'a mapping breaks' }] }, '> Warnings: a mapping breaks'],
  ])('shows %s', (_, parts, line) => {
    expect(summaryOf(parts)).toContain(line);
  });

  it.each<[keyof Outcome, string]>([
    ['allowed', 'Allowed in this run'],
    ['missingPeople', 'Not on the instance'],
    ['accepted', 'Accepted drift, left alone'],
    ['warnings', 'Warnings:'],
  ])('has no line for %s if there are none', (key, start) => {
    expect(summaryOf({ [key]: [] })).not.toContain(start);
    expect(summaryOf({})).toContain(start);
  });
});

it.each([
  ['plan', { ...fullPlan(), refusals: [] }],
  ['drift', fullDrift()],
] as const)('the summary of a %s step lists weakened guards and accepted drift first', (mode, document) => {
  const text = stepMarkdown({ ...EMPTY_STEP, document }, { ...about, inputs: { mode } as Inputs });
  expect(text).toContain('### Guards weaker than their defaults');
  expect(text.indexOf('### Accepted drift in force')).toBeLessThan(text.indexOf('### Protected grants'));
});

describe('the summary of a validate step', () => {
  const inputs = { mode: 'validate' } as Inputs;
  const fleet = { ...inputs, fleet: 'fleet.yaml' };
  const warnings = (count: number): Step => ({
    ...EMPTY_STEP,
    problems: Array.from({ length: count }, (_, index) =>
      problemDocument(warning('feature-off', `grant "g${index}" does nothing`)),
    ),
  });

  it.each<[string, (step: Step) => string]>([
    ['The manifest is valid', (step) => stepMarkdown(step, { ...about, inputs })],
    [
      'The inventory and all manifests are valid',
      (step) => fleetStepMarkdown(step, { inputs: fleet, keys: [], run: null }),
    ],
  ])('counts the warnings that it does not list: %s', (verdict, markdownOf) => {
    expect(markdownOf(warnings(0))).toContain(`> **${verdict}.**`);
    expect(markdownOf(warnings(30))).not.toContain('more');
    const text = markdownOf(warnings(32));
    expect(text).toContain(`> **${verdict}, with 32 warnings.**`);
    expect(text.trimEnd().split('\n').at(-1)).toBe('- and 2 more, in the log of the run');
  });
});
