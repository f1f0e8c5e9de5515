import { describe, expect, it } from '@jest/globals';
import { liveKey } from '../../../src/model/role-id.js';
import { orderRenames } from '../../../src/plan/order/order-renames.js';
import type { NameChange } from '../../../src/plan/order/order-renames.js';
import { rolesRenamedLate } from '../../../src/plan/order/wait-for-deletes.js';
import { create, newDescription, rename } from '../../support/name-changes.js';

describe('the roles that are renamed after the deletes', () => {
  it.each<[string, NameChange[], string[], number[]]>([
    ['none, if nothing is deleted', [rename(7, 'A', 'B')], [], []],
    ['one that gets the name of a deleted role', [rename(7, 'A', 'B'), rename(8, 'C', 'D')], ['B'], [7]],
    ['one that gets nearly that name', [rename(7, 'A', 'b ')], ['B'], [7]],
    ['those that wait for it, through a chain', [rename(7, 'A', 'B'), rename(8, 'C', 'A')], ['B'], [7, 8]],
    ['not one that keeps its name', [newDescription(7, 'b')], ['B'], []],
    ['not one whose old name a new role gets', [rename(7, 'A', 'B'), create('A')], ['B'], []],
    [
      'not one that such a role waits for',
      [rename(7, 'A', 'B'), rename(8, 'C', 'A'), create('C')],
      ['B'],
      [],
    ],
    [
      'a cycle with its temporary name, if it waits for a late role',
      [rename(7, 'A', 'C'), rename(8, 'C', 'A')],
      ['a'],
      [7, 8],
    ],
  ])('are %s', (_, changes, deleted, expected) => {
    const roles = changes.flatMap(({ before }) => before ?? []);
    const late = rolesRenamedLate(orderRenames(changes, roles), deleted);
    expect([...late].sort()).toEqual(expected.map(liveKey));
  });
});
