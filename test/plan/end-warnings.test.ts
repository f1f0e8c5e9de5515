import { describe, expect, it } from '@jest/globals';
import { endWarnings } from '../../src/plan/end-warnings.js';
import { desiredOf } from '../../src/desired/desired.js';
import { endedMembershipsOnly } from '../../src/desired/ended-memberships-only.js';
import { NO_ENDS } from '../../src/desired/members/member-ends.js';
import type { DueEnd } from '../../src/desired/members/member-ends.js';
import { liveKey } from '../../src/model/role.js';
import { stateOf } from '../../src/model/state.js';
import { planBasis } from '../../src/plan/plan-basis.js';
import { memberEntry, person, snapshotOf, WIDE_POLICY } from '../support/arbitraries.js';

const NOW = '2026-12-20T00:00:00.000Z';
const snapshot = snapshotOf({ me: null, persons: [person(1, 1), person(2, 3)] });
const state = stateOf(snapshot);

describe('endWarnings', () => {
  it.each<[number, number, string[]]>([
    [1, 1, ['end-would-be-refused']],
    [0, 1, []],
    [1, 2, []],
  ])('with minAdmins %i, for the end of person %i: %j', (minAdmins, id, codes) => {
    const basis = planBasis(snapshot, desiredOf({ state }), {
      policy: WIDE_POLICY,
      impactLimit: 100,
    });
    const end = { person: id, from: liveKey(id === 1 ? 1 : 3), to: liveKey(4), day: '2026-12-31' };
    const policy = { ...WIDE_POLICY, minAdmins };
    const found = endWarnings(basis, { due: [], upcoming: [end] }, { policy, me: null, now: NOW });
    expect([...new Set(found.map(({ code }) => code))]).toEqual(codes);
  });

  it('is empty without ends', () => {
    const basis = planBasis(snapshot, desiredOf({ state }), {
      policy: WIDE_POLICY,
      impactLimit: 100,
    });
    expect(endWarnings(basis, NO_ENDS, { policy: WIDE_POLICY, me: null, now: NOW })).toEqual([]);
  });
});

describe('endsAlone', () => {
  const due = (parts: Partial<DueEnd>): DueEnd => ({
    person: 2,
    from: liveKey(3),
    role: 'Editor',
    until: '2026-12-01',
    member: memberEntry({ id: 2 }),
    returnsTo: null,
    destination: null,
    problems: [],
    ...parts,
  });

  it.each<[string, Partial<DueEnd>, string | undefined, string[]]>([
    ['returns', { returnsTo: liveKey(4), destination: liveKey(5) }, 'returns', []],
    ['goes to the destination', { destination: liveKey(5) }, 'expired', []],
    [
      'whose role is not live goes to the destination',
      { returnsTo: 'new:X', destination: liveKey(5) },
      'expired',
      [],
    ],
    ['has no live role to go to', { returnsTo: 'new:X' }, undefined, ['end-without-role']],
  ])('a person %s', (_, parts, why, codes) => {
    const whole = desiredOf({ state, ends: { due: [due(parts)], upcoming: [] } });
    const { target, findings } = endedMembershipsOnly(whole, snapshot);
    expect(target.why.get(2)).toBe(why);
    expect(findings.warnings.map(({ code }) => code)).toEqual(codes);
  });
});
