import { describe, expect, it } from '@jest/globals';
import { isRecordedList, sameAllowlist } from '../../src/apply/compare-allowlist.js';
import type { LiveAllowlist } from '../../src/model/snapshot.js';

describe('a live allowlist, compared with the one that was requested', () => {
  it.each<[string, LiveAllowlist, readonly (number | null)[] | 'off', boolean]>([
    ['off, as requested', 'off', 'off', true],
    ['on, though off was requested', [4], 'off', false],
    ['off, though on was requested', 'off', [4], false],
    ['unreadable', 'unreadable', [4], false],
    ['the same', [100, 101], [100, 101], true],
    ['in another order', [101, 100], [100, 101], true],
    ['with the default role, which Domo adds', [4, 100], [100], true],
    ['with Social, which Domo adds', [5, 100], [100], true],
    ['with another role', [100, 102], [100], false],
    ['without a role', [4], [100], false],
    ['with a role that does not exist yet', [100], [100, null], false],
    ['empty, as requested', [], [], true],
  ])('%s', (_, live, wanted, same) => {
    expect(sameAllowlist(live, wanted, 4)).toBe(same);
  });

  it.each<[LiveAllowlist, unknown, boolean]>([
    [[1, 2], [2, 1], true],
    [[1, 2], [1], false],
    [[1, 3], [1, 2], false],
    ['off', 'off', true],
    ['off', [], false],
    [[], 'off', false],
    [[1], undefined, false],
    ['unreadable', 'unreadable', true],
  ])('%j, recorded as %j: %s', (live, recorded, same) => {
    expect(isRecordedList(live, recorded)).toBe(same);
  });
});
