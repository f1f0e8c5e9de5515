import { describe, expect, it } from '@jest/globals';
import { resolveMembers } from '../../../src/desired/members/resolve-members.js';
import type { ResolvedMembers } from '../../../src/desired/members/resolve-members.js';
import type { Manifest } from '../../../src/manifest/manifest.js';
import type { Person } from '../../../src/model/person.js';
import type { AcceptedDrift } from '../../../src/model/policy.js';
import { liveRole, members, person, snapshotOf, wantedRole, WIDE_POLICY } from '../../support/arbitraries.js';
import { acceptedEntry, codesOf, contextOf } from '../../support/desired.js';
import { placeAt } from '../../support/places.js';

const PEOPLE = [person(10, 100), person(11, 100), person(12, 101)];
const TO_EDITOR = { ...WIDE_POLICY, removedMembersTo: 'Editor' };

interface Options {
  people?: readonly Person[];
  accepted?: readonly AcceptedDrift[];
}

interface Resolved extends ResolvedMembers {
  codes: string[];
  findings: ReturnType<typeof contextOf>['findings'];
}

function resolved(parts: Partial<Manifest>, { people = PEOPLE, accepted = [] }: Options = {}): Resolved {
  const snapshot = snapshotOf({ custom: [liveRole(100, 'A'), liveRole(101, 'B')], persons: people });
  const context = contextOf(parts, snapshot);
  const found = resolveMembers({ ...context, people: snapshot.people.list, accepted, allowMissing: false });
  return { ...found, codes: codesOf(context.findings), findings: context.findings };
}

const exact = (name: string, ...ids: number[]): Manifest['roles'][number] =>
  wantedRole(name, { members: members('exact', ...ids) });
const additive = (name: string, ...ids: number[]): Manifest['roles'][number] =>
  wantedRole(name, { members: members('additive', ...ids) });

/** The end role of each person who moves, and the reason. */
function movesOf({ people, why }: ResolvedMembers): Record<string, string> {
  return Object.fromEntries([...people.moved].map(([id, key]) => [id, `${key} ${why.get(id)}`]));
}

interface Row {
  reason: string;
  parts: Partial<Manifest>;
  options?: Options;
  moves?: Record<string, string>;
  codes?: string[];
  unplaced?: number[];
}

const support = { people: [...PEOPLE, person(13, 100, 'support'), person(14, 100, 'system')] };
const pending = { people: [person(10, 100, 'pending'), person(12, 101)] };
const acceptedIn = (role: string, ...ids: number[]): Options => ({
  accepted: [acceptedEntry({ role, people: ids.length > 0 ? ids.map((id) => ({ id })) : null })],
});

