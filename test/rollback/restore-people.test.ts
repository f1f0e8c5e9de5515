import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '../../src/model/snapshot.js';
import { restorePeople } from '../../src/rollback/restore-people.js';
import { person, snapshotOf } from '../support/arbitraries.js';
import { creation, deletion, move } from '../support/changes.js';
import { A, B, conflictsIn, contextOf, NEW, world } from '../support/rollback-world.js';
import type { Steps } from '../support/rollback-world.js';

const MOVE: Steps = [[move(101, [10]), 'done']];
const MAYBE: Steps = [[move(101, [10]), 'sent']];
const INTO_NEW: Steps = [
  [creation('New', ['c.use']), 'done', 900],
  [move('new:New', [10]), 'done'],
];
const DELETE: Steps = [...MOVE, [deletion(100, 'A'), 'done']];

describe('the people after a rollback', () => {
  it.each<[string, Steps, Snapshot, string | undefined, string | undefined]>([
    ['move back', MOVE, world(undefined, [[10, 101]]), '#100', 'listed'],
    ['stay if they have already moved back', MOVE, world(), '#100', undefined],
    ['stay if the move was not done', MAYBE, world(), '#100', undefined],
    [
      'move back if the move is unconfirmed, but was done',
      MAYBE,
      world(undefined, [[10, 101]]),
      '#100',
      'listed',
    ],
    ['leave a role that the run created', INTO_NEW, world([A, B, NEW], [[10, 900]]), '#100', 'role-deleted'],
    ['go back to a role that is created again', DELETE, world([B], [[10, 101]]), 'new:A', 'listed'],
    ['stay if no step moved them', [], world(undefined, [[10, 3]]), '#3', undefined],
  ])('%s', (_, steps, live, place, why) => {
    const context = contextOf(steps, live);
    const restored = restorePeople(context);
    expect([restored.people.get(10), restored.why.get(10)]).toEqual([place, why]);
    expect([restored.missingPeople, conflictsIn(context)]).toEqual([[], []]);
  });

  it('are missing if they have left the instance, sorted', () => {
    const context = contextOf([[move(3, [11, 10]), 'done']], snapshotOf({ custom: [A, B] }));
    expect(restorePeople(context).missingPeople).toEqual([10, 11]);
    expect(conflictsIn(context)).toEqual([]);
  });

  it.each<[string, Steps, Snapshot, unknown[]]>([
    ['is in a third role', MOVE, world(undefined, [[10, 3]]), ['p10@acme.com', 'role', 'B', 'Editor']],
    [
      'is in another role of the same name',
      INTO_NEW,
      world([A, B, { ...NEW, id: 901 }], [[10, 901]]),
      ['p10@acme.com', 'role', 'New (id 900)', 'New (id 901)'],
    ],
    [
      'would go back to a role that someone else deleted',
      MOVE,
      snapshotOf({ custom: [B], persons: [person(10, 101)] }),
      ['role "A"', 'name', 'A', null],
    ],
    [
      'was added to a role that the run created',
      [INTO_NEW[0]!],
      world([A, B, NEW], [[77, 900]]),
      ['p77@acme.com', 'role', null, 'New'],
    ],
    [
      'moved into a role that the run created',
      [INTO_NEW[0]!],
      world([A, B, NEW], [[11, 900]]),
      ['p11@acme.com', 'role', 'B', 'New'],
    ],
  ])('conflict if one %s', (_, steps, live, conflict) => {
    const context = contextOf(steps, live);
    restorePeople(context);
    expect(conflictsIn(context)).toEqual([conflict]);
  });

  it('are named by id in a conflict if they have no address', () => {
    const live = snapshotOf({ custom: [A, B], persons: [{ ...person(10, 3), email: null }] });
    const context = contextOf(MOVE, live);
    restorePeople(context);
    expect(context.conflicts).toMatchObject([{ of: { kind: 'person', personId: 10 }, label: 'person 10' }]);
  });
});
