import { describe, expect, it } from '@jest/globals';
import { isTemporary } from '../../src/plan/change.js';
import { creation, deletion, grantsSet, rename } from '../support/changes.js';

describe('a change to a temporary name', () => {
  it.each([
    ['a rename to a temporary name', rename(7, ['A', '~domo-roles 7'], 'temporary'), true],
    ['another rename', rename(7, ['A', 'B']), false],
    ['a create', creation('A'), false],
    ['a write of grants', grantsSet(7, [], ['a'], 'before-moves'), false],
    ['a delete', deletion(7, 'A'), false],
  ])('%s', (_, change, expected) => expect(isTemporary(change)).toBe(expected));
});
