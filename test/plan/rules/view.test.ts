import { describe, expect, it } from '@jest/globals';
import type { Role } from '../../../src/model/role.js';
import { liveKey, newKey, newRole } from '../../../src/model/role.js';
import type { LiveRole } from '../../../src/model/snapshot.js';
import { stateOf } from '../../../src/model/state.js';
import { isWritten } from '../../../src/plan/rules/view.js';
import type { RuleView } from '../../../src/plan/rules/view.js';
import { liveRole, person, snapshotOf } from '../../support/arbitraries.js';
import { viewsOf } from '../../support/rules.js';

const worldOf = (...custom: LiveRole[]) => snapshotOf({ custom });

const roleIn = (view: RuleView, id: number): Role | undefined =>
  view.roles.find(({ key }) => key === liveKey(id));

const heldIn = (view: RuleView, id: number): string[] => {
  const role = roleIn(view, id);
  return role ? [...view.holds(role)].sort() : [];
};

describe('the grants in a view of a role', () => {
  // An instance may add the dependencies of a written list. Its live grants are known from reading it.
  it.each<[string, LiveRole[], LiveRole[], { live: string[]; end: string[] }]>([
    [
      'only its list, if the plan does not change it',
      [liveRole(101, 'Alpha', ['b.edit'])],
      [liveRole(101, 'Alpha', ['b.edit'])],
      { live: ['b.edit'], end: ['b.edit'] },
    ],
    [
      'at the end also the dependencies of a changed list',
      [liveRole(101, 'Alpha', ['b.edit'])],
      [liveRole(101, 'Alpha', ['b.edit', 'c.use'])],
      { live: ['b.edit'], end: ['b.edit', 'b.view', 'c.use'] },
    ],
    [
      'at the end also the dependencies of another list of the same length',
      [liveRole(101, 'Alpha', ['b.edit'])],
      [liveRole(101, 'Alpha', ['a.edit'])],
      { live: ['b.edit'], end: ['a.edit', 'a.view'] },
    ],
    [
      'at the end also the dependencies of a shorter list',
      [liveRole(101, 'Alpha', ['b.edit', 'c.use'])],
      [liveRole(101, 'Alpha', ['b.edit'])],
      { live: ['b.edit', 'c.use'], end: ['b.edit', 'b.view'] },
    ],
    [
      'only its list, if only its name changes',
      [liveRole(101, 'Alpha', ['b.edit'])],
      [liveRole(101, 'Omega', ['b.edit'])],
      { live: ['b.edit'], end: ['b.edit'] },
    ],
  ])('is %s', (_, live, end, held) => {
    const views = viewsOf(worldOf(...live), worldOf(...end));
    expect({ live: heldIn(views.live, 101), end: heldIn(views.end, 101) }).toEqual(held);
  });

  it('include the dependencies of the list of a new role', () => {
    const { end } = viewsOf(worldOf(), worldOf(liveRole(103, 'Gamma', ['b.edit'])));
    const role = end.named('Gamma');
    expect(role?.key).toBe(newKey('Gamma'));
    expect(role && [...end.holds(role)].sort()).toEqual(['b.edit', 'b.view']);
  });
});

describe('the grants of a role', () => {
  const live = stateOf(worldOf(liveRole(101, 'Alpha', ['a.view', 'b.view'])));
  const alpha = (...grants: string[]): Role => ({
    ...{ key: liveKey(101), id: 101, name: 'Alpha', description: '' },
    grants,
  });

  it.each<[string, Role, boolean]>([
    ['are not written where they are equal', alpha('a.view', 'b.view'), false],
    ['are written if one is removed', alpha('a.view'), true],
    ['are written if one is added', alpha('a.view', 'b.view', 'c.use'), true],
    ['are written if one is replaced', alpha('a.view', 'c.use'), true],
    ['are written if all are removed', alpha(), true],
    [
      'are written for a new role, also an empty list',
      newRole({ name: 'New', description: '', grants: [] }),
      true,
    ],
  ])('%s', (_, role, isSo) => expect(isWritten(role, live)).toBe(isSo));
});

