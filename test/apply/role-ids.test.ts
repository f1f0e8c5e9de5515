import { describe, expect, it } from '@jest/globals';
import { liveRoleId, roleIdsIn } from '../../src/apply/role-ids.js';
import type { Write } from '../support/apply-steps.js';
import { applyWorld } from '../support/apply-world.js';
import { changesOn } from '../support/plans-for-apply.js';

describe('the live id of a role', () => {
  it.each([
    [100, 100],
    ['new:Copy' as const, 900],
    ['new:Other' as const, null],
  ])('%s is %s', (id, live) => {
    expect(liveRoleId(id, new Map([['new:Copy', 900]]))).toBe(live);
  });

  it.each<[string, Write, (number | string)[]]>([
    ['a create needs none', (on) => on.create('Copy'), []],
    ['a rename', (on) => on.update('Analyst', 'B'), [100]],
    ['grants of a new role', (on) => on.grants('Copy', []), ['new:Copy']],
    ['a move', (on) => on.move('Writer', [10]), [101]],
    [
      'the default role, with the allowlist that is sent along',
      (on) => on.setDefault('Copy'),
      ['new:Copy', 4, 5],
    ],
    ['the allowlist, with the default role', (on) => on.allowlist(['Copy'], 'Writer'), ['new:Copy', 101]],
    ['no allowlist', (on) => on.allowlist('off', 'Writer'), [101]],
    ['a delete', (on) => on.remove('Old'), [102]],
  ])('is needed by %s', async (_, write, ids) => {
    expect(roleIdsIn(write(changesOn(await applyWorld().snapshot())))).toEqual(ids);
  });
});
