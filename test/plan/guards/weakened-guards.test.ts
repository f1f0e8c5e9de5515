import { describe, expect, it } from '@jest/globals';
import { requestsFor } from '../../../src/apply/requests-for-change.js';
import { makeDrift } from '../../../src/drift/make-drift.js';
import type { Catalogue } from '../../../src/model/grant.js';
import { DEFAULT_POLICY } from '../../../src/model/policy.js';
import type { Policy } from '../../../src/model/policy.js';
import {
  followsFromPolicy,
  unlistedGuards,
  weakenedGuards,
} from '../../../src/plan/guards/weakened-guards.js';
import { makePlan } from '../../../src/plan/make-plan.js';
import { sealPlan } from '../../../src/plan/seal-plan.js';
import type { Plan, WeakenedGuard } from '../../../src/plan/plan.js';
import { verifyPlan } from '../../../src/plan/saved/verify-plan.js';
import {
  CATALOGUE,
  exactGrants,
  liveRole,
  loadedOf,
  person,
  snapshotOf,
  wantedRole,
} from '../../support/arbitraries.js';
import { everyWeakenedGuard } from '../../support/plan-builder.js';

const OPTIONS = { now: '2026-02-01T00:00:00.000Z', version: '0.0.0', requestsFor };
const BASES = { customRoles: 40, people: 335, customGrants: 1200 };

const entry = (grant: string, adminLevel: boolean | null): Catalogue[number] => ({
  grant,
  title: grant,
  group: 'DATA',
  dependsOn: [],
  adminLevel,
  features: [],
});
/**
 * By default `a.admin`, `b.admin` and `authorization.roles` are protected; the catalogue overrides the shipped table.
 */
const SMALL: Catalogue = [
  entry('a.admin', true),
  entry('b.admin', true),
  entry('c.view', false),
  ...CATALOGUE.filter(({ grant }) => grant !== 'a.admin' && grant !== 'b.admin'),
];

function weakened(parts: Partial<Policy>, bases = BASES): WeakenedGuard[] {
  return weakenedGuards({ policy: { ...DEFAULT_POLICY, ...parts }, catalogue: SMALL, bases });
}

describe('weakenedGuards', () => {
  it.each<[string, Partial<Policy>, (string | number)[][]]>([
    ['nothing is set', {}, []],
    ['no administrator is needed', { minAdmins: 0 }, [['min-admins', 'policy.minAdmins', 0, 1]]],
    ['more administrators are needed', { minAdmins: 3 }, []],
    [
      'unmanaged roles are ignored',
      { unmanagedRoles: 'ignore' },
      [['unmanaged-roles', 'policy.unmanagedRoles', 'ignore', 'report']],
    ],
    ['unmanaged roles fail', { unmanagedRoles: 'fail' }, []],
    ['unmanaged roles are deleted', { unmanagedRoles: 'delete' }, []],
    ['deletes: the figure of the default, as a number', { maxDeletes: { count: 8 } }, []],
    ['deletes: one more', { maxDeletes: { count: 9 } }, [['max-deletes', 'policy.maxDeletes', 9, 8]]],
    ['deletes: none', { maxDeletes: { count: 0 } }, []],
    ['moves: the figure of the default, as a number', { maxMoves: { count: 100 } }, []],
    ['moves: one more', { maxMoves: { count: 101 } }, [['max-moves', 'policy.maxMoves', 101, 100]]],
    [
      'moves: a greater share',
      { maxMoves: { percent: 50, floor: 10 } },
      [['max-moves', 'policy.maxMoves', 167, 100]],
    ],
    ['moves: a smaller share', { maxMoves: { percent: 29, floor: 10 } }, []],
    ['grants: the figure of the default', { maxGrantChanges: { count: 360 } }, []],
    [
      'grants: one more',
      { maxGrantChanges: { count: 361 } },
      [['max-grant-changes', 'policy.maxGrantChanges', 361, 360]],
    ],
    [
      'grants: all',
      { maxGrantChanges: { percent: 100, floor: 20 } },
      [['max-grant-changes', 'policy.maxGrantChanges', 1200, 360]],
    ],
  ])('%s', (_, parts, expected) => {
    expect(weakened(parts).map((one) => [one.code, one.key, one.value, one.default])).toEqual(expected);
  });

  it('compares a percentage with the default on this instance', () => {
    const share = { maxMoves: { percent: 50, floor: 10 } };
    // Both result in the minimum of 10.
    expect(weakened(share, { ...BASES, people: 20 })).toEqual([]);
    expect(weakened(share, { ...BASES, people: 22 })).toMatchObject([{ value: 11, default: 10, of: 22 }]);
  });

  it('lists the default protected grants that the policy omits', () => {
    const standard = weakened({ protectedGrants: [] });
    const [all] = standard;
    expect(all?.grants).toContain('a.admin');
    expect(all?.grants).not.toContain('authorization.roles');
    const grants = (all?.grants ?? []).filter((grant) => grant !== 'a.admin');
    expect(weakened({ protectedGrants: [...grants, 'c.view'] })).toEqual([
      {
        code: 'escalation',
        key: 'policy.protectedGrants',
        value: Number(all?.default) - 1,
        default: all?.default,
        of: null,
        grants: ['a.admin'],
      },
    ]);
    expect(weakened({ protectedGrants: [...grants, 'a.admin'] })).toEqual([]);
  });
});

