import { describe, expect, it } from '@jest/globals';
import type { Person, PersonKind } from '../../../src/model/person.js';
import type { Policy } from '../../../src/model/policy.js';
import type { LiveRole } from '../../../src/model/snapshot.js';
import { maxDeletes, maxGrantChanges, maxMoves } from '../../../src/plan/guards/amounts.js';
import { liveRole, person, snapshotOf } from '../../support/arbitraries.js';
import { deletion, move } from '../../support/changes.js';
import { guardInput } from '../../support/guard-input.js';

const ids = (count: number, from: number): number[] => Array.from({ length: count }, (_, n) => from + n);

describe('max-deletes', () => {
  const refused = (deletes: number, customs: number, maxDeleted: Policy['maxDeletes']): unknown => {
    const custom = ids(customs, 100).map((id) => liveRole(id, `Role ${id}`));
    const live = snapshotOf({ custom });
    const changes = ids(deletes, 100).map((id) => deletion(id, `Role ${id}`));
    return maxDeletes(guardInput(live, live, { changes, policy: { maxDeletes: maxDeleted } }));
  };

  it.each<[string, number, number, Policy['maxDeletes']]>([
    ['none against 0', 0, 3, { count: 0 }],
    ['as many as a plain number', 2, 3, { count: 2 }],
    ['the share of custom roles, rounded down', 1, 9, { percent: 20, floor: 1 }],
    ['the floor of a small instance', 1, 1, { percent: 20, floor: 1 }],
    ['two of ten', 2, 10, { percent: 20, floor: 1 }],
  ])('passes %s', (_, deletes, customs, limit) => expect(refused(deletes, customs, limit)).toBeNull());

  it.each<[string, number, number, Policy['maxDeletes'], number]>([
    ['one against 0', 1, 3, { count: 0 }, 0],
    ['one more than a plain number', 3, 9, { count: 2 }, 2],
    ['two of nine, since system roles are not part of the share', 2, 9, { percent: 20, floor: 1 }, 1],
    ['more than the floor', 2, 2, { percent: 20, floor: 1 }, 1],
  ])('refuses %s', (_, deletes, customs, limit, most) =>
    expect(refused(deletes, customs, limit)).toEqual({
      code: 'max-deletes',
      message: `${deletes} ${deletes === 1 ? 'role' : 'roles'} would be deleted, at most ${most} may be`,
      figure: deletes,
      limit: most,
      key: 'policy.maxDeletes',
      flag: `--allow max-deletes=${deletes}`,
      items: ids(deletes, 100).map((id) => `Role ${id}`),
      hint: null,
    }),
  );

  it('counts no other changes', () => {
    const live = snapshotOf({ persons: [person(10, 4)] });
    const input = guardInput(live, live, { changes: [move(3, [10])], policy: { maxDeletes: { count: 0 } } });
    expect(maxDeletes(input)).toBeNull();
  });
});

