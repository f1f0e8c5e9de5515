import { describe, expect, it } from '@jest/globals';
import { peopleIn, peopleSearch, searchByIds, type PeopleSearch } from '../../src/live/people.js';
import type { FoundAccount } from '../../src/routes/parse-people.js';
import type { UserSearch } from '../../src/routes/index.js';
import { person } from '../support/arbitraries.js';

const gone = (id: number): FoundAccount => ({ id, kind: 'gone' });
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** A search that finds everyone up to an id, and the ids that it received. */
function searchOf(everyone: number, ignoresIds = false): { search: PeopleSearch; asked: number[] } {
  const asked: number[] = [];
  const search: PeopleSearch = async (_kind, ids) => {
    asked.push(ids?.length ?? 0);
    const found = ids && !ignoresIds ? ids.filter((id) => id <= everyone) : upTo(everyone);
    return found.map((id) => person(id, 4));
  };
  return { search, asked };
}

describe('people by id', () => {
  it.each<[string, number[], number, boolean, number[], boolean, number[]]>([
    ['are none, without a request, for no ids', [], 9, false, [], true, []],
    ['are those who are found, sorted', [3, 1, 99], 9, false, [1, 3], true, [3]],
    ['are asked for a thousand at a time', upTo(2001), 1, false, [1], true, [1000, 1000, 1]],
    [
      'are everyone, without further requests, if the instance ignores the ids',
      upTo(1001),
      1002,
      true,
      upTo(1002),
      false,
      [1000],
    ],
  ])('%s', async (_, ids, everyone, ignoresIds, expected, filtered, requests) => {
    const { search, asked } = searchOf(everyone, ignoresIds);
    const found = await searchByIds(search, ids, 'active');
    expect([found.people.map(({ id }) => id), found.filtered]).toEqual([expected, filtered]);
    expect(asked).toEqual(requests);
  });

  it('leave out deleted accounts', () => {
    expect(peopleIn([person(2, 4), gone(3), person(1, 4)]).map(({ id }) => id)).toEqual([1, 2]);
  });
});

describe('user search', () => {
  const nobody = { status: 200, isSuccess: true, parentClass: null, response: { users: [], count: 0 } };

  it.each<['active' | 'support', number[] | undefined, object]>([
    ['active', undefined, { includeSupport: false }],
    ['active', [7], { includeSupport: false, ids: [7] }],
    ['support', [7], { includeSupport: true, ids: [7] }],
  ])('for %s accounts, with the ids %j', async (kind, ids, expected) => {
    const asked: UserSearch[] = [];
    const search = peopleSearch(
      {
        searchUsers: (query) => {
          asked.push(query);
          return Promise.resolve(nobody);
        },
      },
      50,
    );
    expect(await search(kind, ids)).toEqual([]);
    expect(asked).toMatchObject([{ offset: 0, limit: 50, includeDeleted: false, ...expected }]);
    expect('ids' in asked[0]!).toBe(ids !== undefined);
  });
});