describe('followsFromPolicy', () => {
  const policy: Policy = {
    ...DEFAULT_POLICY,
    minAdmins: 0,
    maxMoves: { count: 200 },
    protectedGrants: ['b.admin'],
  };
  const listed = weakened(policy);
  const with_ = (code: string, parts: Partial<WeakenedGuard>): WeakenedGuard[] =>
    listed.map((one) => (one.code === code ? { ...one, ...parts } : one));

  it.each<[string, readonly WeakenedGuard[], boolean]>([
    ['the unchanged list', listed, true],
    ['counts of another day with matching figures', with_('max-moves', { of: 400, default: 120 }), true],
    ['counts of another day with the old figures', with_('max-moves', { of: 400 }), false],
    ['counts on which the limit is not weaker', with_('max-moves', { of: 1000, default: 300 }), false],
    ['no count', with_('max-moves', { of: null }), false],
    ['another limit than the policy has', with_('max-moves', { value: 100 }), false],
    ['another key', with_('max-moves', { key: 'policy.maxDeletes' }), false],
    ['grants of a limit', with_('max-moves', { grants: ['a.admin'] }), false],
    [
      'without a guard that only the policy decides',
      listed.filter(({ code }) => code !== 'min-admins'),
      false,
    ],
    ['another value of minAdmins', with_('min-admins', { value: 1 }), false],
    ['a duplicate entry', [...listed, ...listed.slice(0, 1)], false],
    [
      'a guard that is not weakened',
      [...listed, ...everyWeakenedGuard().filter(({ code }) => code === 'unmanaged-roles')],
      false,
    ],
    [
      'a grant that the policy protects',
      with_('escalation', { grants: ['b.admin'], value: 1, default: 2 }),
      false,
    ],
    ['no grant', with_('escalation', { grants: [], value: 2, default: 2 }), false],
    ['counts that do not match the grants', with_('escalation', { value: 0 }), false],
    ['a count of something', with_('escalation', { of: 3 }), false],
  ])('%s', (_, guards, expected) => {
    expect(followsFromPolicy(guards, policy)).toBe(expected);
  });

  it('reports no omitted grant if the policy has no list of its own', () => {
    const guards = listed.filter(({ code }) => code === 'escalation');
    expect(followsFromPolicy(guards, DEFAULT_POLICY)).toBe(false);
  });
});

