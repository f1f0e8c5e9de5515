import { describe, expect, it } from '@jest/globals';
import { buildWave, checkWaveNames, limitOf, warnOfEmptyWaves } from '../../src/inventory/build-waves.js';
import type { DraftWave } from '../../src/inventory/draft.js';
import { REST_WAVE } from '../../src/inventory/inventory.js';
import { matchesTerms } from '../../src/inventory/select.js';
import type { Problem } from '../../src/problem/problem.js';
import { PLACE, entryWith } from './support.js';

const waveWith = (name: string, ...where: string[]): DraftWave => ({
  name: { value: name, at: PLACE },
  where: where.map((value) => ({ value, at: PLACE })),
  mayFail: null,
  atOnce: null,
});

describe('A wave', () => {
  it.each([
    [0, 0, { count: 0 }],
    [3, 1, { count: 3 }],
    ['25%', 1, { percent: 25, floor: 1 }],
    ['100%', 0, { percent: 100, floor: 0 }],
  ])('parses the limit %p with the minimum %p', (value, floor, expected) => {
    expect(limitOf(value, floor)).toEqual(expected);
  });

  it('with an invalid term matches nothing, so that it takes no instance from later waves', () => {
    const problems: Problem[] = [];
    const wave = buildWave(waveWith('w', 'oops'), problems);
    expect(problems.map(({ code }) => code)).toEqual(['bad-value']);
    expect(matchesTerms(new Map(), wave.where)).toBe(false);
    expect(matchesTerms(new Map([['a', 'b']]), wave.where)).toBe(false);
  });

  it('has a unique name, and not the reserved one', () => {
    const problems: Problem[] = [];
    checkWaveNames([waveWith('a'), waveWith(REST_WAVE), waveWith('a'), waveWith('b')], problems);
    expect(problems.map(({ message }) => message)).toEqual([
      'the wave name "rest" is reserved',
      'the wave "a" is defined here and on line 1',
    ]);
  });

  it('without instances is a warning if its terms are valid', () => {
    const problems: Problem[] = [];
    const entries = [entryWith('acme', { tier: 'test' }, 'used')];
    warnOfEmptyWaves(
      [waveWith('used', 'tier=test'), waveWith('empty', 'tier=prod'), waveWith('bad', 'x')],
      entries,
      problems,
    );
    expect(problems.map(({ code, severity, message }) => [code, severity, message])).toEqual([
      ['empty-wave', 'warning', 'the wave "empty" matches no instance'],
    ]);
  });
});
