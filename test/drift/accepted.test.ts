import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ManifestRole } from '../../src/manifest/manifest.js';
import type { AcceptedDifference, AcceptedDrift, PersonRef } from '../../src/model/policy.js';
import type { Accepted } from '../../src/plan/plan.js';
import { makeDrift } from '../../src/drift/make-drift.js';
import { makePlan } from '../../src/plan/make-plan.js';
import { requestsFor } from '../../src/apply/requests-for-change.js';
import { checkSchema } from '../support/check-schema.js';
import {
  liveRole,
  loadedOf,
  members,
  person,
  snapshotOf,
  wantedRole,
  WIDE_POLICY,
} from '../support/arbitraries.js';
import { inputs } from '../support/law.js';

const OPTIONS = { now: '2026-02-01T00:00:00.000Z', version: '0.0.0', requestsFor };

/** Admin is exact and holds an intruder (10); Alpha lists 11, who is in Social; Beta is exact and lists 12, who is in Alpha. */
const live = snapshotOf({
  custom: [liveRole(100, 'Alpha', ['a.view']), liveRole(101, 'Beta'), liveRole(102, 'Stranger', ['b.view'])],
  persons: [person(1, 1), person(10, 1), person(11, 5), person(12, 100), person(13, 102), person(14, 101)],
});
const roles: ManifestRole[] = [
  wantedRole('Admin', { members: members('exact', 1) }),
  wantedRole('Alpha', { members: members('additive', 11, 404) }),
  wantedRole('Beta', { members: members('exact', 12) }),
];

function entry(parts: Partial<AcceptedDifference>): AcceptedDrift {
  return { role: null, what: 'members', people: null, reason: 'TICKET-7', until: '2026-02-01', ...parts };
}

function loaded(...acceptedDrift: AcceptedDrift[]) {
  return loadedOf({
    roles,
    policy: { ...WIDE_POLICY, removedMembersTo: 'Participant', acceptedDrift, unmanagedRoles: 'report' },
  });
}

/** Ids of the people who move. */
function moving(...acceptedDrift: AcceptedDrift[]): number[] {
  const plan = makePlan(loaded(...acceptedDrift), live, {
    ...OPTIONS,
    allow: new Map([['missing-people', null]]),
  });
  const drift = makeDrift(loaded(...acceptedDrift), live, OPTIONS);
  const ids = ({ changes }: Pick<typeof plan, 'changes'>): number[] =>
    changes
      .flatMap((one) => (one.kind === 'members.move' ? one.people.map(({ id }) => id) : []))
      .sort((a, b) => a - b);
  expect(ids(drift)).toEqual(ids(plan));
  expect(drift.accepted).toEqual(plan.accepted);
  return ids(plan);
}

const shown = (accepted: readonly Accepted[]): string[] =>
  accepted.flatMap(({ role, acceptedFor, people }) =>
    people.map(({ id, email, from, to }) => `${role} for ${acceptedFor}: ${id ?? email} ${from} -> ${to}`),
  );

const id = (value: number): PersonRef => ({ id: value });
const email = (value: string): PersonRef => ({ email: value });

