import { describe, expect, it } from '@jest/globals';
import { noFindings } from '../../../src/desired/findings.js';
import { missingItem, nearestAddress, refuseEmptied } from '../../../src/desired/members/missing-people.js';
import type { Manifest } from '../../../src/manifest/manifest.js';
import { parseAllow } from '../../../src/plan/guards/allow.js';
import { makeDrift } from '../../../src/drift/make-drift.js';
import { makePlan } from '../../../src/plan/make-plan.js';
import type { Plan } from '../../../src/plan/plan.js';
import {
  liveRole,
  loadedOf,
  memberEntry,
  person,
  snapshotOf,
  wantedRole,
  WIDE_POLICY,
} from '../../support/arbitraries.js';

const OPTIONS = { now: '2026-02-01T00:00:00.000Z', version: '0', requestsFor: () => [] };
const LIVE = snapshotOf({
  custom: [liveRole(100, 'Team')],
  persons: [
    { ...person(10, 100), email: 'rita.moss@acme.com' },
    { ...person(11, 100), email: 'bo@acme.com' },
    { ...person(12, 4, 'support'), email: 'left@acme.com' },
  ],
});

function listing(mode: 'exact' | 'additive', ...refs: (string | number)[]): Partial<Manifest> {
  const users = refs.map((one, index) =>
    memberEntry(typeof one === 'number' ? { id: one } : { email: one }, {
      where: { file: 'm.txt', line: index + 1, column: 3, endLine: index + 1, endColumn: 4 },
    }),
  );
  const policy = { ...WIDE_POLICY, removedMembersTo: 'Participant' };
  return { roles: [wantedRole('Team', { members: { mode, users } })], policy };
}

function plan(parts: Partial<Manifest>, allowed = false): Plan {
  const allow = parseAllow(allowed ? ['missing-people'] : []);
  return makePlan(loadedOf(parts), LIVE, { ...OPTIONS, allow });
}

describe('A missing person', () => {
  it('is reported with role, place and the nearest live address', () => {
    const { refusals } = plan(listing('additive', 'rita.mos@acme.com', 'zed@acme.com', 404));
    expect(refusals.map(({ code, items }) => [code, items])).toEqual([
      [
        'missing-people',
        [
          'id 404 in role "Team" (m.txt:3:3)',
          'rita.mos@acme.com in role "Team" (m.txt:1:3); the nearest live address is rita.moss@acme.com',
          'zed@acme.com in role "Team" (m.txt:2:3)',
        ],
      ],
    ]);
  });

  it.each([
    ['rita.moss@acme.de', 'rita.moss@acme.com'],
    ['ritamoss@acme.com', 'rita.moss@acme.com'],
    ['b@acme.com', 'bo@acme.com'],
    ['lef@acme.com', null],
    ['ana@acme.com', null],
    ['rita.mossbauer@acme.com', null],
  ])('%s is likely %s', (address, nearest) => {
    const found = plan(listing('additive', address), true).warnings;
    const warnings = found.filter(({ code }) => code === 'left-out-person');
    expect(warnings).toMatchObject([
      {
        code: 'left-out-person',
        file: 'm.txt',
        line: 1,
        hint: nearest === null ? null : `the nearest live address is ${nearest}`,
      },
    ]);
  });

  it('is not matched to a person whom the manifest already lists', () => {
    const { refusals } = plan(listing('additive', 'rita.mos@acme.com', 'rita.moss@acme.com'));
    expect(refusals[0]?.items).toEqual(['rita.mos@acme.com in role "Team" (m.txt:1:3)']);
  });
});

describe('An exact list in which no one is found', () => {
  const parts = listing('exact', 'x@acme.com', 'left@acme.com');

  it.each([false, true])('empties nothing and is refused (allowed: %s)', (allowed) => {
    const { changes, refusals } = plan(parts, allowed);
    expect(changes).toEqual([]);
    expect(refusals.filter(({ flag }) => flag === null)).toMatchObject([
      { code: 'missing-people', message: expect.stringContaining('"Team"') as unknown, figure: 2 },
    ]);
    expect(refusals.length).toBe(allowed ? 1 : 2);
  });

  it('counts as drift because of its missing people alone', () => {
    const drift = makeDrift(loadedOf(parts), LIVE, OPTIONS);
    expect(drift.changes).toEqual([]);
    expect(drift.missingPeople).toEqual(['left@acme.com', 'x@acme.com']);
    expect(drift.summary.differences).toBe(2);
  });

  it.each([
    ['someone is found', listing('exact', 'x@acme.com', 'bo@acme.com')],
    ['it is additive', listing('additive', 'x@acme.com')],
    ['it lists no one on purpose', listing('exact')],
  ])('is not accepted where %s', (_, other) => {
    expect(plan(other, true).refusals).toEqual([]);
  });
});

describe('nearestAddress', () => {
  const people = [
    'rita.moss@acme.com',
    'rita.most@acme.com',
    'al@acme.com',
    'ed@acme.com',
    'zed@acme.com',
  ].map((email, index) => ({
    ...person(10 + index, 4),
    email,
  }));

  it.each<[string, string[], string | null]>([
    ['rita.mos@acme.com', [], 'rita.moss@acme.com'],
    ['rita.mos@acme.com', ['rita.moss@acme.com'], 'rita.most@acme.com'],
    ['rita.moss@acme.c', [], 'rita.moss@acme.com'],
    ['al@acm.org', [], 'al@acme.com'],
    ['al@longer.org', [], null],
    ['bo@acme.com', [], null],
    ['ali@acme.com', [], 'al@acme.com'],
    ['ze@acme.com', [], 'zed@acme.com'],
    ['ad@acme.com', [], 'al@acme.com'],
  ])('of %s, with %j named already, is %s', (address, named, nearest) => {
    expect(nearestAddress(people, new Set(named))(address)).toBe(nearest);
  });

  it('stops after a million comparisons', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => ({
      ...person(index, 4),
      email: `p${index}@acme.com`,
    }));
    const nearest = nearestAddress(many, new Set());
    const found = Array.from({ length: 101 }, () => nearest('p1@acme.co'));
    expect(found).toEqual([...Array.from({ length: 100 }, () => 'p1@acme.com'), null]);
  });
});

describe('refuseEmptied', () => {
  it.each<[string, 'exact' | 'additive', number[], number[], boolean]>([
    ['an exact list of which no entry is found', 'exact', [404, 405], [404, 405], true],
    ['an exact list of which one is found', 'exact', [10, 404], [404], false],
    ['an exact list of which all are found', 'exact', [10], [], false],
    ['an empty exact list', 'exact', [], [], false],
    ['an additive list of which no entry is found', 'additive', [404], [404], false],
  ])('%s', (_, mode, ids, gone, refused) => {
    const refs = ids.map((id) => memberEntry({ id }));
    const loaded = loadedOf({ roles: [wantedRole('Team', { members: { mode, users: refs } })] });
    const missing = gone.map((id) => ({ role: 'Team', ref: { id }, where: null, nearest: null }));
    const findings = noFindings();
    const keys = new Map([['Team', '#100' as const]]);
    expect([...refuseEmptied({ loaded, keys, findings, now: '2026-07-01T00:00:00.000Z' }, missing)]).toEqual(
      refused ? ['#100'] : [],
    );
    expect(findings.refusals).toMatchObject(
      refused
        ? [{ code: 'missing-people', figure: gone.length, limit: 0, items: missing.map(missingItem) }]
        : [],
    );
  });
});
