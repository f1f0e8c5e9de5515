import { describe, expect, it } from '@jest/globals';
import { acceptedDifferences } from '../../../src/desired/accepted/accepted-differences.js';
import { acceptedMembers } from '../../../src/desired/accepted/accepted-members.js';
import { resolveDesiredState } from '../../../src/desired/resolve.js';
import type { Manifest } from '../../../src/manifest/manifest.js';
import type { AcceptedDifference } from '../../../src/model/policy.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import {
  exactGrants,
  liveRole,
  loadedOf,
  members,
  person,
  snapshotOf,
  wantedRole,
  WIDE_POLICY,
} from '../../support/arbitraries.js';
import { acceptedEntry } from '../../support/desired.js';

const LIVE = snapshotOf({
  custom: [
    { ...liveRole(100, 'A', ['a.view', 'c.use']), description: 'live' },
    liveRole(101, 'B', ['b.view']),
    liveRole(102, 'Other', ['a.view']),
  ],
  persons: [person(10, 100), person(11, 100), person(12, 101), person(13, 102), person(14, 102, 'support')],
});

const MANIFEST: Partial<Manifest> = {
  defaultRole: 'Editor',
  allowlist: ['A'],
  roles: [
    wantedRole('A', {
      description: 'wanted',
      grants: exactGrants('a.view', 'b.view'),
      members: members('exact', 10, 12, 404),
    }),
    wantedRole('B', { description: '', grants: exactGrants('b.view'), members: members('exact', 13) }),
    wantedRole('New', { grants: exactGrants('a.view'), members: members('exact') }),
  ],
  policy: { ...WIDE_POLICY, removedMembersTo: 'Participant' },
};

function sides(manifest: Partial<Manifest>, snapshot: Snapshot): Parameters<typeof acceptedDifferences>[1] {
  const full = resolveDesiredState(loadedOf(manifest), snapshot, {
    now: '2027-01-01T00:00:00.000Z',
    allowMissing: true,
  });
  return { full, snapshot };
}

function found(
  entry: Partial<AcceptedDifference>,
  live: Snapshot = LIVE,
): ReturnType<typeof acceptedDifferences> {
  return acceptedDifferences([acceptedEntry(entry)], sides(MANIFEST, live));
}

