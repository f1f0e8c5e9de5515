import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ExistingRole } from '../../../src/model/role.js';
import { orderRenames, refOf, rolesThatBlock } from '../../../src/plan/order/order-renames.js';
import type { NameChange } from '../../../src/plan/order/order-renames.js';
import { inputs } from '../../support/law.js';
import { create, newDescription, live, rename } from '../../support/name-changes.js';

describe('the order of renames', () => {
  it.each<[string, NameChange[], ExistingRole[], [string | null, string][]]>([
    [
      'renames a chain from its end',
      [rename(7, 'A', 'B'), rename(8, 'B', 'C')],
      [live(7, 'A'), live(8, 'B')],
      [
        ['B', 'C'],
        ['A', 'B'],
      ],
    ],
    [
      'creates a role once its name is free',
      [create('A'), rename(7, 'A', 'B')],
      [live(7, 'A')],
      [
        ['A', 'B'],
        [null, 'A'],
      ],
    ],
    [
      'renames a cycle through a temporary name',
      [rename(7, 'A', 'B'), rename(8, 'B', 'A')],
      [live(7, 'A'), live(8, 'B')],
      [
        ['A', '~domo-roles 7'],
        ['B', 'A'],
        ['~domo-roles 7', 'B'],
      ],
    ],
    [
      'uses another temporary name if a live role has the first',
      [rename(7, 'A', 'B'), rename(8, 'B', 'A')],
      [live(7, 'A'), live(8, 'B'), live(9, '~domo-roles 7')],
      [
        ['A', '~domo-roles 7 2'],
        ['B', 'A'],
        ['~domo-roles 7 2', 'B'],
      ],
    ],
    [
      'uses another temporary name if a role will have the first',
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
    [
      'changes a description without waiting for anything',
      [newDescription(7, 'A')],
      [live(7, 'A')],
      [['A', 'A']],
    ],
    [
      'treats a near name as the same name',
      [create('a'), rename(7, 'A', 'B')],
      [live(7, 'A')],
      [
        ['A', 'B'],
        [null, 'a'],
      ],
    ],
    ['changes the case of a name at once', [rename(7, 'A', 'a')], [live(7, 'A')], [['A', 'a']]],
    [
      'does not wait for a role whose name changes only in case',
      [rename(7, 'A', 'a'), create('A ')],
      [live(7, 'A')],
      [
        [null, 'A '],
        ['A', 'a'],
      ],
    ],
    [
      'swaps two names that differ only in case through a temporary name',
      [rename(7, 'A', 'a'), rename(8, 'a', 'A')],
      [live(7, 'A'), live(8, 'a')],
      [
        ['A', '~domo-roles 7'],
        ['a', 'A'],
        ['~domo-roles 7', 'a'],
      ],
    ],
    [
      'renames a chain of near names from its end',
      [rename(7, 'A', 'a'), rename(8, 'a', 'a '), create('A')],
      [live(7, 'A'), live(8, 'a')],
      [
        ['a', 'a '],
        ['A', 'a'],
        [null, 'A'],
      ],
    ],
    [
      'renames two rings that share a role through its temporary name and another one',
      [rename(7, 'A', 'B'), rename(8, 'b', 'A'), rename(9, 'a', 'b')],
      [live(7, 'A'), live(8, 'b'), live(9, 'a')],
      [
        ['A', '~domo-roles 7'],
        ['b', '~domo-roles 8'],
        ['~domo-roles 7', 'B'],
        ['a', 'b'],
        ['~domo-roles 8', 'A'],
      ],
    ],
    [
      'sorts independent renames by name',
      [create('C'), rename(7, 'X', 'B'), create('A')],
      [live(7, 'X')],
      [
        [null, 'A'],
        ['X', 'B'],
        [null, 'C'],
      ],
    ],
    [
      'renames a cycle of three through the role with the lowest id, and then a role that waits for the cycle',
      [rename(9, 'A', 'B'), rename(7, 'B', 'C'), rename(8, 'C', 'A')],
      [live(9, 'A'), live(7, 'B'), live(8, 'C')],
      [
        ['B', '~domo-roles 7'],
        ['A', 'B'],
        ['C', 'A'],
        ['~domo-roles 7', 'C'],
      ],
    ],
    [
      'renames two cycles one after the other',
      [rename(7, 'A', 'B'), rename(8, 'B', 'A'), rename(9, 'C', 'D'), rename(10, 'D', 'C')],
      [live(7, 'A'), live(8, 'B'), live(9, 'C'), live(10, 'D')],
      [
        ['A', '~domo-roles 7'],
        ['B', 'A'],
        ['~domo-roles 7', 'B'],
        ['C', '~domo-roles 9'],
        ['D', 'C'],
        ['~domo-roles 9', 'D'],
      ],
    ],
    [
      'uses a temporary name within the cycle, not for a role that waits for it',
      [rename(6, 'X', 'A'), rename(7, 'A', 'B'), rename(8, 'B', 'A2'), rename(9, 'A2', 'A')],
      [live(6, 'X'), live(7, 'A'), live(8, 'B'), live(9, 'A2')],
      [
        ['A', '~domo-roles 7'],
        ['X', 'A'],
        ['A2', 'A'],
        ['B', 'A2'],
        ['~domo-roles 7', 'B'],
      ],
    ],
  ])('%s', (_, changes, roles, steps) => {
    expect(
      orderRenames(changes, roles).map(({ before, after }) => [before?.name ?? null, after.name]),
    ).toEqual(steps);
  });

  it('ends, with each name free when it is set, also for names that differ only in case or blanks', () => {
    const names = fc.shuffledSubarray(['A', 'a', 'A ', 'B', 'b', 'C', 'D', 'd'], { minLength: 2 });
    fc.assert(
      fc.property(names, names, (before, after) => {
        const pairs = before.flatMap((name, index): [number, string, string][] => {
          const next = after[index];
          return next === undefined ? [] : [[7 + index, name, next]];
        });
        const changes = pairs.flatMap(([id, from, to]) => (from === to ? [] : [rename(id, from, to)]));
        const steps = orderRenames(
          changes,
          pairs.map(([id, name]) => live(id, name)),
        );
        const now = new Map<unknown, string>(pairs.map(([id, name]) => [id, name]));
        for (const { role, after: text } of steps) {
          now.delete(role.id);
          expect([...now.values()]).not.toContain(text.name);
          now.set(role.id, text.name);
        }
        expect([...now].sort()).toEqual(pairs.map(([id, , to]) => [id, to]).sort());
        expect(steps.length).toBeLessThanOrEqual(2 * changes.length);
      }),
      { numRuns: inputs(1000) },
    );
  });

  it('lists for each step the steps that must come first', () => {
    const steps = orderRenames([rename(7, 'A', 'B'), rename(8, 'B', 'A')], [live(7, 'A'), live(8, 'B')]);
    const aside = { role: '#7', temporary: true };
    expect(steps.map(({ waitsFor }) => waitsFor)).toEqual([
      [],
      [aside],
      [{ role: '#8', temporary: false }, aside],
    ]);
    expect(steps.map(refOf)).toEqual([
      aside,
      { role: '#8', temporary: false },
      { role: '#7', temporary: false },
    ]);
  });
});

describe('the roles that block a temporary name', () => {
  const roles = [
    live(1, '~domo-roles 7'),
    live(2, '~Domo-Roles 7 2'),
    live(3, '~domo-roles 7 3'),
    live(4, 'A'),
  ];

  it.each<[string, number[]]>([
    ['~domo-roles 7', []],
    ['~domo-roles 7 2', [1]],
    ['~domo-roles 7 3', [1, 2]],
    ['~domo-roles 7 4', [1, 2, 3]],
  ])('before %s', (name, ids) => {
    expect(rolesThatBlock({ id: 7, name }, roles).map(({ id }) => id)).toEqual(ids);
  });
});
