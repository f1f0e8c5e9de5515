import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareStates } from '../../src/diff/compare.js';
import type { LoadedManifest } from '../../src/manifest/manifest.js';
import { dependenciesOf, grantsWithout } from '../../src/model/closure.js';
import { grantList } from '../../src/model/grant.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { stateOf } from '../../src/model/state.js';
import type { Change } from '../../src/plan/change.js';
import { parseAllow } from '../../src/plan/guards/allow.js';
import { makePlan } from '../../src/plan/make-plan.js';
import type { Plan } from '../../src/plan/plan.js';
import { anyManifest, anySnapshot } from '../support/arbitraries.js';
import type { Habits } from '../support/interpreter.js';
import { perform } from '../support/interpreter.js';
import { inputs } from '../support/law.js';

const ALLOW = parseAllow(['missing-people', 'self-lockout', 'escalation', 'min-admins']);
const RUNS = { numRuns: inputs(200) };

function plan(loaded: LoadedManifest, snapshot: Snapshot): Plan {
  return makePlan(loaded, snapshot, {
    now: '2026-01-01T00:00:00.000Z',
    version: '0',
    requestsFor: () => [],
    allow: ALLOW,
  });
}

/** Runs a law over every plan that is not refused. */
function forEveryPlan(
  law: (made: Plan, snapshot: Snapshot, loaded: LoadedManifest) => void,
  addsDependencies = false,
): void {
  let held = 0;
  fc.assert(
    fc.property(anySnapshot, anyManifest, (any, loaded) => {
      const snapshot = addsDependencies ? closed(any) : any;
      const made = plan(loaded, snapshot);
      if (made.refusals.length > 0) return;
      held += made.changes.length > 0 ? 1 : 0;
      law(made, snapshot, loaded);
    }),
    RUNS,
  );
  // Without inputs, a law proves nothing.
  expect(held).toBeGreaterThan(RUNS.numRuns / 10);
}

/** An instance that adds dependencies by itself has already added those of its live roles. */
function closed(snapshot: Snapshot): Snapshot {
  const { closure } = dependenciesOf(snapshot.catalogue);
  return {
    ...snapshot,
    roles: snapshot.roles.map((role) => ({ ...role, grants: grantList(closure(role.grants)) })),
  };
}

/** The instance after all changes of a plan. */
function performed(snapshot: Snapshot, { changes }: Plan, habits?: Habits): Snapshot {
  return perform(snapshot, changes, habits).at(-1) ?? snapshot;
}

/** Does a plan warn of a list without a grant that the list depends on? */
function warnsOfDependencies({ warnings }: Plan): boolean {
  return warnings.some(({ code }) => code === 'missing-dependency' || code === 'remove-needed');
}

function onlyAddsGrants(change: Change): boolean {
  return change.kind === 'grants.set' && grantsWithout(change.before, change.after).length === 0;
}

/** The grants of a person. */
function access(snapshot: Snapshot, id: number): ReadonlySet<string> {
  const roleId = snapshot.people.list.find((one) => one.id === id)?.roleId;
  return new Set(snapshot.roles.find((role) => role.id === roleId)?.grants ?? []);
}

