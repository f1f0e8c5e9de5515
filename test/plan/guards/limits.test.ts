import { describe, expect, it } from '@jest/globals';
import type { Limit } from '../../../src/model/policy.js';
import { limitOf, limitRefusal } from '../../../src/plan/guards/limits.js';

describe('limitOf', () => {
  it.each<[string, Limit, number, number]>([
    ['a plain number is exact', { count: 3 }, 1000, 3],
    ['a plain number has no floor', { count: 0 }, 1000, 0],
    ['a plain number may be above the total', { count: 7 }, 2, 7],
    ['a percentage is a share of the total', { percent: 20, floor: 1 }, 50, 10],
    ['a percentage is rounded down', { percent: 30, floor: 0 }, 9, 2],
    ['a percentage just below the next number is rounded down', { percent: 33, floor: 0 }, 3, 0],
    ['a percentage that gives a whole number is that number', { percent: 50, floor: 0 }, 4, 2],
    ['a floor above the share holds', { percent: 30, floor: 10 }, 12, 10],
    ['a floor below the share does not matter', { percent: 30, floor: 10 }, 100, 30],
    ['a floor holds for a total of 0', { percent: 20, floor: 1 }, 0, 1],
    ['0 % is the floor', { percent: 0, floor: 2 }, 1000, 2],
    ['0 % without a floor is 0', { percent: 0, floor: 0 }, 1000, 0],
    ['100 % is everything', { percent: 100, floor: 0 }, 17, 17],
  ])('%s', (_, limit, total, expected) => expect(limitOf(limit, total)).toBe(expected));
});

describe('limitRefusal', () => {
  const refused = (figure: number, limit: Limit, total = 10): unknown =>
    limitRefusal('max-moves', figure, {
      limit,
      total,
      key: 'policy.maxMoves',
      message: (found, most) => `${found} of at most ${most}`,
      items: ['b', 'a'],
    });

  it.each<[string, number, Limit]>([
    ['below the limit', 2, { count: 3 }],
    ['at the limit', 3, { count: 3 }],
    ['0 against 0', 0, { count: 0 }],
    ['at the share', 2, { percent: 20, floor: 0 }],
    ['at the floor', 5, { percent: 20, floor: 5 }],
  ])('passes a figure %s', (_, figure, limit) => expect(refused(figure, limit)).toBeNull());

  it.each<[string, number, Limit, number]>([
    ['one above the limit', 4, { count: 3 }, 3],
    ['1 against 0', 1, { count: 0 }, 0],
    ['one above the share', 3, { percent: 20, floor: 0 }, 2],
    ['one above the floor', 6, { percent: 20, floor: 5 }, 5],
  ])('refuses a figure %s, with figure, limit, key and flag', (_, figure, limit, most) =>
    expect(refused(figure, limit)).toEqual({
      code: 'max-moves',
      message: `${figure} of at most ${most}`,
      figure,
      limit: most,
      key: 'policy.maxMoves',
      flag: `--allow max-moves=${figure}`,
      items: ['a', 'b'],
      hint: null,
    }),
  );
});
