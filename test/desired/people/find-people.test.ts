import { describe, expect, it } from '@jest/globals';
import { personFinder, namedAddresses } from '../../../src/desired/people/find-people.js';
import type { PersonRef } from '../../../src/model/policy.js';
import { loadedOf, memberEntry, person, wantedRole, WIDE_POLICY } from '../../support/arbitraries.js';
import { acceptedEntry } from '../../support/desired.js';

const PEOPLE = [
  person(1, 4),
  person(2, 4, 'pending'),
  person(3, 4, 'support'),
  person(4, 4, 'system'),
  { ...person(5, 4), email: 'p1@acme.com' },
  { ...person(6, 4), email: null },
];

const ROWS: [string, PersonRef, number[]][] = [
  ['an id', { id: 2 }, [2]],
  ['the id of an account without address', { id: 6 }, [6]],
  ['the id of a support account', { id: 3 }, []],
  ['the id of a system account', { id: 4 }, []],
  ['an unknown id', { id: 404 }, []],
  ['an id next to an address of two others', { id: 2, email: 'p1@acme.com' }, [2]],
  ['an address', { email: 'p2@acme.com' }, [2]],
  ['an address of two people', { email: 'p1@acme.com' }, [1, 5]],
  ['the address of a support account', { email: 'p3@acme.com' }, []],
  ['an unknown address', { email: 'zed@acme.com' }, []],
];

describe('finder', () => {
  it.each(ROWS)('%s', (_, ref, ids) => {
    const named = new Set('id' in ref ? [] : [ref.email]);
    for (const find of [personFinder(PEOPLE), personFinder(PEOPLE, named)])
      expect(find(ref).map(({ id }) => id)).toEqual(ids);
  });

  it('keeps only the addresses that will be looked up', () => {
    expect(personFinder(PEOPLE, new Set(['p1@acme.com']))({ email: 'p2@acme.com' })).toEqual([]);
  });
});

describe('namedAddresses', () => {
  it('are those of members and of accepted drift', () => {
    const users = [{ email: 'a@x.io' }, { id: 7 }].map((ref) => memberEntry(ref));
    const people = [{ email: 'b@x.io' }, { id: 8 }, { id: 9, email: 'c@x.io' }];
    const loaded = loadedOf({
      roles: [wantedRole('A', { members: { mode: 'exact', users } }), wantedRole('B')],
      policy: { ...WIDE_POLICY, acceptedDrift: [acceptedEntry({ people }), acceptedEntry({})] },
    });
    expect([...namedAddresses(loaded)]).toEqual(['a@x.io', 'b@x.io', 'c@x.io']);
  });
});
