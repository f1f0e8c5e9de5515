import { describe, expect, it } from '@jest/globals';
import { personFinder } from '../../../src/desired/people/find-people.js';
import { noFindings } from '../../../src/desired/findings.js';
import { checkStatedAddress } from '../../../src/desired/members/member-addresses.js';
import { resolveDesiredState } from '../../../src/desired/resolve.js';
import type { ManifestMember } from '../../../src/manifest/manifest.js';
import {
  liveRole,
  loadedOf,
  memberEntry,
  person,
  snapshotOf,
  wantedRole,
} from '../../support/arbitraries.js';

const NOW = '2026-01-01T00:00:00Z';

const ana = { ...person(10, 100), email: 'ana.silva@acme.com' };
const bo = { ...person(11, 100), email: 'bo@acme.com' };
const cy = { ...person(12, 4), email: 'cy@acme.com' };
const helper = { ...person(13, 4, 'support'), email: 'help@acme.com' };

function findings(...users: ManifestMember[]) {
  const roles = [wantedRole('A', { members: { mode: 'exact', users } })];
  const snapshot = snapshotOf({ custom: [liveRole(100, 'A')], persons: [ana, bo, cy, helper] });
  const policy = { ...loadedOf({}).manifest.policy, removedMembersTo: 'Social' };
  return resolveDesiredState(loadedOf({ roles, policy }), snapshot, { now: NOW }).findings;
}

const byId = (id: number, email: string, parts: Partial<ManifestMember> = {}): ManifestMember =>
  memberEntry({ id }, { email, ...parts });

const codes = ({ problems, refusals, warnings }: ReturnType<typeof findings>): string[] =>
  [...problems, ...refusals, ...warnings].map(({ code }) => code);

describe('an address next to an id', () => {
  it.each<[string, ManifestMember, string[]]>([
    ['is that of the person', byId(10, 'ana.silva@acme.com'), []],
    ['has changed', byId(10, 'ana@old.com'), ['address-changed']],
    ['is that of another account', byId(10, 'cy@acme.com'), ['ambiguous-person']],
    ['is that of an account that no one manages', byId(10, 'help@acme.com'), ['address-changed']],
    ['has changed in an entry that has ended', byId(10, 'ana@old.com', { until: '2025-01-01' }), []],
  ])('%s', (_what, entry, expected) => {
    const found = codes(findings(memberEntry({ email: 'bo@acme.com' }), entry));
    expect(found.filter((code) => code === 'address-changed' || code === 'ambiguous-person')).toEqual(
      expected,
    );
    expect(found.filter((code) => ['address-changed', 'ambiguous-person'].includes(code))).toEqual(
      expected.filter((code) => code !== 'ended-entry'),
    );
  });

  it('is named with the live one', () => {
    const [one] = findings(byId(10, 'ana@old.com')).warnings;
    expect(one).toMatchObject({
      code: 'address-changed',
      hint: 'if it is the same person, write ana.silva@acme.com',
    });
    expect(one?.message).toContain('ana@old.com');
    expect(one?.message).toContain('ana.silva@acme.com');
    const [refused] = findings(byId(10, 'cy@acme.com')).refusals;
    expect(refused?.items).toEqual(['id 10, ana.silva@acme.com', 'id 12, cy@acme.com']);
  });

  it('is compared only next to an id', () => {
    const found = noFindings();
    const find = personFinder([ana, bo]);
    for (const member of [memberEntry({ email: 'bo@acme.com' }), memberEntry({ id: 10 })])
      checkStatedAddress({ member, role: 'A' }, ana, { find, findings: found });
    expect(found).toEqual(noFindings());
  });

  it('never finds anyone: a missing id stays missing, with the live address', () => {
    const { missingIn } = findings(memberEntry({ email: 'bo@acme.com' }), byId(404, 'cy@acme.com'));
    expect(missingIn).toMatchObject([{ ref: { id: 404 }, nearest: 'cy@acme.com' }]);
  });

  it('does not hide that a person is listed twice', () => {
    expect(codes(findings(byId(10, 'ana@old.com'), memberEntry({ email: 'ana.silva@acme.com' })))).toEqual([
      'address-changed',
    ]);
  });
});

describe('a missing and an unlisted person of one role', () => {
  it.each<[string, string, boolean]>([
    ['of nearly the same address', 'ana.silba@acme.com', true],
    ['of the same first name', 'ana.costa@acme.com', true],
    ['of the same name at another place', 'bo@acme.org', true],
    ['of different names', 'zoe.costa@acme.com', false],
    ['of people in different roles', 'cyr@acme.com', false],
  ])('%s', (_what, email, same) => {
    const found = findings(memberEntry({ email })).warnings.filter(
      ({ code }) => code === 'may-be-same-person',
    );
    expect(found).toHaveLength(same ? 1 : 0);
    if (same) expect(found[0]?.message).toContain(email);
  });

  it('are not the same if the other one is listed', () => {
    const listed = findings(memberEntry({ email: 'ana.silba@acme.com' }), memberEntry({ id: 10 }));
    expect(codes(listed)).not.toContain('may-be-same-person');
  });
});
