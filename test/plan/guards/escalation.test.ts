import { describe, expect, it } from '@jest/globals';
import type { Grant } from '../../../src/model/grant.js';
import type { LiveRole, Snapshot } from '../../../src/model/snapshot.js';
import { stateOf } from '../../../src/model/state.js';
import { emptyRolesWithProtected, escalation } from '../../../src/plan/guards/escalation.js';
import { grantShifts } from '../../../src/plan/review/grant-shifts.js';
import { liveRole, person, snapshotOf } from '../../support/arbitraries.js';
import { endOf, guardInput } from '../../support/guard-input.js';

const TEAM = liveRole(100, 'Team', ['a.view']);
const POWER = liveRole(101, 'Power', ['user.edit']);
/** p10 is in Team, p11 in Power; p1 is an administrator. */
const world = (
  places: readonly (readonly [number, number])[] = [],
  custom: readonly LiveRole[] = [TEAM, POWER],
  parts: Partial<Snapshot> = {},
): Snapshot => {
  const where = new Map<number, number>([[10, 100], [11, 101], ...places]);
  return snapshotOf({ custom, persons: [...where].map(([id, roleId]) => person(id, roleId)), ...parts });
};
const TEAM_WITH = (...grants: Grant[]): LiveRole[] => [{ ...TEAM, grants: ['a.view', ...grants] }, POWER];

const refused = (live: Snapshot, end: Snapshot, protectedGrants: readonly Grant[] | null = null): unknown =>
  escalation(guardInput(live, end, { policy: { protectedGrants } }));

describe('escalation', () => {
  it.each<[string, Snapshot, Snapshot]>([
    ['no change', world(), world()],
    ['the gain of a grant that is not protected', world(), world([], TEAM_WITH('b.view'))],
    ['the loss of a protected grant', world(), world([[11, 100]])],
    [
      'a move between two roles that hold it',
      world([], [TEAM, POWER, liveRole(102, 'P2', ['user.edit'])]),
      world([[11, 102]], [TEAM, POWER, liveRole(102, 'P2', ['user.edit'])]),
    ],
    ['a role without people that gains it', world([[10, 4]]), world([[10, 4]], TEAM_WITH('user.edit'))],
    [
      'a new role without people',
      world([], [TEAM, POWER]),
      world([], [TEAM, POWER, liveRole(102, 'N', ['user.edit'])]),
    ],
    [
      'a default role that held it before',
      world([], undefined, { defaultRoleId: 101 }),
      world([], undefined, { defaultRoleId: 101 }),
    ],
    [
      'another default role that holds the same',
      world([], [TEAM, POWER, liveRole(102, 'P2', ['user.edit'])], { defaultRoleId: 101 }),
      world([], [TEAM, POWER, liveRole(102, 'P2', ['user.edit'])], { defaultRoleId: 102 }),
    ],
  ])('passes %s', (_, live, end) => expect(refused(live, end)).toBeNull());

  it.each<[string, Snapshot, Snapshot, number, string, string[]]>([
    [
      'a move into a role that holds it',
      world(),
      world([[10, 101]]),
      1,
      '1 person gains a protected grant',
      ['p10@acme.com gains user.edit'],
    ],
    [
      'a role with people that gains it',
      world(),
      world([], TEAM_WITH('user.edit')),
      1,
      '1 person gains a protected grant',
      ['p10@acme.com gains user.edit'],
    ],
    [
      'two gains of one person, counted as one person',
      world(),
      world([], TEAM_WITH('a.admin', 'user.edit')),
      1,
      '1 person gains a protected grant',
      ['p10@acme.com gains a.admin', 'p10@acme.com gains user.edit'],
    ],
    [
      'two people',
      world([[12, 100]]),
      world([[12, 100]], TEAM_WITH('user.edit')),
      2,
      '2 people gain a protected grant',
      ['p10@acme.com gains user.edit', 'p12@acme.com gains user.edit'],
    ],
    [
      'a default role that gains it, with no one in it',
      world([[10, 4]], undefined, { defaultRoleId: 100 }),
      world([[10, 4]], TEAM_WITH('user.edit'), { defaultRoleId: 100 }),
      0,
      'new people in the default role would gain a protected grant',
      ['new people in the default role "Team" gain user.edit'],
    ],
    [
      'another default role that holds it',
      world([], undefined, { defaultRoleId: 100 }),
      world([], undefined, { defaultRoleId: 101 }),
      0,
      'new people in the default role would gain a protected grant',
      ['new people in the default role "Power" gain user.edit'],
    ],
    [
      'both at once',
      world([], undefined, { defaultRoleId: 100 }),
      world([], TEAM_WITH('user.edit'), { defaultRoleId: 100 }),
      1,
      '1 person gains a protected grant, and so do new people in the default role',
      ['new people in the default role "Team" gain user.edit', 'p10@acme.com gains user.edit'],
    ],
    [
      'a default role with a hostile name, as one clean line',
      world([], undefined, { defaultRoleId: 100 }),
      world([], [TEAM, { ...POWER, name: 'P"\n\u202e' }], { defaultRoleId: 101 }),
      0,
      'new people in the default role would gain a protected grant',
      ['new people in the default role "P\\"\\n\\u202e" gain user.edit'],
    ],
  ])('refuses %s', (_, live, end, figure, message, items) =>
    expect(refused(live, end)).toEqual({
      code: 'escalation',
      message,
      figure,
      limit: 0,
      key: 'policy.protectedGrants',
      flag: '--allow escalation',
      items,
      hint: null,
    }),
  );

  it('uses the list of the policy if there is one', () => {
    const end = world([], TEAM_WITH('b.view', 'user.edit'));
    expect(refused(world(), end, ['b.view'])).toMatchObject({ items: ['p10@acme.com gains b.view'] });
    expect(refused(world(), end, [])).toBeNull();
  });

  it('names a person without an address by id', () => {
    const cohort = {
      from: '#4' as const,
      to: '#1' as const,
      before: [],
      after: ['user.edit'],
      people: [{ ...person(77, 4), email: null }],
      me: false,
    };
    const cohorts = [cohort];
    const input = guardInput(world(), world(), { cohorts, shifts: grantShifts(cohorts) });
    expect(escalation(input)?.items).toEqual(['id 77 gains user.edit']);
  });
});

