import { describe, expect, it } from '@jest/globals';
import { liveKey } from '../../src/model/role-id.js';
import { newRole } from '../../src/model/role.js';
import type { ExistingRole } from '../../src/model/role.js';
import { orderRenames } from '../../src/plan/order/order-renames.js';
import type { NameChange } from '../../src/plan/order/order-renames.js';

const live = (id: number, name: string): ExistingRole => ({
  key: liveKey(id),
  id,
  name,
  description: '',
  grants: [],
});
const rename = (id: number, from: string, to: string): NameChange => ({
  before: live(id, from),
  after: live(id, to),
});
const create = (name: string): NameChange => ({
  before: null,
  after: newRole({ name, description: '', grants: [] }),
});

describe('the order of names', () => {
  it.each<[string, NameChange[], ExistingRole[], [string | null, string][]]>([
    [
      'takes a chain from its end',
      [rename(7, 'A', 'B'), rename(8, 'B', 'C')],
      [live(7, 'A'), live(8, 'B')],
      [
        ['B', 'C'],
        ['A', 'B'],
      ],
    ],
    [
      'makes a role once its name is free',
      [create('A'), rename(7, 'A', 'B')],
      [live(7, 'A')],
      [
        ['A', 'B'],
        [null, 'A'],
      ],
    ],
    [
      'turns a ring by way of a temporary name',
      [rename(7, 'A', 'B'), rename(8, 'B', 'A')],
      [live(7, 'A'), live(8, 'B')],
      [
        ['A', '~domo-roles 7'],
        ['B', 'A'],
        ['~domo-roles 7', 'B'],
      ],
    ],
    [
      'takes another temporary name where a live role has the first',
      [rename(7, 'A', 'B'), rename(8, 'B', 'A')],
      [live(7, 'A'), live(8, 'B'), live(9, '~domo-roles 7')],
      [
        ['A', '~domo-roles 7 2'],
        ['B', 'A'],
        ['~domo-roles 7 2', 'B'],
      ],
    ],
    [
      'takes another temporary name where a role will have the first',
      [rename(7, 'A', 'B'), rename(8, 'B', 'A'), create('~domo-roles 7'), create('~Domo-Roles 7 2')],
      [live(7, 'A'), live(8, 'B')],
      [
        [null, '~Domo-Roles 7 2'],
        [null, '~domo-roles 7'],
        ['A', '~domo-roles 7 3'],
        ['B', 'A'],
        ['~domo-roles 7 3', 'B'],
      ],
    ],
  ])('%s', (_, changes, roles, steps) => {
    expect(
      orderRenames(changes, roles).map(({ before, after }) => [before?.name ?? null, after.name]),
    ).toEqual(steps);
  });

  it('names for each step those that must be done first', () => {
    const steps = orderRenames([rename(7, 'A', 'B'), rename(8, 'B', 'A')], [live(7, 'A'), live(8, 'B')]);
    const [away, second, back] = steps;
    expect(steps.map(({ waitsFor }) => waitsFor)).toEqual([[], [away], [second, away]]);
    expect(steps.map(({ temporary }) => temporary)).toEqual([true, false, false]);
    expect(back?.role.id).toBe(7);
  });
});
