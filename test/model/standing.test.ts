import { describe, expect, it } from '@jest/globals';
import { isEnd } from '../../src/model/standing.js';
import type { MoveReason } from '../../src/model/standing.js';

describe('a move because an entry has ended', () => {
  it.each<[MoveReason, boolean]>([
    ['expired', true],
    ['returns', true],
    ['listed', false],
    ['taken-out', false],
    ['role-deleted', false],
  ])('%s: %s', (why, expected) => expect(isEnd(why)).toBe(expected));
});