describe('any plan over any instance', () => {
  it('between equal states is empty', () => {
    fc.assert(
      fc.property(anySnapshot, (snapshot) =>
        expect(compareStates(stateOf(snapshot), stateOf(snapshot))).toEqual([]),
      ),
      RUNS,
    );
  });

  it('is empty after it was applied', () => {
    forEveryPlan((made, snapshot, loaded) => {
      expect(plan(loaded, performed(snapshot, made)).changes).toEqual([]);
    });
  });

  // What such an instance adds to an additive role counts as held, so roles that take its list by `from` follow later.
  it('settles on an instance that adds dependencies: later plans only add, and only if one was missing', () => {
    forEveryPlan((made, snapshot, loaded) => {
      let last = made;
      let state = snapshot;
      for (const _role of loaded.manifest.roles) {
        state = performed(state, last, { addsDependencies: true });
        const next = plan(loaded, state);
        expect(next.changes.length === 0 || warnsOfDependencies(last)).toBe(true);
        expect(next.changes.filter((change) => !onlyAddsGrants(change))).toEqual([]);
        last = next;
      }
      expect(plan(loaded, performed(state, last, { addsDependencies: true })).changes).toEqual([]);
    }, true);
  });

  it.each([false, true])(
    'never gives anyone access beyond their access before and after (P1; instance adds dependencies: %s)',
    (addsDependencies) => {
      forEveryPlan((made, snapshot) => {
        const states = perform(snapshot, made.changes, { addsDependencies });
        const end = states.at(-1) ?? snapshot;
        for (const one of snapshot.people.list) {
          const most = new Set([...access(snapshot, one.id), ...access(end, one.id)]);
          for (const state of states)
            expect([...access(state, one.id)].filter((grant) => !most.has(grant))).toEqual([]);
        }
      }, addsDependencies);
    },
  );

  it('never takes access that a person keeps, except if it reports it (P2)', () => {
    forEveryPlan((made, snapshot) => {
      const states = perform(snapshot, made.changes);
      const end = states.at(-1) ?? snapshot;
      const gapMessages = made.warnings
        .filter((one) => one.code === 'split-gap')
        .map((one) => one.message)
        .join('\n');
      for (const one of snapshot.people.list) {
        const before = access(snapshot, one.id);
        const kept = [...access(end, one.id)].filter((grant) => before.has(grant));
        for (const state of states) {
          const now = access(state, one.id);
          for (const grant of kept) if (!now.has(grant)) expect(gapMessages).toContain(grant);
        }
      }
    });
  });

  it('keeps the acting person able to manage roles until its last change', () => {
    forEveryPlan((made, snapshot) => {
      const states = perform(snapshot, made.changes);
      for (const state of states.slice(0, -1)) expect(access(state, 1)).toContain('authorization.roles');
    });
  });

  it('lists only earlier changes as dependencies of a change', () => {
    forEveryPlan((made) => {
      const seen = new Set<string>();
      for (const change of made.changes) {
        for (const id of change.dependsOn) expect(seen).toContain(id);
        expect(seen).not.toContain(change.id);
        seen.add(change.id);
      }
    });
  });

  it('writes a role twice only if one write would break P1 or cause an avoidable gap', () => {
    forEveryPlan((made) => {
      const writes = made.changes.filter((change) => change.kind === 'grants.set');
      for (const role of new Set(writes.map((one) => one.role))) {
        const mine = writes.filter((one) => one.role === role);
        expect(mine.length).toBeLessThanOrEqual(2);
        if (mine.length === 2) expect(mine[0]?.note).toMatch(/split/u);
      }
    });
  });

  it('is byte for byte equal for equal input, however lists are ordered', () => {
    fc.assert(
      fc.property(anySnapshot, anyManifest, fc.nat(), (snapshot, loaded, turn) => {
        const turned = <T>(list: readonly T[]): T[] => [
          ...list.slice(turn % (list.length || 1)),
          ...list.slice(0, turn % (list.length || 1)),
        ];
        const shuffled: Snapshot = {
          ...snapshot,
          roles: turned(snapshot.roles),
          people: { ...snapshot.people, list: turned(snapshot.people.list) },
        };
        expect(JSON.stringify(plan(loaded, shuffled))).toBe(JSON.stringify(plan(loaded, snapshot)));
      }),
      { numRuns: inputs(100) },
    );
  });

  it('includes the dependencies of every list it writes', () => {
    const { closure } = dependenciesOf([
      { grant: 'x', title: '', group: '', dependsOn: ['y'], adminLevel: null, features: [] },
      { grant: 'y', title: '', group: '', dependsOn: ['x'], adminLevel: null, features: [] },
    ]);
    expect([...closure(['x'])].sort()).toEqual(['x', 'y']);
  });
});
