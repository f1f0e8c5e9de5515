import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AccessRule } from '../../src/model/access-rule.js';
import { protectedGrants } from '../../src/model/admin-level.js';
import type { AcceptedDrift, Policy, StatedPolicy } from '../../src/model/policy.js';
import { DEFAULT_POLICY } from '../../src/model/policy.js';
import {
  policyOriginWarnings,
  isInForce,
  keysThatChangePlan,
  overlayPolicy,
  overridesOf,
  policyOn,
} from '../../src/model/policy-overlay.js';
import type { PolicyOverlay } from '../../src/model/policy-overlay.js';
import { CATALOGUE } from '../support/arbitraries.js';
import { inputs } from '../support/law.js';

const rule = (name: string, maxPeople: number): AccessRule => ({
  ...{ kind: 'limit', name, level: 'refuse', subject: { role: 'Admin' } },
  ...{ onlyRoles: null, maxPeople, emails: null },
});

const drift = (role: string): AcceptedDrift => ({
  ...{ what: 'grants', role, people: null },
  ...{ reason: 'r', until: '2027-01-31' },
});

const BELOW: Policy = {
  ...DEFAULT_POLICY,
  minAdmins: 3,
  maxMoves: { count: 5 },
  requiredAdmins: [{ email: 'a@x.com' }],
  protectedGrants: ['b.b'],
  acceptedDrift: [drift('A')],
  removedMembersTo: 'Social',
  rules: [rule('few', 9), rule('other', 1)],
};

/** The key, the value of the file, the value in force, and the reported override; null for no override. */
const TABLE: [keyof Policy, unknown, unknown, 'replaced' | 'joined' | null][] = [
  ['unmanagedRoles', 'fail', 'fail', 'replaced'],
  ['unmanagedRoles', 'report', 'report', null],
  ['removedMembersTo', 'Participant', 'Participant', 'replaced'],
  ['removedMembersTo', 'Social', 'Social', null],
  ['minAdmins', 1, 1, 'replaced'],
  ['minAdmins', 3, 3, null],
  ['maxDeletes', { count: 0 }, { count: 0 }, 'replaced'],
  ['maxMoves', { percent: 50, floor: 10 }, { percent: 50, floor: 10 }, 'replaced'],
  ['maxMoves', { count: 5 }, { count: 5 }, null],
  ['maxGrantChanges', { count: 7 }, { count: 7 }, 'replaced'],
  ['acceptedDrift', [], [], 'replaced'],
  ['acceptedDrift', [drift('B')], [drift('B')], 'replaced'],
  ['acceptedDrift', [drift('A')], [drift('A')], null],
  ['requiredAdmins', [], [{ email: 'a@x.com' }], null],
  ['requiredAdmins', [{ email: 'a@x.com' }], [{ email: 'a@x.com' }], null],
  ['requiredAdmins', [{ id: 7 }], [{ email: 'a@x.com' }, { id: 7 }], 'joined'],
  ['protectedGrants', [], ['b.b'], null],
  ['protectedGrants', ['a.a', 'b.b'], ['a.a', 'b.b'], 'joined'],
];

describe('A policy file over a policy', () => {
  it.each(TABLE)('sets %s: %j', (key, value, inForce, effect) => {
    const file: PolicyOverlay = { [key]: value };
    expect(overlayPolicy(BELOW, file)).toEqual({ ...BELOW, [key]: inForce });
    const [override, ...more] = overridesOf(BELOW, file);
    expect(more).toEqual([]);
    expect(override ?? null).toEqual(
      effect && { key: `policy.${key}`, effect, without: BELOW[key], file: value },
    );
  });

  it('joins rules by name; the file wins if both have a name', () => {
    const file = { rules: [rule('few', 2), rule('new', 1), rule('other', 1)] };
    expect(overlayPolicy(BELOW, file).rules).toEqual([rule('few', 2), rule('new', 1), rule('other', 1)]);
    expect(overridesOf(BELOW, file)).toEqual([
      { key: 'policy.rules.few', effect: 'replaced', without: rule('few', 9), file: rule('few', 2) },
      { key: 'policy.rules.new', effect: 'joined', without: null, file: rule('new', 1) },
    ]);
  });

  it('protects its grants in addition to the default ones if the policy lists none', () => {
    const merged = overlayPolicy(DEFAULT_POLICY, { protectedGrants: ['z.z'] });
    expect(overridesOf(DEFAULT_POLICY, { protectedGrants: ['z.z'] })).toEqual([
      { key: 'policy.protectedGrants', effect: 'joined', without: null, file: ['z.z'] },
    ]);
    const onInstance = policyOn(merged, CATALOGUE);
    expect(onInstance).not.toHaveProperty('alsoProtected');
    expect(onInstance.protectedGrants).toEqual([...protectedGrants(CATALOGUE, null), 'z.z'].sort());
  });

  it('ignores the order of accepted drift', () => {
    const two = { ...BELOW, acceptedDrift: [drift('A'), drift('B')] };
    expect(overridesOf(two, { acceptedDrift: [drift('B'), drift('A')] })).toEqual([]);
  });

  it.each<[PolicyOverlay, string[]]>([
    [{ acceptedDrift: [] }, ['policy.acceptedDrift']],
    [{ removedMembersTo: 'Participant' }, ['policy.removedMembersTo']],
    [{ unmanagedRoles: 'delete' }, ['policy.unmanagedRoles']],
    [{ acceptedDrift: [drift('A')], removedMembersTo: 'Social', unmanagedRoles: 'report' }, []],
    [{ minAdmins: 9, maxMoves: { count: 0 }, requiredAdmins: [{ id: 1 }], protectedGrants: ['q.q'] }, []],
  ])('requires another plan with %j: %j', (file, keys) => {
    expect(keysThatChangePlan(BELOW, file)).toEqual(keys);
  });

  it('warns if a pull request could supply it, even as a file named like a revision', () => {
    const origin = { path: 'p.yaml', commit: null, digest: 'sha256:', inWorkingTree: true };
    expect(policyOriginWarnings({ ...origin, inWorkingTree: false })).toEqual([]);
    expect(policyOriginWarnings(origin)).toMatchObject([
      { code: 'policy-in-working-tree', severity: 'warning', where: { file: 'p.yaml' } },
    ]);
    const [named] = policyOriginWarnings({ ...origin, path: 'origin/main:p.yaml' });
    expect(named?.hint).toContain('remove the file');
  });
});

