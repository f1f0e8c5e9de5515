import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { resolveDesiredState } from '../../src/desired/resolve.js';
import { compareStates } from '../../src/diff/compare.js';
import type { Manifest } from '../../src/manifest/manifest.js';
import type { AcceptedDifference, Policy } from '../../src/model/policy.js';
import { stateOf } from '../../src/model/state.js';
import {
  anySnapshot,
  exactGrants,
  liveRole,
  loadedOf,
  members,
  person,
  snapshotOf,
  wantedRole,
  WIDE_POLICY,
} from '../support/arbitraries.js';
import { acceptedEntry, codesOf } from '../support/desired.js';
import { placeAt, withPlaces } from '../support/places.js';

const NOW = '2027-01-01T00:00:00.000Z';
const LIVE = snapshotOf({
  custom: [
    { ...liveRole(100, 'A', ['a.view']), description: 'live' },
    liveRole(101, 'B'),
    liveRole(102, 'C'),
  ],
  persons: [person(10, 100), person(11, 101)],
});

type Options = Partial<Parameters<typeof resolveDesiredState>[2]>;

function resolved(parts: Partial<Manifest>, options: Options = {}): ReturnType<typeof resolveDesiredState> {
  return resolveDesiredState(withPlaces(loadedOf(parts)), LIVE, { now: NOW, ...options });
}

const policyWith = (parts: Partial<Policy>): Partial<Manifest> => ({ policy: { ...WIDE_POLICY, ...parts } });
const accepting = (...entries: Partial<AcceptedDifference>[]): Partial<Manifest> =>
  policyWith({ acceptedDrift: entries.map(acceptedEntry), removedMembersTo: 'Participant' });

/** The differences from live state: kinds, with the role if there is one. */
function differencesOf(parts: Partial<Manifest>, options: Options = {}): string[] {
  return compareStates(stateOf(LIVE), resolved(parts, options).target.state).map((difference) => {
    const key =
      'key' in difference
        ? difference.key
        : 'before' in difference && typeof difference.before === 'object' && 'key' in difference.before
          ? difference.before.key
          : '';
    return `${difference.kind} ${key}`.trim();
  });
}

const A: Partial<Manifest> = {
  defaultRole: 'Editor',
  allowlist: ['A'],
  roles: [
    wantedRole('A', { description: 'new', grants: exactGrants('b.view'), members: members('exact', 11) }),
  ],
};
const ALL = ['text #100', 'grants #100', 'placement', 'placement', 'default-role', 'allowlist'];

