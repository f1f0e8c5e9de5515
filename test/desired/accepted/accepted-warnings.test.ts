import { describe, expect, it } from '@jest/globals';
import { expiredWarnings, unusedWarnings } from '../../../src/desired/accepted/accepted-warnings.js';
import { loadedOf, WIDE_POLICY } from '../../support/arbitraries.js';
import { acceptedEntry } from '../../support/desired.js';
import { placeAt, withPlaces } from '../../support/places.js';

const ENTRIES = [
  acceptedEntry({ what: 'defaultRole', until: '2027-01-31', reason: 'TICKET-1' }),
  acceptedEntry({ what: 'members', role: 'A', until: '2027-02-28', reason: 'TICKET-2' }),
];
const LOADED = withPlaces(loadedOf({ policy: { ...WIDE_POLICY, acceptedDrift: ENTRIES } }));

describe('expiredWarnings', () => {
  it.each<[string, number]>([
    ['2027-01-31T23:59:59.999Z', 0],
    ['2027-02-01T00:00:00.000Z', 1],
    ['2027-03-01T00:00:00.000Z', 2],
  ])('at %s: %d', (now, count) => {
    expect(expiredWarnings(LOADED, now)).toHaveLength(count);
  });

  it('name the entry that expired, its date and its place', () => {
    expect(expiredWarnings(LOADED, '2027-03-01T00:00:00.000Z')).toMatchObject([
      {
        code: 'accepted-drift-expired',
        message: 'drift of defaultRole was accepted until 2027-01-31 and counts again (TICKET-1)',
        where: placeAt('policy', 'acceptedDrift', 0),
        hint: 'apply the manifest, or set a later `until` with a reason',
      },
      {
        message: 'drift of members of role "A" was accepted until 2027-02-28 and counts again (TICKET-2)',
        where: placeAt('policy', 'acceptedDrift', 1),
      },
    ]);
  });
});

describe('unusedWarnings', () => {
  const [first, second] = ENTRIES as [(typeof ENTRIES)[number], (typeof ENTRIES)[number]];

  it.each([
    [first, [], 0, 'the accepted drift of defaultRole matches nothing'],
    [second, [], 1, 'the accepted drift of members of role "A" matches nothing'],
    [
      second,
      ['a@x.io', 'id 7'],
      1,
      'the accepted drift of members of role "A" matches nothing for a@x.io, id 7',
    ],
  ])('of an entry and its people', (entry, people, index, message) => {
    expect(unusedWarnings(LOADED, [{ entry, people }])).toMatchObject([
      {
        code: 'accepted-drift-unused',
        message,
        where: placeAt('policy', 'acceptedDrift', index),
        hint: 'remove it from the manifest, or correct it',
      },
    ]);
  });
});
