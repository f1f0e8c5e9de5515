import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '../../src/model/snapshot.js';
import { restoreRoles } from '../../src/rollback/restore-roles.js';
import { creation, deletion, grantsSet, rename } from '../support/changes.js';
import { A, B, conflictsIn, contextOf, NEW, world } from '../support/rollback-world.js';
import type { Steps } from '../support/rollback-world.js';

const withA = (patch: object): Snapshot => world([{ ...A, ...patch }, B]);
const GRANTS: Steps = [[grantsSet(100, ['a.view'], ['b.view']), 'done']];
const TWICE: Steps = [
  [{ ...grantsSet(100, ['a.view'], ['c.use']), id: grantsSet(101, [], []).id }, 'done'],
  [grantsSet(100, ['c.use'], ['b.view']), 'sent'],
];
const NAME: Steps = [[rename(100, ['A', 'C']), 'done']];
const CREATE: Steps = [[creation('New', ['c.use']), 'done', 900]];
const DELETE: Steps = [[deletion(100, 'A'), 'done']];

const A_BEFORE = { name: 'A', description: '', grants: ['a.view'] };

describe('the roles after a rollback', () => {
  it.each<[string, Steps, Snapshot, string, object | undefined]>([
    [
      'keep parts that the run did not change',
      [],
      withA({ grants: ['c.use'] }),
      '#100',
      { ...A_BEFORE, grants: ['c.use'] },
    ],
    ['get their grants back', GRANTS, withA({ grants: ['b.view'] }), '#100', A_BEFORE],
    [
      'get them back from a list to which the instance added grants',
      [[grantsSet(100, ['a.view'], ['a.edit']), 'done']],
      withA({ grants: ['a.edit', 'a.view'] }),
      '#100',
      A_BEFORE,
    ],
    ['get them back from either of two lists', TWICE, withA({ grants: ['c.use'] }), '#100', A_BEFORE],
    ['get them back from the last of two lists', TWICE, withA({ grants: ['b.view'] }), '#100', A_BEFORE],
    ['get their name back', NAME, withA({ name: 'C' }), '#100', A_BEFORE],
    [
      'keep a description that another person wrote',
      NAME,
      withA({ name: 'C', description: 'd' }),
      '#100',
      { ...A_BEFORE, description: 'd' },
    ],
    ['contain a deleted role as a new one', DELETE, world([B], [[10, 101]]), 'new:A', A_BEFORE],
    ['contain a role that was not deleted', [[deletion(100, 'A'), 'sent']], world(), '#100', A_BEFORE],
    [
      'still contain a role that the run created',
      CREATE,
      world([A, B, NEW]),
      '#900',
      { name: 'New', description: '', grants: ['c.use'] },
    ],
    ['do not contain a created role that was deleted', CREATE, world(), '#900', undefined],
  ])('%s', (_, steps, live, key, expected) => {
    const context = contextOf(steps, live);
    const role = [...restoreRoles(context).roles.values()].find((one) => one.key === key);
    expect(role && { name: role.name, description: role.description, grants: role.grants }).toEqual(expected);
    expect(conflictsIn(context)).toEqual([]);
  });

  it.each<[string, Steps, Snapshot, unknown[]]>([
    ['grants', GRANTS, withA({ grants: ['c.use'] }), ['role "A"', 'grants', ['b.view'], ['c.use']]],
    [
      'the grants of a role that another person deleted',
      GRANTS,
      world([B], [[10, 101]]),
      ['role "A"', 'grants', ['b.view'], null],
    ],
    ['a name', NAME, withA({ name: 'D' }), ['role "D"', 'name', 'C', 'D']],
    [
      'the name of a role that another person deleted',
      NAME,
      world([B], [[10, 101]]),
      ['role "A"', 'name', 'C', null],
    ],
  ])('conflict if someone changed %s since', (_, steps, live, conflict) => {
    const context = contextOf(steps, live);
    const { roles } = restoreRoles(context);
    expect(conflictsIn(context)).toEqual([conflict]);
    expect(roles.get('#100')?.grants).toEqual(live.roles.find(({ id }) => id === 100)?.grants);
  });

  it('include the earlier state of a role that is created again', () => {
    const { recreated } = restoreRoles(contextOf(DELETE, world([B], [[10, 101]])));
    expect([...recreated]).toEqual([['new:A', A]]);
  });
});
