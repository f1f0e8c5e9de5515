import { describe, expect, it } from '@jest/globals';
import { groupChange } from '../../src/fleet/group-changes.js';
import { openGroups } from '../../src/fleet/groups.js';
import { refusal } from '../../src/model/refusal.js';
import { creation, grantsSet, rename } from '../support/changes.js';
import { fleetRow } from '../support/fleet-rows.js';

describe('a change in a group of instances', () => {
  it('contains added and removed grants, and no ids', () => {
    const before = ['a.one', 'b.two'];
    expect(groupChange(grantsSet(7, before, ['b.two', 'c.three']))).toMatchObject({
      added: ['c.three'],
      removed: ['a.one'],
    });
    expect(groupChange(grantsSet(7, before, ['b.two']))).toEqual(
      groupChange(grantsSet(7, before, ['b.two'])),
    );
    const [one, two] = [7, 8].map((id) => groupChange({ ...grantsSet(id, before, ['b.two']), role: 'A' }));
    expect(one).toEqual(two);
  });

  it.each([
    ['another name', rename(7, ['A', 'B']), rename(7, ['A', 'C'])],
    ['another old name', rename(7, ['A', 'B']), rename(7, ['Z', 'B'])],
    ['another description', creation('A', [], 'one'), creation('A', [], 'two')],
    ['other grants', creation('A', ['a.one']), creation('A', ['a.two'])],
  ])('differs with %s', (_what, one, other) => {
    expect(groupChange(one)).not.toEqual(groupChange(other));
  });
});

describe('groups', () => {
  const plan = [creation('Finance Viewer', ['a.one'])];
  const other = [creation('Finance Viewer', ['a.two'])];

  it('do not depend on the order of rows', () => {
    const groups = openGroups();
    const rows = ['delta', 'beta', 'alpha'].map((name, moved) =>
      fleetRow(name, 'changes', {
        summary: { created: 0, deleted: 0, moved, grantsAdded: 0, grantsRemoved: 0 },
      }),
    );
    for (const row of rows) groups.add(row, plan);
    expect(groups.groups(rows)).toEqual(groups.groups([...rows].reverse()));
  });

  it('contain the instances with equal plans, the largest group first', () => {
    const groups = openGroups();
    const rows = ['delta', 'beta', 'alpha'].map((name) => fleetRow(name, 'changes'));
    groups.add({ instance: 'delta' }, plan);
    groups.add({ instance: 'beta' }, other);
    groups.add({ instance: 'alpha' }, plan);
    expect(groups.groups(rows).map(({ instances }) => instances)).toEqual([['alpha', 'delta'], ['beta']]);
  });

  it('of equal size are sorted by their first instance', () => {
    const rows = ['delta', 'beta'].map((name) => fleetRow(name, 'changes'));
    const orders = [rows, [...rows].reverse()].map((order) => {
      const groups = openGroups();
      for (const row of order) groups.add(row, row.instance === 'beta' ? other : plan);
      return groups.groups(order);
    });
    expect(orders[0]).toEqual(orders[1]);
    expect(orders[0]?.map(({ instances }) => instances)).toEqual([['beta'], ['delta']]);
  });

  it.each([
    ['statuses', fleetRow('b', 'refused')],
    ['refusals', fleetRow('b', 'changes', { refusals: [refusal('max-moves', 'too many')] })],
    ['warnings', fleetRow('b', 'changes', { warnings: ['drift'] })],
  ])('are separate when %s differ', (_what, row) => {
    const groups = openGroups();
    for (const instance of ['a', 'b']) groups.add({ instance }, plan);
    expect(groups.groups([fleetRow('a', 'changes'), row])).toHaveLength(2);
  });

  it('list the final result of each instance', () => {
    const groups = openGroups();
    for (const instance of ['a', 'b', 'c']) groups.add({ instance }, plan);
    const rows = [fleetRow('a', 'done'), fleetRow('b', 'incomplete'), fleetRow('c', 'done')];
    expect(groups.groups(rows).map(({ status, instances }) => [status, instances])).toEqual([
      ['done', ['a', 'c']],
      ['incomplete', ['b']],
    ]);
  });

  it('omit instances without a plan', () => {
    expect(openGroups().groups([fleetRow('a', 'failed')])).toEqual([]);
  });
});