describe('accepted drift of members', () => {
  it.each<[string, Partial<AcceptedDifference>, number[], string[]]>([
    [
      'everyone of the role they are in',
      { role: 'Admin' },
      [11, 12, 14],
      ['Admin for Admin: 10 Admin -> null'],
    ],
    [
      'one by address',
      { role: 'Admin', people: [email('p10@acme.com')] },
      [11, 12, 14],
      ['Admin for Admin: 10 Admin -> null'],
    ],
    ['one by id', { role: 'Admin', people: [id(10)] }, [11, 12, 14], ['Admin for Admin: 10 Admin -> null']],
    [
      'a person listed elsewhere, by the role that lists them',
      { role: 'Beta', people: [id(12)] },
      [10, 11, 14],
      ['Beta for Beta: 12 Alpha -> Beta', 'Alpha for Beta: 12 Alpha -> Beta'],
    ],
    [
      'a person listed elsewhere, by the role they are in',
      { role: 'Alpha', people: [id(12)] },
      [10, 11, 14],
      ['Alpha for Alpha: 12 Alpha -> Beta', 'Beta for Alpha: 12 Alpha -> Beta'],
    ],
    [
      'a role that the manifest does not name',
      { role: 'Social' },
      [10, 12, 14],
      ['Social for Social: 11 Social -> Alpha', 'Alpha for Social: 11 Social -> Alpha'],
    ],
    [
      'a person who is not on the instance',
      { role: 'Alpha', people: [id(404)] },
      [10, 11, 12, 14],
      ['Alpha for Alpha: 404 null -> Alpha'],
    ],
  ])('covers %s', (_name, parts, moves, accepted) => {
    expect(moving(entry(parts))).toEqual(moves);
    expect(shown(makeDrift(loaded(entry(parts)), live, OPTIONS).accepted)).toEqual(accepted);
  });

  it('does not report an accepted person who is not on the instance', () => {
    const missing = (...drift: AcceptedDrift[]) => makeDrift(loaded(...drift), live, OPTIONS).missingPeople;
    expect(missing()).toEqual(['id 404']);
    expect(missing(entry({ role: 'Alpha', people: [id(404)] }))).toEqual([]);
    expect(missing(entry({ role: 'Admin', people: [id(404)] }))).toEqual(['id 404']);
  });

  it('does not keep people in a role that is deleted', () => {
    const manifest = loadedOf({
      roles: [wantedRole('Alpha', { members: members('additive', 13) })],
      removed: ['Stranger'],
      policy: { ...WIDE_POLICY, removedMembersTo: 'Participant', acceptedDrift: [entry({ role: 'Alpha' })] },
    });
    const plan = makePlan(manifest, live, OPTIONS);
    expect(plan.changes.map(({ kind }) => kind)).toEqual(['members.move', 'role.delete']);
    expect(plan.accepted).toEqual([]);
  });

  it('accepts no one by an ambiguous address', () => {
    const twins = snapshotOf({ persons: [person(10, 1), { ...person(11, 1), email: 'p10@acme.com' }] });
    const one = entry({ role: 'Admin', people: [email('p10@acme.com')] });
    const manifest = loadedOf({
      roles: [wantedRole('Admin', { members: members('exact', 1) })],
      policy: { ...WIDE_POLICY, removedMembersTo: 'Participant', acceptedDrift: [one] },
    });
    const plan = makePlan(manifest, twins, OPTIONS);
    expect(plan.refusals).toMatchObject([{ code: 'ambiguous-person', items: ['id 10', 'id 11'] }]);
    expect(plan.accepted).toEqual([]);
    expect(plan.summary.peopleMoved).toBe(2);
  });

  it.each<[string, Partial<AcceptedDifference>, string | null]>([
    [
      'members of a role without a difference',
      { role: 'Privileged' },
      'members of role "Privileged" matches nothing',
    ],
    [
      'a person who is elsewhere',
      { role: 'Admin', people: [id(12)] },
      'members of role "Admin" matches nothing for id 12',
    ],
    [
      'one of two people',
      { role: 'Admin', people: [id(10), email('gone@acme.com')] },
      'members of role "Admin" matches nothing for gone@acme.com',
    ],
    [
      'grants that do not differ',
      { role: 'Alpha', what: 'grants' },
      'grants of role "Alpha" matches nothing',
    ],
    ['the default role', { what: 'defaultRole' }, 'defaultRole matches nothing'],
    [
      'an unmanaged role that was deleted',
      { role: 'Gone', what: 'unmanaged' },
      'unmanaged of role "Gone" matches nothing',
    ],
    ['people who are there', { role: 'Admin', people: [id(10)] }, null],
  ])('has a warning if it matches nothing: %s', (_name, parts, text) => {
    const { warnings } = makeDrift(loaded(entry(parts)), live, OPTIONS);
    const found = warnings
      .filter(({ code }) => code === 'accepted-drift-unused')
      .map(({ message }) => message);
    expect(found).toEqual(text === null ? [] : [`the accepted drift of ${text}`]);
  });

  it('lists the people and grants that an unmanaged role accepts', () => {
    const drift = makeDrift(loaded(entry({ what: 'unmanaged', role: 'Stranger' })), live, OPTIONS);
    expect(drift.accepted).toMatchObject([
      {
        role: 'Stranger',
        people: [{ id: 13, from: 'Stranger', to: null }],
        grants: { extra: ['b.view'], missing: [] },
      },
    ]);
    expect(drift.unmanaged.roles).toEqual([]);
  });

  it('never moves a named person, and does not affect the moves of others', () => {
    const all = moving();
    const anyRole = fc.constantFrom('Admin', 'Alpha', 'Beta', 'Social');
    const anyPeople = fc.subarray([1, 10, 11, 12, 13, 14], { minLength: 1 });
    fc.assert(
      fc.property(anyRole, anyPeople, (role, people) => {
        const one = entry({ role, people: people.map(id) });
        const drift = makeDrift(loaded(one), live, OPTIONS);
        const kept = new Set(drift.accepted.flatMap((row) => row.people.map((who) => who.id)));
        for (const who of kept) expect(people).toContain(who);
        expect([...moving(one), ...kept].sort((a, b) => Number(a) - Number(b))).toEqual(all);
        expect(checkSchema('drift', JSON.parse(JSON.stringify(drift)))).toEqual([]);
      }),
      { numRuns: inputs(60) },
    );
  });
});
