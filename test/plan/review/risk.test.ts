import { asChangeId } from '../../support/change-ids.js';
import { describe, expect, it } from '@jest/globals';
import type { Manifest, ManifestRole } from '../../../src/manifest/manifest.js';
import type { OrderedChange } from '../../../src/plan/change.js';
import { makePlan } from '../../../src/plan/make-plan.js';
import type { Plan } from '../../../src/plan/plan.js';
import { riskOf } from '../../../src/plan/review/risk.js';
import { exactGrants, liveRole, loadedOf, members, person, snapshotOf } from '../../support/arbitraries.js';
import { wantedRole, WIDE_POLICY } from '../../support/arbitraries.js';

const live = snapshotOf({
  custom: [
    liveRole(100, 'Team', ['a.view', 'b.view']),
    liveRole(101, 'Exports', ['b.export', 'b.view', 'c.use']),
    liveRole(102, 'Admins', ['user.edit']),
  ],
  persons: [person(1, 1), person(10, 100), person(11, 101)],
});

function plan(roles: readonly ManifestRole[], more: Partial<Manifest> = {}): Plan {
  const policy = { ...WIDE_POLICY, protectedGrants: ['user.edit'] };
  return makePlan(loadedOf({ roles, policy, ...more }), live, {
    now: '2026-01-01T00:00:00.000Z',
    version: '0',
    requestsFor: () => [],
  });
}

type Seen = readonly (readonly [id: string, level: string, ...reasons: string[]])[];
const risks = ({ changes }: Plan): Seen =>
  changes.map(({ id, risk }) => [id, risk.level, ...risk.reasons] as const);
const counts = ({ summary: { grantsAdded, grantsRemoved } }: Plan): number[] => [grantsAdded, grantsRemoved];

describe('the risk and the counts of changes', () => {
  it.each<[string, ManifestRole[], Seen, [added: number, removed: number]]>([
    [
      'of a new role that starts from Social, whose grants no one loses',
      [wantedRole('New', { grants: exactGrants('a.view', 'b.view') })],
      [
        ['role.create:New', 'low'],
        ['grants.set:New', 'low'],
      ],
      [2, 0],
    ],
    [
      'of a new role that keeps its initial grants',
      [wantedRole('New')],
      [['role.create:New', 'low']],
      [1, 0],
    ],
    [
      'of a new role that keeps a protected grant from its start',
      [wantedRole('New', { basedOn: 'Admins' })],
      [['role.create:New', 'highest', 'adds protected user.edit to a role without people']],
      [1, 0],
    ],
    [
      'of a new role that gets a protected grant',
      [wantedRole('New', { grants: exactGrants('user.edit'), members: members('additive', 10) })],
      [
        ['role.create:New', 'low'],
        ['grants.set:New', 'highest', 'adds protected user.edit'],
        ['members.move:New', 'highest', 'people gain protected user.edit'],
      ],
      [1, 0],
    ],
    [
      'of a live role that loses a grant and gets another',
      [wantedRole('Team', { grants: exactGrants('a.view', 'c.use') })],
      [['grants.set:Team', 'medium', 'takes away 1 grant']],
      [1, 1],
    ],
    [
      'of a split whose two writes remove one grant each',
      [
        wantedRole('Team', { members: members('additive', 11) }),
        wantedRole('Exports', {
          grants: exactGrants('a.edit', 'a.view', 'c.use'),
          members: members('additive', 10),
        }),
      ],
      [
        ['grants.set/before-moves:Exports', 'medium', 'takes away 1 grant'],
        ['members.move:Exports', 'medium', 'people lose grants'],
        ['members.move:Team', 'medium', 'people lose grants'],
        ['grants.set/after-moves:Exports', 'medium', 'takes away 1 grant'],
      ],
      [2, 2],
    ],
  ])('%s', (_, roles, seen, figures) => {
    const made = plan(roles);
    expect(risks(made)).toEqual(seen);
    expect(counts(made)).toEqual(figures);
  });

  it('of the first write of a split exclude grants that the second restores', () => {
    const change: OrderedChange = {
      id: asChangeId('x'),
      kind: 'grants.set',
      step: 'before-moves',
      stage: 'before-moves',
      role: 'Team',
      roleId: 100,
      before: ['a', 'b', 'c'],
      after: ['a'],
      note: null,
      dependsOn: [],
    };
    const sides = { had: ['a', 'b', 'c'], has: ['a', 'b'] };
    const risk = riskOf(change, {
      isProtected: new Set(),
      moveShifts: new Map(),
      defaultGrants: sides,
      grantsOf: () => sides,
      isInhabited: () => true,
    });
    expect(risk).toEqual({ level: 'medium', reasons: ['takes away 1 grant'] });
  });

  it('of a default role count protected grants that the previous one lacks', () => {
    expect(risks(plan([], { defaultRole: 'Admins' }))).toEqual([
      ['defaultRole.set', 'highest', 'new people get protected user.edit'],
    ]);
    const made = makePlan(
      loadedOf({ defaultRole: 'Admins', policy: { ...WIDE_POLICY, protectedGrants: ['user.edit'] } }),
      { ...live, roles: [...live.roles, liveRole(103, 'Others', ['user.edit'])], defaultRoleId: 103 },
      { now: '2026-01-01T00:00:00.000Z', version: '0', requestsFor: () => [] },
    );
    expect(risks(made)).toEqual([['defaultRole.set', 'medium', 'new people without a role get this one']]);
  });
});

describe('the limit of grant changes', () => {
  const many = ['a.admin', 'a.edit', 'a.view', 'b.edit', 'b.export', 'b.view', 'c.use'];
  const wide = snapshotOf({
    custom: [100, 101, 102, 103].map((id) => liveRole(id, `Role ${id}`, many)),
  });
  const refused = (changed: number): (number | null)[][] => {
    const roles = [100, 101, 102, 103]
      .slice(0, changed)
      .map((id) => wantedRole(`Role ${id}`, { grants: exactGrants() }));
    const policy = { ...WIDE_POLICY, maxGrantChanges: { percent: 50, floor: 1 } };
    const { refusals } = makePlan(loadedOf({ roles, policy }), wide, {
      now: '2026-01-01T00:00:00.000Z',
      version: '0',
      requestsFor: () => [],
    });
    return refusals.flatMap(({ code, figure, limit }) =>
      code === 'max-grant-changes' ? [[figure, limit]] : [],
    );
  };

  it.each<[string, number, number[][]]>([
    ['half of the grants of custom roles', 2, []],
    ['more than half of them, although it would be less with those of system roles', 3, [[21, 14]]],
  ])('is a share of the grants in custom roles: %s', (_, changed, expected) =>
    expect(refused(changed)).toEqual(expected),
  );
});
