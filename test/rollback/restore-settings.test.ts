import { describe, expect, it } from '@jest/globals';
import type { LiveAllowlist, Snapshot } from '../../src/model/snapshot.js';
import { restoreSettings } from '../../src/rollback/restore-settings.js';
import { allowlistSet, creation, defaultRoleSet, deletion } from '../support/changes.js';
import { A, B, conflictsIn, contextOf, NEW, world } from '../support/rollback-world.js';
import type { Steps } from '../support/rollback-world.js';

const on = (allowlist: LiveAllowlist, parts: Partial<Snapshot> = {}, custom = [A, B]): Snapshot =>
  world(custom, custom.includes(A) ? [] : [[10, 101]], { allowlist, ...parts });
const LIST: Steps = [[allowlistSet([100]), 'done']];
const DEFAULT: Steps = [[defaultRoleSet(3), 'done']];
const MAYBE_LIST: Steps = [[allowlistSet([100]), 'sent']];
const MAYBE_DEFAULT: Steps = [[defaultRoleSet(3), 'sent']];
const CREATE: Steps = [[creation('New', ['c.use']), 'done', 900]];

describe('the settings after a rollback', () => {
  it.each<[string, Snapshot, Steps, Snapshot, [string, unknown, boolean]]>([
    ['stay if the run changed neither', on([4, 5]), [], on([4, 5, 101]), ['#4', ['#101', '#4', '#5'], false]],
    ['have the default role back', on('off'), DEFAULT, on('off', { defaultRoleId: 3 }), ['#4', 'off', false]],
    ['have a default role that is back already', on('off'), DEFAULT, on('off'), ['#4', 'off', false]],
    ['have the allowlist back', on([4, 5]), LIST, on([4, 5, 100]), ['#4', ['#4', '#5'], true]],
    ['turn it off', on('off'), LIST, on([4, 5, 100]), ['#4', 'off', true]],
    [
      'turn it on',
      on([4, 5, 100]),
      [[allowlistSet(null), 'done']],
      on('off'),
      ['#4', ['#100', '#4', '#5'], true],
    ],
    ['leave a list that is not readable', on([4, 5]), LIST, on('unreadable'), ['#4', 'unreadable', false]],
    [
      'leave a list that was not readable',
      on('unreadable'),
      LIST,
      on([4, 5, 100]),
      ['#4', ['#100', '#4', '#5'], false],
    ],
    [
      'leave out a role that the run created',
      on([4, 5]),
      [...CREATE, [allowlistSet(['new:New']), 'done']],
      on([4, 5, 900], {}, [A, B, NEW]),
      ['#4', ['#4', '#5'], true],
    ],
    [
      'put a deleted role on the list again, even if no write changed the list',
      on([4, 5, 100]),
      [[deletion(100, 'A'), 'done']],
      on([4, 5], {}, [B]),
      ['#4', ['#4', '#5', 'new:A'], true],
    ],
    [
      'have the default role on the list, since Domo puts it there',
      on([3, 4, 5]),
      DEFAULT,
      on([3, 5], { defaultRoleId: 3 }),
      ['#4', ['#3', '#4', '#5'], false],
    ],
    [
      'leave a default role that another person changed',
      on('off'),
      [],
      on('off', { defaultRoleId: 3 }),
      ['#3', 'off', false],
    ],
    [
      'have the default role back after a write without a known result that took effect',
      on('off'),
      MAYBE_DEFAULT,
      on('off', { defaultRoleId: 3 }),
      ['#4', 'off', false],
    ],
    [
      'keep the default role after a write without a known result that had no effect',
      on('off'),
      MAYBE_DEFAULT,
      on('off'),
      ['#4', 'off', false],
    ],
    [
      'have the allowlist back after a write without a known result that took effect',
      on([4, 5]),
      MAYBE_LIST,
      on([4, 5, 100]),
      ['#4', ['#4', '#5'], true],
    ],
    [
      'keep the allowlist after a write without a known result that had no effect',
      on([4, 5]),
      MAYBE_LIST,
      on([4, 5]),
      ['#4', ['#4', '#5'], true],
    ],
    ['always have Social on the list', on([4]), LIST, on([4, 5, 100]), ['#4', ['#4', '#5'], true]],
  ])('%s', (_, start, steps, live, [defaultRole, allowlist, managesAllowlist]) => {
    const context = contextOf(steps, live, start);
    expect(restoreSettings(context)).toEqual({ defaultRole, allowlist, managesAllowlist });
    expect(conflictsIn(context)).toEqual([]);
  });

  it.each<[string, Snapshot, Steps, Snapshot, unknown[]]>([
    [
      'another default role',
      on('off'),
      DEFAULT,
      on('off', { defaultRoleId: 2 }),
      ['the default role', 'role', 'Editor', 'Privileged'],
    ],
    [
      'the default role to restore, which was deleted',
      on('off', { defaultRoleId: 100 }),
      DEFAULT,
      on('off', { defaultRoleId: 3 }, [B]),
      ['the default role', 'role', 'A', null],
    ],
    [
      'another list',
      on([4, 5]),
      LIST,
      on([4, 5, 101]),
      ['the roles allowlist', 'roles', ['Participant', 'Social', 'A'], ['Participant', 'Social', 'B']],
    ],
    [
      'another default role after a write without a known result',
      on('off'),
      MAYBE_DEFAULT,
      on('off', { defaultRoleId: 2 }),
      ['the default role', 'role', 'Editor', 'Privileged'],
    ],
    [
      'another list after a write without a known result',
      on([4, 5]),
      MAYBE_LIST,
      on([4, 5, 101]),
      ['the roles allowlist', 'roles', ['Participant', 'Social', 'A'], ['Participant', 'Social', 'B']],
    ],
    [
      'a list that was turned off',
      on([4, 5]),
      LIST,
      on('off'),
      ['the roles allowlist', 'roles', ['Participant', 'Social', 'A'], 'off'],
    ],
    [
      'a list that was turned on',
      on([4, 5, 100]),
      [[allowlistSet(null), 'done']],
      on([5, 101]),
      ['the roles allowlist', 'roles', 'off', ['Social', 'B']],
    ],
  ])('conflict with %s', (_, start, steps, live, conflict) => {
    const context = contextOf(steps, live, start);
    restoreSettings(context);
    expect(conflictsIn(context)).toEqual([conflict]);
  });
});
