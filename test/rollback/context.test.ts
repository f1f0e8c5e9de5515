import { describe, expect, it } from '@jest/globals';
import { A, B, conflictsIn, contextOf, NEW, world } from '../support/rollback-world.js';
import type { Steps } from '../support/rollback-world.js';
import { rollbackContext } from '../../src/rollback/context.js';
import { runResult } from '../../src/rollback/run-result.js';
import { creation, deletion, move } from '../support/changes.js';
import { runRecord } from '../support/run-record.js';

const CREATE: Steps = [[creation('New', ['c.use']), 'done', 900]];
const DELETE: Steps = [
  [move(101, [10]), 'done'],
  [deletion(100, 'A'), 'done'],
];
const withoutA = world([B], [[10, 101]]);

describe('a lookup of a rollback', () => {
  it('is the roles of both moments, by id', () => {
    const run = runRecord(world(), CREATE);
    const live = world([A, B, NEW]);
    const result = runResult(run, live);
    const context = rollbackContext({ run }, result, live);
    expect(context.rolesBefore.has(900)).toBe(false);
    expect(context.liveRoles.get(900)).toBe(live.roles.find(({ id }) => id === 900));
    expect([context.before, context.result, context.live]).toEqual([run.before, result, live]);
    expect(context.conflicts).toEqual([]);
  });

  it.each<[string, Steps, ReturnType<typeof world>, number, string | null]>([
    ['its own, if it is live', [], world(), 100, '#100'],
    ['a new one, if the run deleted it', DELETE, withoutA, 100, 'new:A'],
    ['its own, if the delete was not done', [[deletion(100, 'A'), 'sent']], world(), 100, '#100'],
    ['none, if someone else deleted it', [], withoutA, 100, null],
    ['none, if it never existed', [], world(), 555, null],
  ])('is the key that a role has afterwards: %s', (_, steps, live, id, key) => {
    expect(contextOf(steps, live).restoredKey(id)).toBe(key);
  });

  it.each<[string, Steps, ReturnType<typeof world>, number | undefined, string | null]>([
    ['of a live role', [], world([{ ...A, name: 'Now' }, B]), 100, 'Now'],
    ['of a role that was deleted', [], withoutA, 100, 'A'],
    ['of a role that the run created and that no longer exists', CREATE, world(), 900, 'New'],
    ['of an unknown role, which is its id', [], world(), 555, 'role 555'],
    ['of no role, which is null', [], world(), undefined, null],
  ])('is the name %s', (_, steps, live, id, name) => {
    expect(contextOf(steps, live).nameOf(id)).toBe(name);
  });

  it.each<[string, Steps, ReturnType<typeof world>, number, boolean]>([
    ['a role that the run created, and that was deleted since', CREATE, world(), 900, true],
    ['a role that the run deleted', DELETE, withoutA, 100, true],
    ['a live role that the run created', CREATE, world([A, B, NEW]), 900, false],
    ['a role that someone else deleted', [], withoutA, 100, false],
    ['a live role', [], world(), 100, false],
  ])('is whether the run explains a missing role: %s', (_, steps, live, id, gone) => {
    expect(contextOf(steps, live).isGone(id)).toBe(gone);
  });

  it('collects conflicts of roles under their names', () => {
    const context = contextOf([], world([{ ...A, name: 'A\n' }, B]));
    context.addRoleConflict(100, 'grants', { before: ['a'], now: [] });
    expect(conflictsIn(context)).toEqual([['role "A\\n"', 'grants', ['a'], []]]);
    expect(context.conflicts[0]?.of).toEqual({ kind: 'role', roleId: 100 });
  });
});