describe('roles without people that gain protected grants', () => {
  const found = (live: Snapshot, end: Snapshot): unknown =>
    emptyRolesWithProtected({
      live: stateOf(live),
      end: endOf(live, end),
      isProtected: new Set(['a.admin', 'user.edit']),
    });
  const EMPTY = [[10, 4]] as const;

  it.each<[string, Snapshot, Snapshot, unknown]>([
    ['no change', world(EMPTY), world(EMPTY), []],
    ['a role with people', world(), world([], TEAM_WITH('user.edit')), []],
    ['a grant that is not protected', world(EMPTY), world(EMPTY, TEAM_WITH('b.view')), []],
    [
      'an empty role that gains some',
      world(EMPTY),
      world(EMPTY, TEAM_WITH('a.admin', 'b.view', 'user.edit')),
      [{ role: 'Team', grants: ['a.admin', 'user.edit'] }],
    ],
    [
      'an empty role that had one of them',
      world(EMPTY, TEAM_WITH('a.admin')),
      world(EMPTY, TEAM_WITH('a.admin', 'user.edit')),
      [{ role: 'Team', grants: ['user.edit'] }],
    ],
    [
      'a new role without people',
      world([], [TEAM, POWER]),
      world([], [TEAM, POWER, liveRole(102, 'New', ['user.edit'])]),
      [{ role: 'New', grants: ['user.edit'] }],
    ],
    [
      'a new role that people move into',
      world([], [TEAM, POWER]),
      world([[10, 102]], [TEAM, POWER, liveRole(102, 'New', ['user.edit'])]),
      [],
    ],
  ])('%s', (_, live, end, expected) => expect(found(live, end)).toEqual(expected));
});