describe('max-moves', () => {
  const refused = (
    moving: readonly (readonly number[])[],
    persons: readonly Person[],
    limit: Policy['maxMoves'],
  ): unknown => {
    const live = snapshotOf({ persons });
    const changes = moving.map((people, index) => move(index + 2, people));
    return maxMoves(guardInput(live, live, { changes, policy: { maxMoves: limit } }));
  };
  const people = (count: number, kind: PersonKind = 'active'): Person[] =>
    ids(count, 1).map((id) => person(id, 4, kind));

  it.each<[string, number[][], Person[], Policy['maxMoves']]>([
    ['no one against 0', [], people(3), { count: 0 }],
    ['as many as a plain number', [[1, 2]], people(3), { count: 2 }],
    ['a person who moves twice, once', [[1], [1]], people(3), { count: 1 }],
    ['the share, rounded down', [[1, 2]], people(9), { percent: 30, floor: 0 }],
    ['the floor', [[1, 2, 3]], people(4), { percent: 30, floor: 3 }],
    ['support accounts', [[10]], [person(1, 4), person(10, 4, 'support')], { count: 0 }],
    ['system accounts', [[10]], [person(1, 4), person(10, 4, 'system')], { count: 0 }],
    ['people who are not on the instance', [[99]], people(3), { count: 0 }],
  ])('passes %s', (_, moving, persons, limit) => expect(refused(moving, persons, limit)).toBeNull());

  it.each<[string, number[][], Person[], Policy['maxMoves'], number, number, number]>([
    ['one against 0', [[1]], people(3), { count: 0 }, 1, 0, 3],
    ['one more than a plain number', [[1], [2]], people(3), { count: 1 }, 2, 1, 3],
    ['one more than the share', [[1, 2, 3]], people(9), { percent: 30, floor: 0 }, 3, 2, 9],
    ['one more than the floor', [[1, 2]], people(3), { percent: 0, floor: 1 }, 2, 1, 3],
    ['pending people', [[10]], [person(1, 4), person(10, 4, 'pending')], { count: 0 }, 1, 0, 2],
    [
      'a share of people without support and system accounts',
      [[1, 2]],
      [person(1, 4), person(2, 4), person(3, 4, 'support'), person(4, 4, 'system')],
      { percent: 50, floor: 0 },
      2,
      1,
      2,
    ],
  ])('refuses %s', (_, moving, persons, limit, figure, most, total) =>
    expect(refused(moving, persons, limit)).toEqual({
      code: 'max-moves',
      message: `${figure} of ${total} people would change role, at most ${most} may`,
      figure,
      limit: most,
      key: 'policy.maxMoves',
      flag: `--allow max-moves=${figure}`,
      items: [],
      hint: null,
    }),
  );
});

describe('max-grant-changes', () => {
  const A = liveRole(100, 'A', ['a.edit', 'a.view', 'b.view']);
  const B = liveRole(101, 'B', ['c.use']);
  const refused = (end: readonly LiveRole[], limit: Policy['maxGrantChanges']): unknown =>
    maxGrantChanges(
      guardInput(snapshotOf({ custom: [A, B] }), snapshotOf({ custom: end }), {
        policy: { maxGrantChanges: limit },
      }),
    );

  it.each<[string, LiveRole[], Policy['maxGrantChanges']]>([
    ['nothing against 0', [A, B], { count: 0 }],
    ['as many as a plain number', [{ ...A, grants: ['a.view'] }, B], { count: 2 }],
    [
      'the share of what custom roles hold',
      [{ ...A, grants: ['a.view', 'b.view'] }, B],
      { percent: 25, floor: 0 },
    ],
    ['the floor', [{ ...A, grants: ['a.view', 'b.view'] }, B], { percent: 0, floor: 1 }],
    ['the grants of a deleted role', [A], { count: 0 }],
    ['the grants of a new role', [A, B, liveRole(102, 'New', ['a.view'])], { count: 0 }],
  ])('passes %s', (_, end, limit) => expect(refused(end, limit)).toBeNull());

  it.each<[string, LiveRole[], Policy['maxGrantChanges'], number, number, string[]]>([
    ['one against 0', [A, { ...B, grants: [] }], { count: 0 }, 1, 0, ['B: 1']],
    [
      'what is added and what is removed, over all roles',
      [
        { ...A, grants: ['a.view', 'b.view', 'c.use'] },
        { ...B, grants: [] },
      ],
      { count: 2 },
      3,
      2,
      ['A: 2', 'B: 1'],
    ],
    [
      'one more than the share, rounded down',
      [{ ...A, grants: ['b.view'] }, B],
      { percent: 49, floor: 0 },
      2,
      1,
      ['A: 2'],
    ],
    [
      'a share without the grants of deleted roles',
      [{ ...A, grants: ['a.view', 'b.view'] }],
      { percent: 25, floor: 0 },
      1,
      0,
      ['A: 1'],
    ],
    [
      'a role with a hostile name, as one clean line',
      [{ ...A, name: 'A\n\u202eB', grants: [] }, B],
      { count: 0 },
      3,
      0,
      ['A\\u000a\\u202eB: 3'],
    ],
  ])('refuses %s', (_, end, limit, figure, most, items) =>
    expect(refused(end, limit)).toEqual({
      code: 'max-grant-changes',
      message: `${figure} grants would be added to or removed from live custom roles, at most ${most} may be`,
      figure,
      limit: most,
      key: 'policy.maxGrantChanges',
      flag: `--allow max-grant-changes=${figure}`,
      items,
      hint: null,
    }),
  );
});
