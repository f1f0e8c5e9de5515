import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { requestsFor } from '../../src/apply/requests-for-change.js';
import type { LoadedManifest, ManifestMember, ManifestRole } from '../../src/manifest/manifest.js';
import type { Person } from '../../src/model/person.js';
import { liveKey } from '../../src/model/role.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { hasPassed } from '../../src/model/until.js';
import { resolveDesiredState } from '../../src/desired/resolve.js';
import { makePlan } from '../../src/plan/make-plan.js';
import type { Move } from '../../src/plan/change.js';
import type { Plan } from '../../src/plan/plan.js';
import {
  liveRole,
  loadedOf,
  memberEntry,
  person,
  snapshotOf,
  wantedRole,
  WIDE_POLICY,
} from '../support/arbitraries.js';
import { perform } from '../support/interpreter.js';
import { inputs, sawEvery } from '../support/law.js';

/** Roles with people in the manifest. Role 3 takes removed people. */
const ROLES = { A: 100, B: 101, C: 102, Participant: 4 } as const;
type RoleName = keyof typeof ROLES;
const NAMES = Object.keys(ROLES) as RoleName[];
const DESTINATION = 3;

/** A person: their current role, their permanent role, and their role for a limited time. */
interface Membership {
  live: number;
  lasting: RoleName | null;
  timed: { role: RoleName; until: string } | null;
}

interface Case {
  lives: readonly Membership[];
  exact: ReadonlySet<RoleName>;
  now: string;
}

const DAY = 86_400_000;
const START = Date.parse('2026-12-01T00:00:00.000Z');

const moment = fc
  .record({ day: fc.integer({ min: 0, max: 30 }), second: fc.constantFrom(0, 1, 43_200, 86_399) })
  .map(({ day, second }) => new Date(START + day * DAY + second * 1000).toISOString());

const until = fc.oneof(
  moment.map((time) => time.slice(0, 10)),
  moment,
  moment.map((time) => `${time.slice(0, 19)}+05:30`),
);

const membership: fc.Arbitrary<Membership> = fc
  .record({
    live: fc.constantFrom(...Object.values(ROLES), DESTINATION, 5),
    lasting: fc.option(fc.constantFrom(...NAMES)),
    timed: fc.option(fc.record({ role: fc.constantFrom(...NAMES), until })),
  })
  .map(({ live, lasting, timed }) => ({ live, lasting, timed: timed?.role === lasting ? null : timed }));

const anyCase: fc.Arbitrary<Case> = fc
  .record({
    lives: fc.array(membership, { minLength: 1, maxLength: 6 }),
    exact: fc.subarray(NAMES),
    now: moment,
  })
  .map((one) => ({ ...one, exact: new Set(one.exact) }));

const idOf = (index: number): number => 10 + index;

function entriesOf(lives: readonly Membership[], role: RoleName): ManifestMember[] {
  return lives.flatMap(({ lasting, timed }, index) => [
    ...(lasting === role ? [memberEntry({ id: idOf(index) })] : []),
    ...(timed?.role === role
      ? [memberEntry({ email: `p${idOf(index)}@acme.com` }, { until: timed.until })]
      : []),
  ]);
}

function manifestOf({ lives, exact }: Case, roles: readonly ManifestRole[] = []): LoadedManifest {
  const listed = NAMES.map((name) =>
    wantedRole(name, {
      members: { mode: exact.has(name) ? 'exact' : 'additive', users: entriesOf(lives, name) },
    }),
  );
  return loadedOf({ roles: [...listed, ...roles], policy: { ...WIDE_POLICY, removedMembersTo: 'Editor' } });
}

function liveOf({ lives }: Case, placed: (one: Membership) => number = ({ live }) => live): Snapshot {
  return snapshotOf({
    custom: (['A', 'B', 'C'] as const).map((name) => liveRole(ROLES[name], name, ['a.view'])),
    persons: [person(1, 1), ...lives.map((one, index): Person => person(idOf(index), placed(one)))],
  });
}

function plan(loaded: LoadedManifest, snapshot: Snapshot, now: string, onlyExpired = false): Plan {
  return makePlan(loaded, snapshot, { now, version: '1', requestsFor, onlyExpired });
}

function movesOf({ changes }: Plan): (Move & { to: unknown })[] {
  return changes.flatMap((one) =>
    one.kind === 'members.move' ? one.people.map((move) => ({ ...move, to: one.roleId })) : [],
  );
}

/** The role that the manifest wants for a person whose role may keep them. */
function wantedRoleOf({ lasting, timed, live }: Membership, { exact, now }: Case): number {
  if (timed && !hasPassed(timed.until, now)) return ROLES[timed.role];
  if (lasting) return ROLES[lasting];
  const name = NAMES.find((one) => ROLES[one] === live);
  const isRemoved = name !== undefined && (exact.has(name) || timed?.role === name);
  return isRemoved ? DESTINATION : live;
}

