import { describe, expect, it } from '@jest/globals';
import { isEnd, isListed } from '../../src/model/standing.js';
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

describe('a move into a role that lists the person', () => {
  it.each<[MoveReason, boolean]>([
    ['listed', true],
    ['returns', true],
    ['expired', false],
    ['taken-out', false],
    ['role-deleted', false],
  ])('%s: %s', (why, expected) => expect(isListed(why)).toBe(expected));
});
