import { describe, expect, it } from '@jest/globals';
import type { Difference } from '../../../src/diff/difference.js';
import { liveKey, newRole } from '../../../src/model/role.js';
import type { ExistingRole } from '../../../src/model/role.js';
import type { ChangeDraft } from '../../../src/plan/change.js';
import { nameChanges } from '../../../src/plan/order/name-changes.js';
import { orderInput } from '../../support/order-input.js';

const input = orderInput({ roles: { A: ['a', 'a'], B: ['a', 'a'] } });
const live = (id: number, name: string, description = ''): ExistingRole => ({
  key: liveKey(id),
  id,
  name,
  description,
  grants: ['a'],
});
const text = (id: number, name: string, after: { name?: string; description?: string }): Difference => ({
  kind: 'text',
  key: liveKey(id),
  before: live(id, name),
  after: { ...live(id, name), ...after },
});
const missing = (name: string, description = ''): Difference => ({
  kind: 'role-missing',
  after: newRole({ name, description, grants: ['a', 'b'] }),
});
const starts = new Map(
  ['A', 'N'].map((name) => [
    newRole({ name, description: '', grants: [] }).key,
    { from: live(5, 'Social'), grants: ['c'] },
  ]),
);
const changesOf = (...differences: Difference[]): ReturnType<typeof nameChanges> =>
  nameChanges({ live: input.live, desired: { ...input.desired, starts }, differences });
const label = (change: ChangeDraft): string => `${change.kind} ${change.step ?? '-'} ${change.role}`;

describe('the changes of names and descriptions', () => {
  it.each<[string, Difference[], string[]]>([
    [
      'are none without such differences',
      [{ kind: 'default-role', before: liveKey(4), after: liveKey(5) }],
      [],
    ],
    ['change the description of a role', [text(100, 'A', { description: 'new' })], ['role.update - A']],
    ['rename a role under its new name', [text(100, 'A', { name: 'C' })], ['role.update - C']],
    ['create a role', [missing('N')], ['role.create - N']],
    [
      'free a name before it is taken',
      [missing('A'), text(100, 'A', { name: 'C' })],
      ['role.update - C', 'role.create - A'],
    ],
    [
      'exchange two names through a temporary one',
      [text(100, 'A', { name: 'B' }), text(101, 'B', { name: 'A' })],
      ['role.update temporary B', 'role.update - A', 'role.update - B'],
    ],
  ])('%s', (_, differences, expected) => {
    expect(changesOf(...differences).changes.map(label)).toEqual(expected);
  });

  const gone = (id: number, name: string): Difference => ({ kind: 'role-extra', before: live(id, name) });

  it.each<[string, Difference[], string[], string[]]>([
    ['the name of a deleted role', [text(100, 'A', { name: 'B' }), gone(101, 'B')], [], ['B']],
    ['nearly the name of a deleted role', [text(100, 'A', { name: ' b' }), gone(101, 'B')], [], [' b']],
    [
      'a name that only the deletes free',
      [text(100, 'A', { name: 'B' }), gone(101, 'B'), text(102, 'C', { name: 'A' })],
      [],
      ['B', 'A'],
    ],
    ['another name', [text(100, 'A', { name: 'C' }), gone(101, 'B')], ['C'], []],
    ['its own name', [text(100, 'B', { description: 'new' }), gone(101, 'b')], ['B'], []],
    [
      'a name like that of a deleted role, beside a temporary one that leaves the old name to a new role',
      [text(100, 'A', { name: 'b' }), gone(101, 'B'), missing('A')],
      ['b', 'A'],
      ['b'],
    ],
  ])('come after the deletes for %s', (_, differences, first, last) => {
    const { changes, late } = nameChanges({
      live: orderInput({ roles: { A: ['a', 'a'], B: ['a', 'a'], C: ['a', 'a'] } }).live,
      desired: { ...input.desired, starts },
      differences,
    });
    expect([changes, late].map((list) => list.map(({ role }) => role))).toEqual([first, last]);
  });

  it('name the changes that must come first', () => {
    const { changes, waitsFor } = changesOf(missing('A'), text(100, 'A', { name: 'C' }));
    const [rename, create] = changes as [ChangeDraft, ChangeDraft];
    expect(waitsFor.get(create)).toEqual([rename]);
    expect(waitsFor.get(rename)).toEqual([]);
  });

  it('contain the texts before and after', () => {
    expect(changesOf(text(100, 'A', { name: 'C', description: 'new' })).changes).toEqual([
      {
        kind: 'role.update',
        step: null,
        role: 'C',
        roleId: 100,
        before: { name: 'A', description: '' },
        after: { name: 'C', description: 'new' },
      },
    ]);
  });

  it('contain the origin of a new role: the copied role and its initial grants', () => {
    expect(changesOf(missing('N', 'text')).changes).toEqual([
      {
        kind: 'role.create',
        step: null,
        role: 'N',
        roleId: 'new:N',
        before: null,
        after: { name: 'N', description: 'text', startsFrom: { name: 'Social', roleId: 5 }, grants: ['c'] },
      },
    ]);
  });

  it('throw an internal error for a new role without an origin', () => {
    expect(() => changesOf(missing('No start'))).toThrow('no start for new:No start');
  });
});
