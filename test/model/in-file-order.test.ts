import { describe, expect, it } from '@jest/globals';
import { inFileOrder } from '../../src/model/in-file-order.js';
import { problem, type Problem } from '../../src/problem/problem.js';

const at = (file: string, line: number, column: number, message = 'm'): Problem =>
  problem('bad-value', message, { where: { file, line, column } });

describe('The order of problems', () => {
  it.each<[string, readonly Problem[]]>([
    ['files in the given order, then others by name', [at('z', 9, 9), at('a', 1, 1), at('b', 1, 1)]],
    ['lines before columns', [at('z', 1, 9), at('z', 2, 1), at('z', 2, 2)]],
    ['codes and messages at one place', [at('z', 1, 1, 'a'), at('z', 1, 1, 'b')]],
    ['a code before another', [problem('bad-date', 'b'), problem('bad-value', 'a')]],
    ['a known file before problems without a place', [at('z', 5, 1), problem('bad-date', 'a')]],
  ])('has %s', (_rule, sorted) => {
    const given = [...sorted];
    expect(inFileOrder(given, ['z', 'y'])).toEqual(sorted);
    expect(inFileOrder([...given].reverse(), ['z', 'y'])).toEqual(sorted);
  });
});
