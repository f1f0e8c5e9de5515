import { describe, expect, it } from '@jest/globals';
import { checkMatrix, needsGrantsRead, lacksActingPerson } from '../../src/live/completeness.js';
import { checkRoles } from '../../src/routes/index.js';
import { snapshotOf } from '../support/arbitraries.js';

const { roles } = snapshotOf({});
const without = (id: number): typeof roles => roles.filter((role) => role.id !== id);

describe('an incomplete list', () => {
  it.each([
    [1, 'Admin (1)'],
    [2, 'Privileged (2)'],
    [3, 'Editor (3)'],
    [4, 'Participant (4)'],
    [5, 'Social (5)'],
  ])('lacks system role %d', (id, label) => {
    expect(() => checkRoles(without(id))).toThrow(
      `the list of roles is incomplete: it lacks the system role ${label}`,
    );
  });

  it('is not one that has all system roles, regardless of their names', () => {
    const renamed = roles.map((role) => ({ ...role, name: 'x' }));
    expect(checkRoles(renamed)).toBe(renamed);
  });

  it('is a catalogue in which no role holds authorization.roles', () => {
    expect(() => checkMatrix(new Map([[1, ['a']]]))).toThrow('no role in it holds authorization.roles');
    expect(() => checkMatrix(new Map())).toThrow('the list of grants is incomplete');
    expect(() =>
      checkMatrix(
        new Map([
          [1, ['a']],
          [2, ['authorization.roles']],
        ]),
      ),
    ).not.toThrow();
  });

  it('is a search result without the acting person', () => {
    expect(lacksActingPerson(27).problems).toMatchObject([
      {
        code: 'short-list',
        message: 'the list of people is incomplete: it lacks the acting person (27)',
        where: { what: 'people' },
      },
    ]);
    expect(lacksActingPerson(null).message).toContain('it lacks the acting person');
    expect(lacksActingPerson(null).message).not.toContain('(');
  });
});

describe('the grants of a role are read if its count differs from the matrix', () => {
  it.each<[string, number | null, string[], boolean]>([
    ['not without a grant count', null, [], false],
    ['not if both are equal', 1, ['a'], false],
    ['not if the count is one higher, as is usual', 2, ['a'], false],
    ['not for a role without grants', 0, [], false],
    ['if the count is one and the matrix has none', 1, [], true],
    ['if the count is two higher', 3, ['a'], true],
    ['if the count is lower', 1, ['a', 'b'], true],
  ])('%s', (_, grantCount, held, expected) => expect(needsGrantsRead({ grantCount }, held)).toBe(expected));
});