const plain = { noNullPrototype: true } as const;
const anyLimit = fc.oneof(
  fc.record({ count: fc.nat(9) }, plain),
  fc.record({ percent: fc.nat(100), floor: fc.nat(9) }, plain),
);
const anyKeys = {
  unmanagedRoles: fc.constantFrom('ignore', 'report', 'fail', 'delete'),
  removedMembersTo: fc.constantFrom('A', 'B'),
  minAdmins: fc.nat(3),
  requiredAdmins: fc.uniqueArray(fc.record({ id: fc.nat(3) }, plain), { selector: ({ id }) => id }),
  protectedGrants: fc.subarray(['a.a', 'b.b', 'c.c']),
  maxDeletes: anyLimit,
  maxMoves: anyLimit,
  maxGrantChanges: anyLimit,
  acceptedDrift: fc.subarray([drift('A'), drift('B')]),
  rules: fc.subarray([rule('p', 1), rule('q', 2)]),
};
const anyOverlay = fc.record(anyKeys, { requiredKeys: [], ...plain }) as fc.Arbitrary<PolicyOverlay>;
const anyPolicy = anyOverlay.map((overlay): StatedPolicy => ({
  ...DEFAULT_POLICY,
  ...overlay,
  rules: [rule('q', 7)],
}));

describe('Applying a policy file to a policy', () => {
  it('twice has the same result as once, and leaves nothing to override', () => {
    fc.assert(
      fc.property(anyPolicy, anyOverlay, (below, file) => {
        const laid = overlayPolicy(below, file);
        expect(overlayPolicy(laid, file)).toEqual(laid);
        const onInstance = policyOn(laid, CATALOGUE);
        expect(policyOn(overlayPolicy(onInstance, file), CATALOGUE)).toEqual(onInstance);
        expect(overridesOf(onInstance, file)).toEqual([]);
        for (const one of overridesOf(below, file)) expect(isInForce(onInstance, one)).toBe(true);
      }),
      { numRuns: inputs(200) },
    );
  });

  it('never removes joined entries of the manifest or the file', () => {
    fc.assert(
      fc.property(anyPolicy, anyOverlay, (below, file) => {
        const inForce = policyOn(overlayPolicy(below, file), CATALOGUE);
        const guarded = protectedGrants(CATALOGUE, inForce.protectedGrants);
        const before = protectedGrants(CATALOGUE, below.protectedGrants);
        for (const grant of [...before, ...(file.protectedGrants ?? [])]) expect(guarded).toContain(grant);
        for (const one of [...below.requiredAdmins, ...(file.requiredAdmins ?? [])])
          expect(inForce.requiredAdmins).toContainEqual(one);
        const names = inForce.rules.map(({ name }) => name);
        for (const { name } of below.rules) expect(names).toContain(name);
        for (const one of file.rules ?? []) expect(inForce.rules).toContainEqual(one);
      }),
      { numRuns: inputs(200) },
    );
  });
});

describe('isInForce', () => {
  it.each([
    ['a value that is not in force', { key: 'policy.minAdmins', file: 4 }],
    ['an invalid key', { key: 'policy.__proto__', file: {} }],
    ['a different rule', { key: 'policy.rules.few', file: rule('few', 1) }],
    ['people that are not a list', { key: 'policy.requiredAdmins', file: 5 }],
    ['invalid entries', { key: 'policy.acceptedDrift', file: [null] }],
    ['nothing at all', { key: '', file: null }],
  ])('denies %s', (_, claim) => {
    expect(isInForce(BELOW, { effect: 'replaced', without: null, ...claim })).toBe(false);
  });
});