describe('acceptedDifferences', () => {
  it.each<[string, Partial<AcceptedDifference>, object[]]>([
    [
      'the default role',
      { what: 'defaultRole' },
      [{ role: null, difference: 'the default role is Participant, not Editor' }],
    ],
    [
      'the allowlist',
      { what: 'allowlist' },
      [{ role: null, difference: 'the allowlist is off, not A, Editor, Social' }],
    ],
    [
      'a description',
      { what: 'description', role: 'A' },
      [{ role: 'A', difference: 'the description differs' }],
    ],
    ['a description that does not differ', { what: 'description', role: 'B' }, []],
    [
      'grants',
      { what: 'grants', role: 'A' },
      [
        {
          role: 'A',
          difference: 'holds c.use beyond the manifest; lacks b.view',
          grants: { extra: ['c.use'], missing: ['b.view'] },
        },
      ],
    ],
    ['grants that do not differ', { what: 'grants', role: 'B' }, []],
    ['grants of a role to be created', { what: 'grants', role: 'New' }, []],
    ['grants of an unknown role', { what: 'grants', role: 'Gone' }, []],
    [
      'all unmanaged roles',
      { what: 'unmanaged' },
      [
        {
          role: 'Other',
          acceptedFor: 'Other',
          difference: 'the role is not in the manifest',
          people: [{ id: 13, email: 'p13@acme.com', from: 'Other', to: null }],
          grants: { extra: ['a.view'], missing: [] },
        },
      ],
    ],
    ['one unmanaged role', { what: 'unmanaged', role: 'Other' }, [{ role: 'Other' }]],
    ['an unmanaged role that was deleted', { what: 'unmanaged', role: 'Gone' }, []],
    ['members of a role to be created', { role: 'New' }, []],
    [
      'members, under both roles concerned',
      { role: 'A' },
      [
        {
          role: 'A',
          acceptedFor: 'A',
          difference:
            '1 more than the manifest lists; 1 listed and not in it; 1 listed and not on the instance',
        },
        { role: 'B', acceptedFor: 'A', difference: '1 more than the manifest lists' },
      ],
    ],
    [
      'one person who is listed elsewhere',
      { role: 'B', people: [{ id: 13 }] },
      [
        { role: 'B', difference: '1 listed and not in it' },
        { role: 'Other', difference: '1 more than the manifest lists' },
      ],
    ],
  ])('%s', (_, entry, accepted) => {
    const result = found(entry);
    expect(result.accepted).toHaveLength(accepted.length);
    expect(result.accepted).toMatchObject(accepted);
    expect(result.unmatched).toHaveLength(accepted.length > 0 ? 0 : 1);
  });

  it('carries subject, reason and day of the entry, and lists that may be empty', () => {
    expect(found({ what: 'description', role: 'A', reason: 'TICKET', until: '2098-01-01' }).accepted).toEqual(
      [
        {
          what: 'description',
          role: 'A',
          reason: 'TICKET',
          until: '2098-01-01',
          difference: 'the description differs',
          acceptedFor: 'A',
          people: [],
          grants: { extra: [], missing: [] },
        },
      ],
    );
  });

  it.each<[string, Partial<Snapshot>, string]>([
    ['a default role without a difference', { defaultRoleId: 3 }, 'defaultRole'],
    ['an allowlist without a difference', { defaultRoleId: 3, allowlist: [3, 5, 100] }, 'allowlist'],
  ])('matches nothing: %s', (_, live, what) => {
    expect(found({ what: what as 'allowlist' }, { ...LIVE, ...live }).accepted).toEqual([]);
  });

  it('shows a live list as names', () => {
    const live = { ...LIVE, allowlist: [5, 4] };
    expect(found({ what: 'allowlist' }, live).accepted).toMatchObject([
      { difference: 'the allowlist is Participant, Social, not A, Editor, Social' },
    ]);
  });

  it('uses end-state names where two roles swap theirs', () => {
    const manifest: Partial<Manifest> = {
      defaultRole: 'A',
      allowlist: ['A'],
      roles: [wantedRole('A', { id: 101 }), wantedRole('B', { id: 100 })],
    };
    const live = { ...LIVE, defaultRoleId: 100, allowlist: [5, 100] };
    const entries = (['defaultRole', 'allowlist'] as const).map((what) => acceptedEntry({ what }));
    const { accepted } = acceptedDifferences(entries, sides(manifest, live));
    expect(accepted.map(({ difference }) => difference)).toEqual([
      'the default role is B, not A',
      'the allowlist is B, Social, not A, Social',
    ]);
  });

  it.each<[string, Partial<AcceptedDifference>, string[]]>([
    ['people who differ', { role: 'A', people: [{ id: 11 }, { email: 'p12@acme.com' }, { id: 404 }] }, []],
    ['a person who does not differ', { role: 'A', people: [{ id: 11 }, { id: 10 }] }, ['id 10']],
    ['an unknown address', { role: 'A', people: [{ id: 11 }, { email: 'z@x.io' }] }, ['z@x.io']],
    ['people without a difference', { role: 'A', people: [{ id: 10 }] }, ['id 10']],
  ])('lists the people of an entry who do not differ: %s', (_, entry, people) => {
    expect(found(entry).unmatched.flatMap((one) => one.people)).toEqual(people);
  });
});

describe('acceptedMembers', () => {
  it.each<[string, Partial<AcceptedDifference>, object[]]>([
    [
      'a whole role: by id, those who are not on the instance too',
      { role: 'A' },
      [
        {
          role: 'A',
          people: [
            { id: 11, email: 'p11@acme.com', from: 'A', to: null },
            { id: 12, email: 'p12@acme.com', from: 'B', to: 'A' },
            { id: 404, email: null, from: null, to: 'A' },
          ],
        },
        { role: 'B', people: [{ id: 12, email: 'p12@acme.com', from: 'B', to: 'A' }] },
      ],
    ],
    [
      'one person by address',
      { role: 'B', people: [{ email: 'p12@acme.com' }] },
      [
        { role: 'B', people: [{ id: 12, email: 'p12@acme.com', from: 'B', to: 'A' }] },
        { role: 'A', people: [{ id: 12, email: 'p12@acme.com', from: 'B', to: 'A' }] },
      ],
    ],
    ['a role in which no one differs', { role: 'Editor' }, []],
  ])('%s', (_, entry, byRole) => {
    expect(acceptedMembers(acceptedEntry(entry), sides(MANIFEST, LIVE)).byRole).toEqual(byRole);
  });

  it('lists people who would leave without a destination', () => {
    const { policy: _policy, ...rest } = MANIFEST;
    const open = sides({ ...rest, policy: WIDE_POLICY }, LIVE);
    const { byRole } = acceptedMembers(acceptedEntry({ role: 'A', people: [{ id: 11 }] }), open);
    expect(byRole).toEqual([{ role: 'A', people: [{ id: 11, email: 'p11@acme.com', from: 'A', to: null }] }]);
  });

  it('leaves out people whose role is deleted', () => {
    const gone = sides({ ...MANIFEST, removed: ['Other'] }, LIVE);
    expect(acceptedMembers(acceptedEntry({ role: 'B', people: [{ id: 13 }] }), gone)).toEqual({
      byRole: [],
      unmatched: ['id 13'],
    });
  });
});
