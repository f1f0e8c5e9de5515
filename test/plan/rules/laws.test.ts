import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { requestsFor } from '../../../src/apply/requests-for-change.js';
import type { AccessRule } from '../../../src/model/access-rule.js';
import { isOrdinary } from '../../../src/model/person.js';
import type { RoleKey } from '../../../src/model/role.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import { stateOf } from '../../../src/model/state.js';
import type { State } from '../../../src/model/state.js';
import { makePlan } from '../../../src/plan/make-plan.js';
import { endStateOf } from '../../../src/plan/saved/end-state.js';
import { ProblemError } from '../../../src/problem/problem.js';
import { GRANTS, WIDE_POLICY, anyManifest, anySnapshot } from '../../support/arbitraries.js';
import { inputs, sawEvery } from '../../support/law.js';
import { limitRule, separationRule } from '../../support/rules.js';

/** Does a rule hold in a state, judged by its definition alone? */
function holds(rule: AccessRule, state: State): boolean {
  const roles = [...state.roles.values()].map((role) => ({
    ...role,
    held: new Set(role.grants),
    people: state.people.read.filter((one) => isOrdinary(one) && state.people.of(one) === role.key),
  }));
  if (rule.kind === 'separation')
    return roles.every(
      ({ name, held, people, key }) =>
        rule.exceptRoles.includes(name) ||
        rule.neverTogether.filter((set) => set.some((grant) => held.has(grant))).length < 2 ||
        (people.length === 0 && state.defaultRole !== key),
    );
  const { subject } = rule;
  if (!('grants' in subject)) return true;
  const concerned = roles.filter(({ held }) => subject.grants.some((grant) => held.has(grant)));
  const people = concerned.flatMap((role) => role.people);
  return (
    concerned.every(({ name }) => rule.onlyRoles?.includes(name) ?? true) &&
    people.length <= (rule.maxPeople ?? Infinity)
  );
}

/** The snapshot of an instance in a state. Created roles have ids. */
function snapshotAt(live: Snapshot, state: State): Snapshot {
  const ids = new Map([...state.roles.values()].map(({ key, id }, index) => [key, id ?? 9000 + index]));
  const idOf = (key: RoleKey | undefined): number => (key === undefined ? undefined : ids.get(key)) ?? 5;
  return {
    ...live,
    roles: [...state.roles.values()]
      .map(({ key, name, description, grants }) => ({
        id: idOf(key),
        name,
        description,
        grants,
        userCount: null,
        grantCount: null,
      }))
      .sort((a, b) => a.id - b.id),
    people: {
      scope: 'all',
      list: live.people.list.map((one) => ({ ...one, roleId: idOf(state.people.of(one)) })),
    },
    defaultRoleId: idOf(state.defaultRole),
    allowlist:
      typeof state.allowlist === 'string' ? state.allowlist : state.allowlist.map(idOf).sort((a, b) => a - b),
  };
}

const OPTIONS = { now: '2026-11-26T12:00:00Z', version: '0', requestsFor };

const someGrants = fc.subarray([...GRANTS], { minLength: 1, maxLength: 2 });
const names = fc.subarray(['Admin', 'Privileged', 'Editor', 'Alpha', 'Beta', 'Gamma', 'Delta', 'Social']);
const anyRule: fc.Arbitrary<AccessRule> = fc.oneof(
  fc
    .record({ grants: someGrants, onlyRoles: fc.option(names), maxPeople: fc.option(fc.nat(4)) })
    .map(({ grants, ...parts }) => limitRule({ subject: { grants }, ...parts })),
  fc
    .record({ one: someGrants, other: someGrants, exceptRoles: names })
    .map(({ one, other, exceptRoles }) => separationRule({ neverTogether: [one, other], exceptRoles })),
);

describe('a rule of level refuse', () => {
  it('that holds live also holds after every accepted plan, and after an interrupted one that was planned again', () => {
    let resumed = 0;
    let kept = 0;
    let refused = 0;
    fc.assert(
      fc.property(anySnapshot, anyManifest, anyRule, (live, loaded, rule) => {
        const policy = {
          ...WIDE_POLICY,
          removedMembersTo: loaded.manifest.policy.removedMembersTo,
          rules: [rule],
        };
        const state = stateOf(live);
        if (!holds(rule, state)) return;
        try {
          const whole = { ...loaded, manifest: { ...loaded.manifest, policy } };
          const plan = makePlan(whole, live, OPTIONS);
          if (plan.refusals.some(({ code }) => code === 'rule')) {
            refused += 1;
            return;
          }
          if (plan.refusals.length > 0 || plan.changes.length === 0) return;
          kept += 1;
          expect(holds(rule, endStateOf(state, plan.changes))).toBe(true);
          for (let cut = 1; cut < plan.changes.length; cut += 1) {
            const left = snapshotAt(live, endStateOf(state, plan.changes.slice(0, cut)));
            const again = makePlan(whole, left, OPTIONS);
            if (again.refusals.length > 0) continue;
            resumed += 1;
            expect(holds(rule, endStateOf(stateOf(left), again.changes))).toBe(true);
          }
        } catch (error) {
          if (!(error instanceof ProblemError)) throw error;
        }
      }),
      { numRuns: inputs(800) },
    );
    expect(sawEvery(kept, resumed, refused)).toBe(true);
  });
});