describe('timed entries', () => {
  it('place everyone in the timed role until the end, and in the permanent role afterwards', () => {
    let timed = 0;
    fc.assert(
      fc.property(anyCase, (one) => {
        const snapshot = liveOf(one);
        const { target, findings } = resolveDesiredState(manifestOf(one), snapshot, { now: one.now });
        expect(findings.problems).toEqual([]);
        one.lives.forEach((each, index) => {
          if (each.timed) timed += 1;
          expect(target.state.people.get(idOf(index))).toBe(liveKey(wantedRoleOf(each, one)));
        });
      }),
      { numRuns: inputs(300) },
    );
    expect(sawEvery(timed)).toBe(true);
  });

  it('need no further change after a plan is applied, and an --only-expired plan is part of it', () => {
    let ended = 0;
    fc.assert(
      fc.property(anyCase, (one) => {
        const snapshot = liveOf(one);
        const loaded = manifestOf(one);
        const whole = plan(loaded, snapshot, one.now);
        const ends = movesOf(plan(loaded, snapshot, one.now, true));
        ended += ends.length;
        const isEnd = ({ why }: Move): boolean => why === 'expired' || why === 'returns';
        expect(ends).toEqual(movesOf(whole).filter(isEnd));
        const after = perform(snapshot, whole.changes).at(-1) ?? snapshot;
        expect(plan(loaded, after, one.now).changes).toEqual([]);
        expect(plan(loaded, after, one.now, true).changes).toEqual([]);
      }),
      { numRuns: inputs(200) },
    );
    expect(sawEvery(ended)).toBe(true);
  });

  it('under --only-expired remove only ended memberships, regardless of other problems', () => {
    let ended = 0;
    const broken = [
      wantedRole('New', { members: { mode: 'exact', users: [memberEntry({ id: 404 })] } }),
      wantedRole('Wrong', {
        grants: { mode: 'exact', from: ['Nowhere'], add: ['no.grant'], remove: [], optional: [] },
      }),
    ];
    fc.assert(
      fc.property(anyCase, (one) => {
        const loaded = manifestOf(one, broken);
        const { policy } = loaded.manifest;
        const strict = {
          ...loaded,
          manifest: {
            ...loaded.manifest,
            policy: {
              ...policy,
              minAdmins: 50,
              requiredAdmins: [{ id: 404 }],
              unmanagedRoles: 'fail' as const,
            },
          },
        };
        const made = plan(strict, liveOf(one), one.now, true);
        expect(made.refusals).toEqual([]);
        expect(made.changes.every(({ kind }) => kind === 'members.move')).toBe(true);
        const expected = one.lives.flatMap(({ live, lasting, timed }, index) =>
          timed && hasPassed(timed.until, one.now) && ROLES[timed.role] === live
            ? [
                {
                  id: idOf(index),
                  fromId: live,
                  until: timed.until,
                  to: lasting ? ROLES[lasting] : DESTINATION,
                },
              ]
            : [],
        );
        const moves = movesOf(made).map(({ id, fromId, until: last, to }) => ({
          id,
          fromId,
          until: last,
          to,
        }));
        expect(moves.sort((a, b) => a.id - b.id)).toEqual(expected);
        ended += expected.length;
      }),
      { numRuns: inputs(200) },
    );
    expect(sawEvery(ended)).toBe(true);
  });

  it('end on their night in thirty nights of --only-expired', () => {
    let ended = 0;
    fc.assert(
      fc.property(anyCase, (one) => {
        const loaded = manifestOf(one, [
          wantedRole('New', { members: { mode: 'exact', users: [memberEntry({ id: 404 })] } }),
        ]);
        let snapshot = liveOf(one, ({ timed, live }) => (timed ? ROLES[timed.role] : live));
        for (let night = 0; night <= 32; night += 1) {
          const now = new Date(START + night * DAY).toISOString();
          const { changes } = plan(loaded, snapshot, now, true);
          ended += changes.length;
          snapshot = perform(snapshot, changes).at(-1) ?? snapshot;
          one.lives.forEach(({ timed, lasting }, index) => {
            if (!timed) return;
            const after = lasting ? ROLES[lasting] : DESTINATION;
            const due = hasPassed(timed.until, now) ? after : ROLES[timed.role];
            expect(snapshot.people.list.find(({ id }) => id === idOf(index))?.roleId).toBe(due);
          });
        }
      }),
      { numRuns: inputs(15) },
    );
    expect(sawEvery(ended)).toBe(true);
  });

  it('keep plans of equal input equal while none ends', () => {
    fc.assert(
      fc.property(anyCase, moment, (one, other) => {
        const far = {
          ...one,
          lives: one.lives.map((each) => ({
            ...each,
            timed: each.timed && { ...each.timed, until: '2099-01-01' },
          })),
        };
        const [loaded, snapshot] = [manifestOf(far), liveOf(far)];
        const [a, b] = [plan(loaded, snapshot, one.now), plan(loaded, snapshot, other)];
        expect({ ...a, madeAt: '' }).toEqual({ ...b, madeAt: '' });
      }),
      { numRuns: inputs(50) },
    );
  });
});
