import { describe, expect, it } from '@jest/globals';
import { withMembers, withPeople } from '../../src/live/with-people.js';
import type { LivePeople } from '../../src/model/snapshot.js';
import { person } from '../support/arbitraries.js';

const people: LivePeople = { scope: 'all', list: [person(2, 4), person(5, 5)] };

describe('people with hidden accounts', () => {
  it.each<[string, number[], number[][], number[]]>([
    ['are unchanged, without a request, if all are known', [2, 5, 2], [], [2, 5]],
    ['are requested once, sorted, and inserted in order', [9, 1, 9, 2], [[1, 9]], [1, 2, 5, 9]],
  ])('%s', async (_, ids, requests, expected) => {
    const asked: (readonly number[])[] = [];
    const readPeopleByIds = async (some: readonly number[]) => {
      asked.push(some);
      return some.map((id) => person(id, 4, 'support'));
    };
    const found = await withPeople({ readPeopleByIds }, people, ids);
    expect([asked, found.scope, found.list.map(({ id }) => id)]).toEqual([requests, 'all', expected]);
  });

  it.each<[string, number | null, number[], number[], number[]]>([
    ['in a role without a count are not requested', null, [9], [], [2, 5]],
    ['in a role with as many people as it counts are not requested', 1, [9], [], [2, 5]],
    ['in a role that counts more are requested', 2, [3], [4], [2, 3, 5]],
    ['who are already known are not duplicated', 2, [2], [4], [2, 5]],
  ])('%s', async (_, userCount, hidden, requests, expected) => {
    const asked: number[] = [];
    const readHiddenMembers = async (roleIds: readonly number[], known: readonly { id: number }[]) => {
      asked.push(...roleIds);
      expect(known.map(({ id }) => id)).toEqual([2]);
      return hidden.map((id) => person(id, 4, 'support'));
    };
    const found = await withMembers({ readHiddenMembers }, people, [{ id: 4, userCount }]);
    expect([asked, found.list.map(({ id }) => id)]).toEqual([requests, expected]);
  });

  it('in several roles are requested together, so that one that moves meanwhile is listed once', async () => {
    const asked: (readonly number[])[] = [];
    const readHiddenMembers = async (roleIds: readonly number[]) => {
      asked.push(roleIds);
      return [person(9, 5, 'support')];
    };
    const crowded = [4, 5].map((id) => ({ id, userCount: 2 }));
    const found = await withMembers({ readHiddenMembers }, people, crowded);
    expect([asked, found.list.map(({ id }) => id)]).toEqual([[[4, 5]], [2, 5, 9]]);
  });
});
