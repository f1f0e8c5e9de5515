import { describe, expect, it } from '@jest/globals';
import { driftMembers, listUnderCurrentRole } from '../../src/drift/drift-members.js';
import type { DriftRoles } from '../../src/drift/drift-members.js';
import type { Change, MembersMove, Move } from '../../src/plan/change.js';
import { asChangeId } from '../support/change-ids.js';
import { grantsSet, move } from '../support/changes.js';

/** Role 100 has an exact list; role 101 was renamed. */
const ROLES: DriftRoles = {
  isExact: (id) => id === 100,
  nameOf: ({ fromId, from }) => (fromId === 101 ? 'Renamed' : from),
  requestsFor: (change) =>
    change.kind === 'members.move'
      ? [{ method: 'PUT', path: '/users', body: change.people.map(({ id }) => id) }]
      : [],
};
const who = (id: number, fromId: number, why: Move['why'] = 'listed'): Move => ({
  id,
  email: `p${id}@acme.com`,
  from: `R${fromId}`,
  fromId,
  why,
  until: null,
});
const into = (roleId: number, ...people: Move[]): MembersMove => ({
  ...move(roleId, []),
  role: `R${roleId}`,
  after: { role: `R${roleId}`, people: people.length },
  people,
});

describe('extra people of a role', () => {
  const parts = (changes: readonly Change[]): unknown[] =>
    changes.map((one) => [
      one.id,
      one.role,
      one.roleId,
      one.kind === 'members.move' ? one.people.map(({ id }) => id) : null,
    ]);

  it.each<[string, MembersMove, unknown[]]>([
    [
      'stay with the role that lists them if no list is exact',
      into(7, who(10, 101)),
      [['members.move:7', 'R7', 7, [10]]],
    ],
    [
      'are listed under the role with the exact list',
      into(7, who(10, 100), who(11, 101)),
      [
        ['members.move:7', 'R7', 7, [11]],
        ['members.move/too-many:100:7', 'R100', 100, [10]],
      ],
    ],
    [
      'are listed under the role that they are removed from, by its final name',
      into(7, who(10, 101, 'taken-out'), who(11, 102, 'role-deleted')),
      [
        ['members.move/too-many:101:7', 'Renamed', 101, [10]],
        ['members.move/too-many:102:7', 'R102', 102, [11]],
      ],
    ],
    [
      'are one difference per role',
      into(7, who(10, 100), who(11, 101, 'taken-out'), who(12, 100)),
      [
        ['members.move/too-many:100:7', 'R100', 100, [10, 12]],
        ['members.move/too-many:101:7', 'Renamed', 101, [11]],
      ],
    ],
  ])('%s', (_, change, expected) => expect(parts(listUnderCurrentRole([change], ROLES))).toEqual(expected));

  it('have their own counts and requests', () => {
    const change = {
      ...into(7, who(12, 102, 'taken-out'), who(10, 101), who(11, 3), who(13, 101)),
      before: [],
    };
    const [missing, tooMany] = listUnderCurrentRole([change], ROLES);
    expect(missing).toMatchObject({
      before: [
        { role: 'R101', people: 2 },
        { role: 'R3', people: 1 },
      ],
      after: { role: 'R7', people: 3 },
      requests: [{ body: [10, 11, 13] }],
    });
    expect(tooMany).toMatchObject({
      before: [{ role: 'R102', people: 1 }],
      after: { role: 'R7', people: 1 },
      requests: [{ body: [12] }],
    });
  });

  it('keep the order of other changes, which depend on all parts of a move', () => {
    const split = into(7, who(10, 100), who(11, 3));
    const grants = { ...grantsSet(7, [], []), dependsOn: [split.id, asChangeId('a')] };
    const [, , rest] = listUnderCurrentRole([split, grants], ROLES);
    expect(rest).toEqual({ ...grants, dependsOn: ['a', 'members.move/too-many:100:7', 'members.move:7'] });
  });
});

describe('the missing and extra people of each role', () => {
  const label = ({ role, missing, extra }: ReturnType<typeof driftMembers>[number]): unknown[] => [
    role,
    missing.map(({ id, from }) => `${id} <- ${from}`),
    extra.map(({ id, to }) => `${id} -> ${to}`),
  ];

  it.each<[string, Change[], unknown[]]>([
    ['are none without moves', [grantsSet(7, [], [])], []],
    [
      'are missing if a role lists them',
      [into(7, who(11, 3), who(10, 101))],
      [['R7', ['10 <- R101', '11 <- R3'], []]],
    ],
    [
      'are extra in an exact list and missing from the role that lists them',
      [into(7, who(10, 100))],
      [
        ['R100', [], ['10 -> R7']],
        ['R7', ['10 <- R100'], []],
      ],
    ],
    [
      'are extra without a target if no role lists them',
      [into(7, who(12, 101, 'taken-out'), who(10, 101, 'taken-out'))],
      [['Renamed', [], ['10 -> null', '12 -> null']]],
    ],
    [
      'are sorted by the name of the role, over all changes',
      [into(9, who(10, 100)), into(7, who(11, 100), who(12, 3))],
      [
        ['R100', [], ['10 -> R9', '11 -> R7']],
        ['R7', ['11 <- R100', '12 <- R3'], []],
        ['R9', ['10 <- R100'], []],
      ],
    ],
  ])('%s', (_, changes, expected) => expect(driftMembers(changes, ROLES).map(label)).toEqual(expected));

  it('are separate for two roles with the same name', () => {
    const changes = [into(8, who(10, 3)), into(7, who(11, 3))].map((one) => ({
      ...one,
      after: { ...one.after, role: 'Twin' },
    }));
    expect(driftMembers(changes, ROLES).map(({ role, roleId }) => [role, roleId])).toEqual([
      ['Twin', 7],
      ['Twin', 8],
    ]);
  });
});
