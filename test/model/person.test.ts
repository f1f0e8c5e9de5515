import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accountText, isOrdinary, peopleByRole, personAt, refText } from '../../src/model/person.js';
import type { PersonKind, PersonRef } from '../../src/model/person.js';
import { person } from '../support/arbitraries.js';

describe('isOrdinary', () => {
  it.each<[PersonKind, boolean]>([
    ['active', true],
    ['pending', true],
    ['support', false],
    ['system', false],
  ])('%s: %s', (kind, expected) => {
    expect(isOrdinary({ kind })).toBe(expected);
  });
});

describe('personAt', () => {
  it('finds every person of a list in any order, and no one else', () => {
    const ids = fc.uniqueArray(fc.nat({ max: 30 }), { maxLength: 12 });
    fc.assert(
      fc.property(ids, fc.nat({ max: 31 }), (list, id) => {
        const people = list.map((one) => person(one, 4));
        expect(personAt(people, id)?.id).toBe(list.includes(id) ? id : undefined);
      }),
    );
  });

  it('finds people of a long list in the order of their ids and in any other', () => {
    const ids = fc.uniqueArray(fc.nat({ max: 300 }), { minLength: 50, maxLength: 200 });
    const wanted = fc.array(fc.nat({ max: 301 }), { maxLength: 30 });
    fc.assert(
      fc.property(ids, wanted, fc.boolean(), (list, some, isSorted) => {
        const people = list.map((one) => person(one, 4));
        for (const id of isSorted ? some.sort((a, b) => a - b) : some)
          expect(personAt(people, id)?.id).toBe(list.includes(id) ? id : undefined);
      }),
    );
  });

  it('leaves a list unchanged', () => {
    const people = [person(3, 4), person(1, 4)];
    personAt(people, 1);
    expect(people.map(({ id }) => id)).toEqual([3, 1]);
  });
});

describe('peopleByRole', () => {
  it('groups people by role in the order of the list', () => {
    const people = [person(1, 4), person(2, 5), person(3, 4)];
    const ids = [...peopleByRole(people)].map(([role, list]) => [role, list.map(({ id }) => id)]);
    expect(ids).toEqual([
      [4, [1, 3]],
      [5, [2]],
    ]);
  });

  it('is computed once for each list', () => {
    const people = [person(1, 4)];
    expect(peopleByRole(people)).toBe(peopleByRole(people));
    expect(peopleByRole([...people])).not.toBe(peopleByRole(people));
  });
});

describe('refText', () => {
  it.each<[PersonRef, string]>([
    [{ id: 7 }, 'id 7'],
    [{ email: 'a@x.io' }, 'a@x.io'],
    [{ id: 7, email: 'a@x.io' }, 'id 7 (a@x.io)'],
  ])('of %j is %s', (ref, text) => {
    expect(refText(ref)).toBe(text);
  });
});

describe('accountText', () => {
  it.each([
    [{ id: 7, email: 'a@acme.com' }, 'a@acme.com'],
    [{ id: 7, email: null }, 'id 7'],
  ])('of %j is %s', (account, text) => expect(accountText(account)).toBe(text));
});
