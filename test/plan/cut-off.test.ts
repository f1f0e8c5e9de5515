import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LoadedManifest } from '../../src/manifest/manifest.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { parseAllow } from '../../src/plan/guards/allow.js';
import { makePlan } from '../../src/plan/make-plan.js';
import type { Plan } from '../../src/plan/plan.js';
import {
  anyManifest,
  anySnapshot,
  liveRole,
  loadedOf,
  snapshotOf,
  wantedRole,
} from '../support/arbitraries.js';
import { perform } from '../support/interpreter.js';
import { inputs } from '../support/law.js';

const ALLOW = parseAllow(['missing-people', 'self-lockout', 'escalation', 'min-admins']);

function plan(loaded: LoadedManifest, snapshot: Snapshot): Plan {
  return makePlan(loaded, snapshot, {
    now: '2026-01-01T00:00:00.000Z',
    version: '0',
    requestsFor: () => [],
    allow: ALLOW,
  });
}

/** A state without role ids: roles created in another run have different ids. */
function shape(snapshot: Snapshot): unknown {
  const name = (id: number): string | undefined => snapshot.roles.find((role) => role.id === id)?.name;
  return {
    roles: snapshot.roles.map((role) => [role.name, role.description, role.grants]).sort(),
    people: snapshot.people.list.map((one) => [one.id, name(one.roleId)]),
    defaultRole: name(snapshot.defaultRoleId),
    allowlist:
      typeof snapshot.allowlist === 'string' ? snapshot.allowlist : snapshot.allowlist.map(name).sort(),
  };
}

describe('a run that was interrupted after any change', () => {
  it('reaches the same end state when it is planned again from the manifest', () => {
    let cuts = 0;
    fc.assert(
      fc.property(anySnapshot, anyManifest, fc.nat(), (snapshot, loaded, at) => {
        const made = plan(loaded, snapshot);
        if (made.refusals.length > 0 || made.changes.length < 2) return;
        const states = perform(snapshot, made.changes);
        const middle = states[at % (states.length - 1)] as Snapshot;
        const rest = plan(loaded, middle);
        expect(rest.refusals).toEqual([]);
        const end = perform(middle, rest.changes).at(-1) ?? middle;
        expect(shape(end)).toEqual(shape(states.at(-1) as Snapshot));
        cuts += 1;
      }),
      { numRuns: inputs(150) },
    );
    expect(cuts).toBeGreaterThan(inputs(150) / 10);
  });

  it('completes any cycle of renames and leaves no temporary name', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(['A', 'B', 'C', 'D', 'E'], { minLength: 2 }),
        fc.nat(),
        (turned, at) => {
          const names = [...turned].sort();
          const snapshot = snapshotOf({ custom: names.map((name, index) => liveRole(100 + index, name)) });
          const loaded = loadedOf({
            roles: turned.map((name, index) => wantedRole(name, { id: 100 + index })),
          });
          const made = plan(loaded, snapshot);
          expect(made.refusals).toEqual([]);
          const states = [snapshot, ...perform(snapshot, made.changes)];
          const middle = states[at % states.length] as Snapshot;
          const end = perform(middle, plan(loaded, middle).changes).at(-1) ?? middle;
          expect(end.roles.filter((role) => role.id >= 100).map((role) => role.name)).toEqual(turned);
          expect(plan(loaded, end).changes).toEqual([]);
        },
      ),
    );
  });
});
