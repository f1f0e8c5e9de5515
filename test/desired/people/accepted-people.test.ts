import { describe, expect, it } from '@jest/globals';
import { acceptedPeople } from '../../../src/desired/people/accepted-people.js';
import { personFinder } from '../../../src/desired/people/find-people.js';
import type { AcceptedDifference, PersonRef } from '../../../src/model/policy.js';
import { person } from '../../support/arbitraries.js';
import { acceptedEntry } from '../../support/desired.js';

const PEOPLE = [person(10, 4), person(11, 4), { ...person(12, 4), email: 'p11@acme.com' }];

function kept(...entries: Partial<AcceptedDifference>[]): ReturnType<typeof acceptedPeople> {
  return acceptedPeople(entries.map(acceptedEntry), personFinder(PEOPLE));
}

describe('acceptedPeople', () => {
  it.each<[string, Partial<AcceptedDifference>, string, number, boolean]>([
    ['a whole role', { role: 'A' }, 'A', 10, true],
    ['another role', { role: 'A' }, 'B', 10, false],
    ['a person by id', { role: 'A', people: [{ id: 10 }] }, 'A', 10, true],
    ['a person by address', { role: 'A', people: [{ email: 'p10@acme.com' }] }, 'A', 10, true],
    ['a person by both', { role: 'A', people: [{ id: 10, email: 'old@x.io' }] }, 'A', 10, true],
    [
      'the person of the address next to an id',
      { role: 'A', people: [{ id: 404, email: 'p10@acme.com' }] },
      'A',
      10,
      false,
    ],
    ['another person', { role: 'A', people: [{ id: 10 }] }, 'A', 11, false],
    ['the person in another role', { role: 'A', people: [{ id: 10 }] }, 'B', 10, false],
    ['no people', { role: 'A', people: [] }, 'A', 10, false],
    ['an address of two people', { role: 'A', people: [{ email: 'p11@acme.com' }] }, 'A', 11, false],
    ['grants of the role', { role: 'A', what: 'grants' }, 'A', 10, false],
    ['no role', { role: null }, '', 10, false],
  ])('%s', (_, entry, role, id, expected) => {
    expect(kept(entry).covers(role, person(id, 4))).toBe(expected);
  });

  it.each<[string, Partial<AcceptedDifference>, string, PersonRef, boolean]>([
    ['a whole role', { role: 'A' }, 'A', { id: 404 }, true],
    ['an entry as written', { role: 'A', people: [{ id: 404 }] }, 'A', { id: 404 }, true],
    ['an address as written', { role: 'A', people: [{ email: 'z@x.io' }] }, 'A', { email: 'z@x.io' }, true],
    ['an id with an address', { role: 'A', people: [{ id: 404, email: 'z@x.io' }] }, 'A', { id: 404 }, true],
    [
      'the address next to an id',
      { role: 'A', people: [{ id: 404, email: 'z@x.io' }] },
      'A',
      { email: 'z@x.io' },
      true,
    ],
    ['another entry', { role: 'A', people: [{ id: 404 }] }, 'A', { id: 405 }, false],
    ['another role', { role: 'A', people: [{ id: 404 }] }, 'B', { id: 404 }, false],
  ])('covers the entry of %s', (_, entry, role, ref, expected) => {
    expect(kept(entry).coversEntry(role, ref)).toBe(expected);
  });

  it('lists addresses of several people', () => {
    const people: PersonRef[] = [{ email: 'p11@acme.com' }, { email: 'p10@acme.com' }, { email: 'z@x.io' }];
    const { ambiguous } = kept({ role: 'A', people });
    expect([...ambiguous].map(([address, found]) => [address, found.length])).toEqual([['p11@acme.com', 2]]);
  });
});
