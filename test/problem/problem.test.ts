import { describe, expect, it } from '@jest/globals';
import { hasCode, problem, ProblemError } from '../../src/problem/problem.js';

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
