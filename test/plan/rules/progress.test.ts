import { describe, expect, it } from '@jest/globals';
import { dependenciesOf } from '../../../src/model/closure.js';
import { liveKey, newKey } from '../../../src/model/role.js';
import type { OrderedChange } from '../../../src/plan/change.js';
import { openProgress } from '../../../src/plan/rules/progress.js';
import type { Progress } from '../../../src/plan/rules/progress.js';
import { CATALOGUE, liveRole, person, snapshotOf } from '../../support/arbitraries.js';
import { steps } from '../../support/steps.js';
import { viewsOf } from '../../support/rules.js';

const LIVE = snapshotOf({
  custom: [liveRole(101, 'Alpha', ['b.edit']), liveRole(102, 'Beta', ['c.use'])],
  persons: [person(8, 101), person(9, 102), person(10, 101, 'system')],
});

const start = (): Progress => openProgress({ views: viewsOf(LIVE), dependencies: dependenciesOf(CATALOGUE) });

/** Custom and new roles as `name: grants; ids of people`, with `gone` after a deleted one. */
function shown(progress: Progress): string[] {
  return [...progress.roles()]
    .filter(({ key }) => !/^#[1-5]$/u.test(key))
    .map(({ name, held, people, isThere }) =>
      `${name}: ${[...held].sort().join(' ')}; ${[...people.keys()].join(' ')}${isThere ? '' : ' gone'}`.trim(),
    );
}

/** The state after these changes, and the names of the roles that the last one concerned. */
function after(...changes: OrderedChange[]): { roles: string[]; touched: string[] } {
  const progress = start();
  let touched: string[] = [];
  for (const change of changes) touched = progress.perform(change).map(({ name }) => name);
  return { roles: shown(progress), touched };
}

it('starts with every live role, its grants, and its people except system accounts', () => {
  expect(shown(start())).toEqual(['Alpha: b.edit; 8', 'Beta: c.use; 9']);
  expect([...start().roles()].filter(({ isThere }) => !isThere)).toEqual([]);
});

describe('a change', () => {
  it.each<[string, OrderedChange[], string[], string[]]>([
    [
      'that creates a role adds it with the grants that it starts with, and without people',
      [steps.create('Gamma', 'c.use')],
      ['Alpha: b.edit; 8', 'Beta: c.use; 9', 'Gamma: c.use;'],
      ['Gamma'],
    ],
    [
      'that renames a role gives it the new name',
      [steps.rename(101, 'Omega')],
      ['Omega: b.edit; 8', 'Beta: c.use; 9'],
      ['Omega'],
    ],
    [
      'that gives a role a temporary name keeps the name that rules use',
      [steps.rename(101, 'tmp', 'temporary')],
      ['Alpha: b.edit; 8', 'Beta: c.use; 9'],
      [],
    ],
    [
      'that writes grants adds their dependencies, since an instance may',
      [steps.grants(102, 'b.edit')],
      ['Alpha: b.edit; 8', 'Beta: b.edit b.view; 9'],
      ['Beta'],
    ],
    [
      'that writes an empty list removes all grants',
      [steps.grants(101)],
      ['Alpha: ; 8', 'Beta: c.use; 9'],
      ['Alpha'],
    ],
    [
      'that writes the grants of a new role finds it',
      [steps.create('Gamma'), steps.grants('new:Gamma', 'a.edit')],
      ['Alpha: b.edit; 8', 'Beta: c.use; 9', 'Gamma: a.edit a.view;'],
      ['Gamma'],
    ],
    [
      'that moves people concerns the role that they join and the one that they leave',
      [steps.move(102, [8, 101])],
      ['Alpha: b.edit;', 'Beta: c.use; 9 8'],
      ['Beta', 'Alpha'],
    ],
    [
      'that moves people of two roles concerns each once',
      [steps.create('Gamma'), steps.move('new:Gamma', [8, 101], [9, 102])],
      ['Alpha: b.edit;', 'Beta: c.use;', 'Gamma: ; 8 9'],
      ['Gamma', 'Alpha', 'Beta'],
    ],
    [
      'that moves people again takes them from their current role',
      [steps.move(102, [8, 101]), steps.create('Gamma'), steps.move('new:Gamma', [8, 101])],
      ['Alpha: b.edit;', 'Beta: c.use; 9', 'Gamma: ; 8'],
      ['Gamma', 'Beta'],
    ],
    [
      'that moves a system account counts no one',
      [steps.move(102, [10, 101])],
      ['Alpha: b.edit; 8', 'Beta: c.use; 9'],
      ['Beta'],
    ],
    [
      'that moves people into no known role changes nothing',
      [steps.move('new:Nowhere', [8, 101])],
      ['Alpha: b.edit; 8', 'Beta: c.use; 9'],
      [],
    ],
    [
      'that moves people from no known role changes nothing else',
      [steps.move(102, [77, 999])],
      ['Alpha: b.edit; 8', 'Beta: c.use; 9'],
      ['Beta'],
    ],
    [
      'that deletes a role marks it as deleted',
      [steps.remove(102)],
      ['Alpha: b.edit; 8', 'Beta: c.use; 9 gone'],
      ['Beta'],
    ],
    [
      'to a role that is not known changes nothing',
      [steps.rename(999, 'X'), steps.grants(999, 'c.use'), steps.remove(999)],
      ['Alpha: b.edit; 8', 'Beta: c.use; 9'],
      [],
    ],
    [
      'to the allowlist concerns no role',
      [steps.allowlist('Alpha')],
      ['Alpha: b.edit; 8', 'Beta: c.use; 9'],
      [],
    ],
  ])('%s', (_, changes, roles, touched) => {
    expect(after(...changes)).toEqual({ roles, touched });
  });

  it('of the default role affects the previous and the next one', () => {
    const progress = start();
    expect([progress.isDefault(liveKey(4)), progress.isDefault(liveKey(101))]).toEqual([true, false]);
    expect(progress.perform(steps.defaultRole(101)).map(({ name }) => name)).toEqual([
      'Participant',
      'Alpha',
    ]);
    expect([progress.isDefault(liveKey(4)), progress.isDefault(liveKey(101))]).toEqual([false, true]);
  });

  it('of the default role may refer to a role that the plan creates', () => {
    const progress = start();
    progress.perform(steps.create('Gamma'));
    expect(progress.perform(steps.defaultRole('new:Gamma')).map(({ name }) => name)).toEqual([
      'Participant',
      'Gamma',
    ]);
    expect(progress.isDefault(newKey('Gamma'))).toBe(true);
  });
});
