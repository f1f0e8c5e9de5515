import { describe, expect, it } from '@jest/globals';
import { instanceRoles, MOST_HOLDERS } from '../../src/fleet/instance-roles.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { hugeSnapshot } from '../support/huge-plan.js';

const NAMES = { roles: [{ name: 'B' }, { name: 'A' }], overlaid: new Set(['B']) };

/** Two custom roles with ten people each: the first has a protected grant, the second has none. */
function snapshotWith(grants: readonly string[], rest: Partial<Snapshot> = {}): Snapshot {
  const snapshot = hugeSnapshot({ roles: 2, grants: 4, people: 20 });
  const [holder, other] = snapshot.roles.filter(({ id }) => id > 5);
  const list = snapshot.people.list.map((person, index) => ({
    ...person,
    email: index === 0 ? null : person.email,
    roleId: (index < 10 ? holder : other)?.id ?? 0,
  }));
  const roles = [
    { ...holder, name: 'Holder', grants, userCount: 12 },
    { ...other, name: 'Other', grants: ['alert.edit'] },
  ];
  return { ...snapshot, roles, people: { scope: 'all', list }, ...rest } as Snapshot;
}

const found = (snapshot: Snapshot, protectedGrants: readonly string[] | null = null) =>
  instanceRoles('acme', NAMES, { snapshot, policy: { protectedGrants } });

describe('the roles of an instance on the fleet page', () => {
  it('are those of the manifest in order, marked when they differ from the base', () => {
    expect(found(snapshotWith([])).roles).toEqual([
      { role: 'A', overlaid: false },
      { role: 'B', overlaid: true },
    ]);
  });

  it('list the members of roles with protected grants only', () => {
    const { holders } = found(snapshotWith(['alert.edit', 'user.edit']));
    expect(holders).toHaveLength(1);
    expect(holders[0]).toMatchObject({ role: 'Holder', grants: ['user.edit'], count: 10 });
    expect(holders[0]?.people?.[0]).toMatch(/^id \d+$/u);
    expect(holders[0]?.people).toHaveLength(10);
  });

  it.each(['support', 'system'] as const)('list and count no %s account', (kind) => {
    const snapshot = snapshotWith(['user.edit']);
    const list = snapshot.people.list.map((person, index) => (index === 0 ? { ...person, kind } : person));
    const [entry] = found({ ...snapshot, people: { scope: 'all', list } }).holders;
    expect(entry?.people).toHaveLength(9);
    expect(entry?.people?.filter((name) => name.startsWith('id '))).toEqual([]);
    expect(entry?.count).toBe(9);
  });

  it('follow the policy of the instance', () => {
    expect(found(snapshotWith(['alert.edit', 'user.edit']), ['alert.edit']).holders).toMatchObject([
      { role: 'Holder', grants: ['alert.edit'] },
      { role: 'Other', grants: ['alert.edit'] },
    ]);
  });

  it.each([
    ['counts people who were not read', ['user.edit'], { people: null, count: 12 }],
    ['names role managers, who are always read', ['authorization.roles'], { count: 10 }],
  ])('%s', (_what, grants, expected) => {
    const { people } = snapshotWith(grants);
    const snapshot = snapshotWith(grants, { people: { ...people, scope: 'admins' } });
    expect(found(snapshot).holders).toMatchObject([expected]);
  });

  it('count the people beyond the limit on names', () => {
    const snapshot = snapshotWith(['user.edit']);
    const [holder] = snapshot.roles;
    const list = Array.from({ length: MOST_HOLDERS + 5 }, (_, id) => ({
      ...{ id, name: '', roleId: holder?.id ?? 0, kind: 'active' as const },
      email: `person.${id}@example.com`,
    }));
    const [entry] = found({ ...snapshot, people: { scope: 'all', list } }).holders;
    expect(entry?.people).toHaveLength(MOST_HOLDERS);
    expect(entry?.count).toBe(MOST_HOLDERS + 5);
  });
});