const ROWS: Row[] = [
  { reason: 'members that are not managed', parts: { roles: [wantedRole('A')] } },
  {
    reason: 'additive: those who are in the role stay',
    parts: { roles: [additive('A', 12)] },
    moves: { 12: '#100 listed' },
  },
  { reason: 'additive: a person who is there already', parts: { roles: [additive('A', 10)] } },
  { reason: 'exact: as it is live', parts: { roles: [exact('A', 10, 11)] } },
  {
    reason: 'exact: one joins and one is taken out',
    parts: { roles: [exact('A', 10, 12)], policy: TO_EDITOR },
    moves: { 12: '#100 listed', 11: '#3 taken-out' },
  },
  {
    reason: 'exact: one who leaves for a role that lists them needs no destination',
    parts: { roles: [exact('A', 10), additive('B', 11)] },
    moves: { 11: '#101 listed' },
  },
  {
    reason: 'exact and empty: all leave',
    parts: { roles: [exact('A')], policy: TO_EDITOR },
    moves: { 10: '#3 taken-out', 11: '#3 taken-out' },
  },
  {
    reason: 'exact: no destination',
    parts: { roles: [exact('A', 10)] },
    codes: ['no-destination'],
    unplaced: [11],
  },
  {
    reason: 'exact: support and system accounts are never taken out',
    parts: { roles: [exact('A', 10, 11)] },
    options: support,
  },
  {
    reason: 'exact: pending people are taken out',
    parts: { roles: [exact('A')], policy: TO_EDITOR },
    options: pending,
    moves: { 10: '#3 taken-out' },
  },
  {
    reason: 'pending people are placed',
    parts: { roles: [additive('B', 10)] },
    options: pending,
    moves: { 10: '#101 listed' },
  },
  {
    reason: 'a deleted role: all leave, hidden accounts too',
    parts: { removed: ['A'], policy: TO_EDITOR },
    options: support,
    moves: {
      10: '#3 role-deleted',
      11: '#3 role-deleted',
      13: '#3 role-deleted',
      14: '#3 role-deleted',
    },
  },
  {
    reason: 'a deleted role: those whom another role lists go there',
    parts: { removed: ['A'], roles: [additive('B', 10)], policy: TO_EDITOR },
    moves: { 10: '#101 listed', 11: '#3 role-deleted' },
  },
  {
    reason: 'a deleted role without destination: its people have no role in the end',
    parts: { removed: ['A'] },
    moves: { 10: 'null undefined', 11: 'null undefined' },
    codes: ['no-destination'],
  },
  {
    reason: 'a destination that is not there',
    parts: { roles: [exact('A', 10)], policy: { ...WIDE_POLICY, removedMembersTo: 'Gone' } },
    codes: ['unknown-role'],
    unplaced: [11],
  },
  {
    reason: 'a destination with exact members',
    parts: { roles: [exact('A', 10), exact('B', 12)], policy: { ...WIDE_POLICY, removedMembersTo: 'B' } },
    codes: ['wrong-destination'],
    unplaced: [11],
  },
  {
    reason: 'a destination with additive members',
    parts: { roles: [exact('A', 10), additive('B')], policy: { ...WIDE_POLICY, removedMembersTo: 'B' } },
    moves: { 11: '#101 taken-out' },
  },
  {
    reason: 'an exact list without one entry on the instance: no one is taken out',
    parts: { roles: [exact('A', 404)], policy: TO_EDITOR },
    codes: ['missing-people'],
  },
  {
    reason: 'the same next to a list of which one is found',
    parts: { roles: [exact('A', 404), exact('B', 405, 10)], policy: TO_EDITOR },
    moves: { 10: '#101 listed', 12: '#3 taken-out' },
    codes: ['missing-people'],
  },
  {
    reason: 'a role to be created',
    parts: { roles: [exact('New', 10)] },
    moves: { 10: 'new:New listed' },
  },
  {
    reason: 'accepted in the role they are in: not taken out',
    parts: { roles: [exact('A', 10)] },
    options: acceptedIn('A'),
  },
  {
    reason: 'accepted in the role they are in, one by one',
    parts: { roles: [exact('A')], policy: TO_EDITOR },
    options: acceptedIn('A', 11),
    moves: { 10: '#3 taken-out' },
  },
  {
    reason: 'accepted in the role they are in: not moved to the one that lists them',
    parts: { roles: [additive('B', 10, 11)] },
    options: acceptedIn('A', 10),
    moves: { 11: '#101 listed' },
  },
  {
    reason: 'accepted in the role that lists them: they stay where they are',
    parts: { roles: [additive('B', 10, 11)] },
    options: acceptedIn('B', 10),
    moves: { 11: '#101 listed' },
  },
  {
    reason: 'accepted in a role that is deleted: they leave all the same',
    parts: { removed: ['A'], roles: [additive('B', 10)], policy: TO_EDITOR },
    options: acceptedIn('A'),
    moves: { 10: '#101 listed', 11: '#3 role-deleted' },
  },
];

describe('resolveMembers', () => {
  it.each(ROWS)('$reason', ({ parts, options, moves = {}, codes = [], unplaced = [] }) => {
    const found = resolved(parts, options);
    expect(movesOf(found)).toEqual(moves);
    expect(found.codes).toEqual(codes);
    expect([...found.unplaced]).toEqual(unplaced);
  });

  it.each<[number[], string, string[]]>([
    [[10], '1 person has no role to go to', ['p11@acme.com']],
    [[], '2 people have no role to go to', ['p10@acme.com', 'p11@acme.com']],
  ])('refuses a missing destination with the number and the people (listed: %j)', (ids, message, items) => {
    expect(resolved({ roles: [exact('A', ...ids)] }).findings.refusals).toMatchObject([
      {
        message,
        figure: items.length,
        limit: 0,
        key: 'policy.removedMembersTo',
        items,
        hint: 'set the role that takes them: `policy: { removedMembersTo: … }`',
      },
    ]);
  });

  it('names a person without address by the id', () => {
    const people = [{ ...person(10, 100), email: null }];
    expect(resolved({ roles: [exact('A')] }, { people }).findings.refusals).toMatchObject([
      { items: ['id 10'] },
    ]);
  });

  it.each<[string, Partial<Manifest>, object]>([
    [
      'unknown',
      { roles: [exact('A')], policy: { ...WIDE_POLICY, removedMembersTo: 'Editr' } },
      { code: 'unknown-role', hint: 'did you mean "Editor"?' },
    ],
    [
      'exact',
      { roles: [exact('A', 10, 11)], policy: { ...WIDE_POLICY, removedMembersTo: 'A' } },
      { code: 'wrong-destination', message: 'removedMembersTo names "A", whose members are exact' },
    ],
  ])('reports a destination that is %s at its place', (_, parts, problem) => {
    const where = placeAt('policy', 'removedMembersTo');
    expect(resolved(parts).findings.problems).toMatchObject([{ ...problem, where }]);
  });

  it('lists missing people once each, sorted, and each of their roles', () => {
    const roles = [additive('A', 405, 404), additive('B', 405)];
    const found = resolved({ roles });
    expect(found.missing).toEqual(['id 404', 'id 405']);
    expect(found.missingIn.map(({ role, ref }) => [role, ref])).toEqual([
      ['A', { id: 405 }],
      ['A', { id: 404 }],
      ['B', { id: 405 }],
    ]);
  });
});