describe('resolveDesiredState', () => {
  it('changes nothing for a manifest that manages nothing', () => {
    fc.assert(
      fc.property(anySnapshot, (snapshot) => {
        const { target } = resolveDesiredState(loadedOf({}), snapshot, { now: NOW });
        expect(compareStates(stateOf(snapshot), target.state)).toEqual([]);
      }),
    );
  });

  it.each<[string, Partial<AcceptedDifference>[], string[]]>([
    ['nothing', [], ALL],
    ['a description', [{ what: 'description', role: 'A' }], ALL.filter((one) => !one.startsWith('text'))],
    ['grants', [{ what: 'grants', role: 'A' }], ALL.filter((one) => !one.startsWith('grants'))],
    ['members', [{ what: 'members', role: 'A' }], ALL.filter((one) => one !== 'placement')],
    ['the default role', [{ what: 'defaultRole' }], ALL.filter((one) => one !== 'default-role')],
    ['the allowlist', [{ what: 'allowlist' }], ALL.filter((one) => one !== 'allowlist')],
    ['grants of another role', [{ what: 'grants', role: 'B' }], ALL],
    ['grants until yesterday', [{ what: 'grants', role: 'A', until: '2026-12-31' }], ALL],
    [
      'grants until today',
      [{ what: 'grants', role: 'A', until: '2027-01-01' }],
      ALL.filter((one) => !one.startsWith('grants')),
    ],
  ])('does not change accepted drift: %s', (_, entries, differences) => {
    expect(differencesOf({ ...A, ...accepting(...entries) })).toEqual(differences);
  });

  it.each<[string, Partial<AcceptedDifference>[], string[], number]>([
    ['nothing', [], [], 0],
    ['a difference', [{ what: 'grants', role: 'A' }], [], 1],
    ['an entry without a difference', [{ what: 'grants', role: 'B' }], ['accepted-drift-unused'], 0],
    ['an expired entry', [{ what: 'grants', role: 'A', until: '2026-12-31' }], ['accepted-drift-expired'], 0],
    ['an unknown role', [{ what: 'grants', role: 'Gone' }], ['unknown-role', 'accepted-drift-unused'], 0],
    [
      'an unmanaged role that was deleted',
      [{ what: 'unmanaged', role: 'Gone' }],
      ['accepted-drift-unused'],
      0,
    ],
  ])('lists accepted drift: %s', (_, entries, codes, count) => {
    const { findings } = resolved({ ...A, ...accepting(...entries) });
    expect(codesOf(findings)).toEqual(codes);
    expect(findings.accepted).toHaveLength(count);
  });

  it('reports an unknown role of accepted drift at its place', () => {
    const { findings } = resolved(accepting({ what: 'grants', role: 'A' }, { what: 'grants', role: 'Gone' }));
    expect(findings.problems).toMatchObject([{ where: placeAt('policy', 'acceptedDrift', 1, 'role') }]);
  });

  it.each<[Policy['unmanagedRoles'], Partial<AcceptedDifference>[], string[], string[]]>([
    ['report', [], ['B', 'C'], []],
    ['ignore', [], ['B', 'C'], []],
    ['fail', [], ['B', 'C'], []],
    ['delete', [], ['B', 'C'], ['placement', 'role-extra #101', 'role-extra #102']],
    ['delete', [{ what: 'unmanaged', role: 'B' }], ['C'], ['role-extra #102']],
    ['delete', [{ what: 'unmanaged' }], [], []],
    ['fail', [{ what: 'unmanaged', role: 'B' }], ['C'], []],
  ])('with unmanaged roles under %s and %j accepted', (unmanagedRoles, entries, names, differences) => {
    const acceptedDrift = entries.map(acceptedEntry);
    const parts = {
      roles: [wantedRole('A')],
      ...policyWith({ unmanagedRoles, acceptedDrift, removedMembersTo: 'Participant' }),
    };
    expect(resolved(parts).findings.unmanaged.map(({ name }) => name)).toEqual(names);
    expect(differencesOf(parts).sort()).toEqual(differences);
  });

  it('does not accept members of a role that is yet to be created', () => {
    const roles = [wantedRole('New', { members: members('exact', 10) })];
    expect(differencesOf({ roles, ...accepting({ role: 'New' }) })).toContain('placement');
  });

  it.each<[boolean | undefined, string[]]>([
    [undefined, []],
    [false, []],
    [true, ['left-out-person']],
  ])('lists missing people, and warns of them if they may be left out (%s)', (allowMissing, codes) => {
    const parts = { roles: [wantedRole('A', { members: members('additive', 10, 404) })] };
    const { findings } = resolved(parts, allowMissing === undefined ? {} : { allowMissing });
    expect(codesOf(findings)).toEqual(codes);
    expect(findings.missingPeople).toEqual(['id 404']);
    expect(findings.missingIn.map(({ role }) => role)).toEqual(['A']);
  });

  it('treats a role that an interrupted run created as the role that it was to start from', () => {
    const roles = [wantedRole('A', { grants: { ...exactGrants('b.view'), mode: 'additive' } })];
    const unfinished = new Map([[100, ['c.use']]]);
    const grantsOf = (options: Options): unknown =>
      resolved({ roles }, options).target.state.roles.get('#100')?.grants;
    expect(grantsOf({})).toEqual(['a.view', 'b.view']);
    expect(grantsOf({ unfinished: new Map() })).toEqual(['a.view', 'b.view']);
    expect(grantsOf({ unfinished })).toEqual(['b.view', 'c.use']);
  });

  it.each([
    ['', 'A', wantedRole('A', { grants: exactGrants('b.view') })],
    [' and that is renamed', 'New', wantedRole('New', { renamedFrom: ['A'], grants: exactGrants('b.view') })],
  ])('accepts no difference in a role that an interrupted run created%s', (_, role, wanted) => {
    const accepted = { what: 'grants', role, people: null, reason: 'x', until: '2099-12-31' } as const;
    const policy = { ...WIDE_POLICY, acceptedDrift: [accepted] };
    const grantsOf = (options: Options): unknown =>
      resolved({ roles: [wanted], policy }, options).target.state.roles.get('#100')?.grants;
    expect(grantsOf({})).toEqual(['a.view']);
    expect(grantsOf({ unfinished: new Map([[100, ['c.use']]]) })).toEqual(['b.view']);
  });

  it('accepts no members of a role that an interrupted run created', () => {
    const parts = {
      ...accepting({ role: 'A' }),
      roles: [wantedRole('A', { members: members('additive', 11) })],
    };
    const unfinished = new Map([[100, ['a.view']]]);
    expect(differencesOf(parts)).toEqual([]);
    expect(differencesOf(parts, { unfinished })).toContain('placement');
  });

  it('contains the input of a plan: managed roles, starts, reasons, and whether the allowlist is managed', () => {
    const roles = [wantedRole('A'), wantedRole('New', { members: members('additive', 11) })];
    const { target } = resolved({ roles });
    expect([...target.managed]).toEqual(['#100', 'new:New']);
    expect([...target.starts.keys()]).toEqual(['new:New']);
    expect([...target.why]).toEqual([[11, 'listed']]);
    expect(target.managesAllowlist).toBe(false);
    expect(resolved({ allowlist: 'off' }).target.managesAllowlist).toBe(true);
  });

  it('lists grants that are kept because others need them, and people without a place', () => {
    const live = snapshotOf({
      custom: [liveRole(100, 'A', ['a.edit', 'a.view'])],
      persons: [person(10, 100)],
    });
    const roles = [wantedRole('A', { grants: exactGrants('a.edit'), members: members('exact') })];
    const { findings } = resolveDesiredState(loadedOf({ roles }), live, { now: NOW });
    expect(findings.retained.map(({ role }) => role)).toEqual(['A']);
    expect([...findings.unplaced]).toEqual([10]);
    expect(codesOf(findings)).toEqual(['no-destination']);
  });

  it('warns of exact members on the default role and of a likely rename', () => {
    const live = snapshotOf({ custom: [liveRole(100, 'Old', ['a.view'])] });
    const roles = [
      wantedRole('Participant', { members: members('exact') }),
      wantedRole('New', { grants: exactGrants('a.view') }),
    ];
    const { findings } = resolveDesiredState(loadedOf({ roles }), live, { now: NOW });
    expect(codesOf(findings)).toEqual(['exact-default-members', 'looks-like-rename']);
  });
});
