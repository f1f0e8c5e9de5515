import { describe, expect, it } from '@jest/globals';
import { inputNames, shownDocument } from '../../src/action/input-names.js';
import { problem } from '../../src/problem/problem.js';
import { fullDrift, planOf, someRefusals } from '../support/plan-builder.js';

const { text, problem: translated } = inputNames({ isFleet: false });

describe('a text of the command in a step', () => {
  it.each([
    ['--report must be FORMAT=FILE', 'the input report must be FORMAT=FILE'],
    ['--report html would overwrite x', 'the input report html would overwrite x'],
    [
      '--out and --report html would both write x',
      'the input plan-file and the input report html would both write x',
    ],
    ['for this run: --allow escalation --reason TEXT', 'for this run: allow: escalation and reason: TEXT'],
    ['--allow max-moves requires a number', 'allow: max-moves requires a number'],
    ['write --allow max-moves=N', 'write allow: max-moves=N'],
    [
      "write --allow NAME:rule, or --allow '*:rule' for all",
      "write allow: NAME:rule, or allow: '*:rule' for all",
    ],
    ['--allow does not accept "x"', 'the input allow does not accept "x"'],
    ['or use --wait-for-lock SECONDS', 'or use wait-for-lock: SECONDS'],
    ["such as --where 'tier=a,b!=c'", "such as where: 'tier=a,b!=c'"],
    [
      'set DOMO_ACCESS_TOKEN, or use --token-file FILE; or work on the embedded instance with --sandbox',
      'set DOMO_ACCESS_TOKEN, or the input token; a pull request from a fork gets no secrets: plan it with the input against',
    ],
    ['use --token-dir or --tokens, or set DOMO_X', 'use the input token-dir, or set DOMO_X'],
    ['use --force to overwrite it', 'use --force to overwrite it'],
    ['role "--allow x" is not live', 'role "--allow x" is not live'],
    ['write one with `domo-roles export --only X`', 'write one with `domo-roles export --only X`'],
    [
      'make it with it: fleet plan --only-expired --out DIR',
      'make it with it: fleet plan --only-expired --out DIR',
    ],
    ['fleet apply DIR --resume x, or --only', 'fleet apply DIR --resume x, or the input only'],
    ['leave out --instance, --base-url', 'leave out the input instance, the input base-url'],
    ['nothing', 'nothing'],
  ])('%j is %j', (before, after) => expect(text(before)).toBe(after));

  it('names the folder of a fleet', () => {
    expect(inputNames({ isFleet: true }).text('--out is the folder that --snapshots reads')).toBe(
      'the input out is the folder that the input against reads',
    );
  });

  it('is each text of a problem, and its place', () => {
    const one = problem('usage', '--only finds nothing', { where: { what: '--only' }, hint: 'see --where' });
    expect(translated(one)).toMatchObject({
      message: 'the input only finds nothing',
      where: { what: 'the input only' },
      hint: 'see the input where',
    });
  });
});

describe('a document in a step', () => {
  it('names inputs in its refusals, and is the same otherwise', () => {
    const refusals = someRefusals();
    const plan = planOf({ refusals, allowed: [{ ...(refusals[0] ?? never()), reason: 'agreed' }] });
    const shown = shownDocument(plan);
    expect(shown).toMatchObject({
      refusals: [{ flag: 'allow: escalation' }, { flag: null }],
      allowed: [{ flag: 'allow: escalation', reason: 'agreed' }],
    });
    expect({ ...shown, refusals, allowed: plan.allowed }).toEqual(plan);
    expect(shownDocument(fullDrift())).toEqual(fullDrift());
  });
});

function never(): never {
  throw new Error('there is a refusal');
}