describe('the people of a role', () => {
  const live = snapshotOf({
    custom: [liveRole(101, 'Alpha'), liveRole(102, 'Beta')],
    persons: [
      person(10, 101),
      person(11, 101, 'pending'),
      person(12, 101, 'support'),
      person(13, 101, 'system'),
    ],
  });
  const end = {
    ...live,
    people: {
      ...live.people,
      list: live.people.list.map((one) => (one.id === 10 ? { ...one, roleId: 102 } : one)),
    },
  };
  const ids = (view: RuleView, id: number): number[] => view.people(liveKey(id)).map((one) => one.id);

  it('are the active and pending ones, without support and system accounts', () => {
    expect(ids(viewsOf(live).live, 101)).toEqual([10, 11]);
  });

  it('are those of the state in the view', () => {
    const views = viewsOf(live, end);
    expect([ids(views.live, 101), ids(views.live, 102)]).toEqual([[10, 11], []]);
    expect([ids(views.end, 101), ids(views.end, 102)]).toEqual([[11], [10]]);
  });

  it('are empty for a role without people or an unknown role', () => {
    expect(ids(viewsOf(live).live, 5)).toEqual([]);
    expect(ids(viewsOf(live).live, 999)).toEqual([]);
  });
});

describe('the name of a role', () => {
  const live = worldOf(liveRole(101, 'Alpha'), liveRole(102, 'Beta'));
  const renamed = worldOf(liveRole(101, 'Omega'), liveRole(102, 'Beta'));
  const swapped = worldOf(liveRole(101, 'Beta'), liveRole(102, 'Alpha'));
  const gone = worldOf(liveRole(102, 'Beta'));

  // Rules use final names. The live name counts too, so that a rename can be found to violate a rule.
  it.each<[string, typeof live, string[], string[]]>([
    ['that stays', live, ['Alpha', 'Alpha'], ['Alpha']],
    ['that changes', renamed, ['Alpha', 'Omega'], ['Omega']],
    ['that passes to another role', swapped, ['Alpha', 'Beta'], ['Beta']],
    ['that is deleted', gone, ['Alpha', 'Alpha'], []],
  ])('%s: live it has both names, in the end one', (_, end, liveNames, endNames) => {
    const views = viewsOf(live, end);
    const [before, after] = [roleIn(views.live, 101), roleIn(views.end, 101)];
    expect(before && views.live.names(before)).toEqual(liveNames);
    expect(after ? views.end.names(after) : []).toEqual(endNames);
  });

  it.each<[string, typeof live, string, number | null, number | null]>([
    ['of a role that stays', live, 'Alpha', 101, 101],
    ['that a role has at the end also refers to it live', renamed, 'Omega', 101, 101],
    ['that a role loses is only its live name', renamed, 'Alpha', 101, null],
    ['that passes to another role refers live to the current holder', swapped, 'Beta', 102, 101],
    ['of a deleted role is only its live name', gone, 'Alpha', 101, null],
    ['of a system role', live, 'Admin', 1, 1],
    ['of no role', live, 'Nowhere', null, null],
    ['in different case belongs to no role', live, 'alpha', null, null],
  ])('%s', (_, end, name, liveId, endId) => {
    const views = viewsOf(live, end);
    expect(views.live.named(name)?.id ?? null).toBe(liveId);
    expect(views.end.named(name)?.id ?? null).toBe(endId);
  });

  it('of a new role matches no live one', () => {
    const views = viewsOf(live, worldOf(...[101, 102, 103].map((id) => liveRole(id, `R${id}`))));
    expect(views.end.named('R103')?.id).toBeNull();
    expect(views.live.named('R103')).toBeNull();
  });
});

it('includes the default role of each state', () => {
  const live = worldOf();
  const views = viewsOf(live, { ...live, defaultRoleId: 5 });
  expect([views.live.defaultRole, views.end.defaultRole]).toEqual([liveKey(4), liveKey(5)]);
});