describe('unlistedGuards', () => {
  const [escalation, deletes, , moves, admins] = everyWeakenedGuard() as [
    WeakenedGuard,
    WeakenedGuard,
    WeakenedGuard,
    WeakenedGuard,
    WeakenedGuard,
  ];
  const move = { kind: 'members.move' } as Plan['changes'][number];

  it.each<[string, WeakenedGuard[], WeakenedGuard[], Plan['changes'], unknown[]]>([
    ['a guard that is listed', [admins], [admins], [], []],
    ['a guard that is not', [], [admins], [], [{ code: 'min-admins' }]],
    ['a limit that concerns the plan', [], [moves], [move], [{ code: 'max-moves' }]],
    ['a limit with other figures', [{ ...moves, of: 1 }], [moves], [move], []],
    ['a limit that does not concern the plan', [], [moves, deletes], [], []],
    ['another limit than that of the change', [], [deletes], [move], []],
    [
      'more grants left out',
      [{ ...escalation, grants: ['user.edit'] }],
      [escalation],
      [],
      [{ grants: ['account.admin'] }],
    ],
    ['fewer grants left out', [escalation], [{ ...escalation, grants: ['user.edit'] }], [], []],
  ])('%s', (_, weakenedGuards_, found, changes, expected) => {
    expect(unlistedGuards({ weakenedGuards: weakenedGuards_, changes }, found)).toMatchObject(expected);
    expect(unlistedGuards({ weakenedGuards: weakenedGuards_, changes }, found)).toHaveLength(expected.length);
  });
});

describe('a plan and a drift document', () => {
  const live = snapshotOf({
    custom: [liveRole(100, 'Alpha', ['a.view', 'b.export'])],
    persons: [person(1, 1), person(10, 100)],
  });
  const accepted = { role: 'Alpha', what: 'description', people: null, reason: 'TICKET-7' } as const;
  const policy: Policy = {
    ...DEFAULT_POLICY,
    minAdmins: 0,
    maxGrantChanges: { count: 21 },
    acceptedDrift: [
      { ...accepted, until: '2026-01-31' },
      { ...accepted, until: '2026-02-01' },
    ],
  };
  const loaded = loadedOf({
    roles: [wantedRole('Alpha', { description: 'Other', grants: exactGrants('a.view') })],
    policy,
  });

  it('contain the same weakened guards and the current accepted drift', () => {
    const expected = {
      weakenedGuards: [
        { code: 'max-grant-changes', value: 21, default: 20, of: 2 },
        { code: 'min-admins', value: 0, default: 1 },
      ],
      acceptedDrift: [{ ...accepted, until: '2026-02-01' }],
    };
    expect(makePlan(loaded, live, OPTIONS)).toMatchObject(expected);
    expect(makeDrift(loaded, live, OPTIONS)).toMatchObject(expected);
  });

  it.each([
    ['by the counts of the instance', 0, 335],
    ['by who was read, if the instance does not count', null, 1],
  ])('count people %s when not everyone was read', (_, others, of) => {
    const few = {
      ...live,
      people: { scope: 'admins' as const, list: [person(1, 1)] },
      roles: live.roles.map((role) => ({ ...role, userCount: role.id === 1 ? 335 : others })),
    };
    const wide = loadedOf({ policy: { ...DEFAULT_POLICY, maxMoves: { count: 101 } } });
    expect(makePlan(wide, few, OPTIONS).weakenedGuards).toMatchObject([
      { code: 'max-moves', value: 101, of },
    ]);
  });

  const options = { requestsFor, allow: new Map() };
  const codes = (plan: Plan): string[] => verifyPlan(plan, live, options).refusals.map(({ code }) => code);
  const plan = makePlan(loaded, live, OPTIONS);

  it.each<[string, Partial<Plan>, string[]]>([
    ['unchanged', {}, []],
    ['without weakened guards', { weakenedGuards: [] }, ['plan-tampered']],
    [
      'with other figures',
      { weakenedGuards: plan.weakenedGuards.map((one) => ({ ...one, default: 0 })) },
      ['plan-tampered'],
    ],
    ['without accepted drift', { acceptedDrift: [] }, ['plan-tampered']],
    ['with accepted drift that has passed', { acceptedDrift: policy.acceptedDrift }, ['plan-tampered']],
    [
      'without a limit that is weaker on this instance',
      { weakenedGuards: plan.weakenedGuards.filter(({ code }) => code !== 'max-grant-changes') },
      ['stale-plan'],
    ],
  ])('are judged when saved %s', (_, parts, expected) => {
    expect(codes(sealPlan({ ...plan, ...parts }))).toEqual(expected);
  });
});
