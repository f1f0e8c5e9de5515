import { describe, expect, it } from '@jest/globals';
import { ProblemError, hasCode, placeNote, problem, uniqueByMessage } from '../../src/problem/problem.js';

describe('an error', () => {
  const both = new ProblemError([problem('locked', 'a'), problem('forbidden', 'b')]);

  it.each<[string, unknown, boolean]>([
    ['with the code in any of its problems', both, true],
    ['with other codes', new ProblemError(problem('locked', 'a')), false],
    ['of another class', new Error('forbidden'), false],
    ['that is none', null, false],
  ])('%s', (_, error, has) => {
    expect(hasCode(error, 'forbidden')).toBe(has);
  });
});

describe('a place in a message', () => {
  it.each([
    [null, ''],
    [{ what: 'policy' }, ''],
    [{ file: 'a.yaml' }, ' (a.yaml)'],
    [{ file: 'a.yaml', line: 12, column: 5 }, ' (a.yaml:12:5)'],
  ])('%j: %j', (where, text) => {
    expect(placeNote(where)).toBe(text);
  });
});

describe('problems without repetitions', () => {
  it('keep the last of each code and message, at the place of the first', () => {
    const [first, other, last] = [
      problem('locked', 'a', { hint: 'first' }),
      problem('forbidden', 'a'),
      problem('locked', 'a', { hint: 'last' }),
    ];
    expect(uniqueByMessage([first, other, last])).toEqual([last, other]);
  });
});
