import { describe, expect, it } from '@jest/globals';
import {
  memberText,
  endsSoonWarnings,
  endedEntryWarnings,
} from '../../../src/desired/members/end-warnings.js';
import type { TimedEntry } from '../../../src/desired/members/end-warnings.js';
import { memberEntry } from '../../support/arbitraries.js';

const entry = (role: string, id: number, until: string, note: string | null = null): TimedEntry => ({
  role,
  member: memberEntry({ id }, { until, note }),
});

describe('soonWarnings', () => {
  it.each<[string, TimedEntry[], string[]]>([
    ['none', [], []],
    [
      'one',
      [entry('A', 7, '2027-01-02', 'T')],
      ['role "A": 1 membership ends on 2027-01-02: id 7 (until 2027-01-02, T)'],
    ],
    [
      'several days and roles, the first day first',
      [entry('B', 7, '2027-01-02'), entry('A', 8, '2027-01-03'), entry('A', 9, '2027-01-02')],
      [
        'role "A": 1 membership ends on 2027-01-02: id 9 (until 2027-01-02)',
        'role "B": 1 membership ends on 2027-01-02: id 7 (until 2027-01-02)',
        'role "A": 1 membership ends on 2027-01-03: id 8 (until 2027-01-03)',
      ],
    ],
    [
      'a time and a day on one day of UTC',
      [entry('A', 7, '2027-01-02'), entry('A', 8, '2027-01-03T01:00:00+02:00')],
      [
        'role "A": 2 memberships end on 2027-01-02: id 8 (until 2027-01-03T01:00:00+02:00); id 7 (until 2027-01-02)',
      ],
    ],
  ])('of %s', (_, entries, expected) => {
    expect(endsSoonWarnings(entries).map(({ message }) => message)).toEqual(expected);
  });

  it('name twenty people at most', () => {
    const many = Array.from({ length: 23 }, (_, index) => entry('A', 100 + index, '2027-01-02'));
    expect(endsSoonWarnings(many)[0]?.message).toMatch(/id 119 \(until 2027-01-02\); and 3 more$/u);
  });
});

describe('spentWarnings', () => {
  it('are one for each role', () => {
    const found = endedEntryWarnings([
      entry('A', 7, '2020-01-02'),
      entry('B', 8, '2020-01-02'),
      entry('A', 9, '2020-01-01'),
    ]);
    expect(found.map(({ message, hint }) => [message, hint])).toEqual([
      [
        'role "A": 2 entries have ended and have no more effect: id 9 (until 2020-01-01); id 7 (until 2020-01-02)',
        'remove them from the manifest',
      ],
      [
        'role "B": 1 entry has ended and has no more effect: id 8 (until 2020-01-02)',
        'remove it from the manifest',
      ],
    ]);
  });
});

describe('memberText', () => {
  it('is the address if the entry gives one', () => {
    expect(memberText(memberEntry({ id: 7 }, { email: 'a@x.io' }))).toBe('a@x.io');
    expect(memberText(memberEntry({ id: 7 }))).toBe('id 7');
  });
});
