import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { makePlan } from '../../src/plan/make-plan.js';
import { ALLOW_CODES, parseAllow } from '../../src/plan/guards/allow.js';
import { verifyPlan } from '../../src/plan/saved/verify-plan.js';
import { rollbackPlan } from '../../src/rollback/rollback.js';
import { requestsFor } from '../../src/apply/requests-for-change.js';
import { anyManifest, anySnapshot } from '../support/arbitraries.js';
import { perform } from '../support/interpreter.js';
import { byNames, runOf } from '../support/runs.js';
import type { Interruption } from '../support/runs.js';
import { inputs, sawEvery } from '../support/law.js';

const NUMBERED = ['max-deletes', 'max-moves', 'max-grant-changes'];
const allow = parseAllow(
  ALLOW_CODES.filter((code) => code !== 'rule').map((code) =>
    NUMBERED.includes(code) ? `${code}=999999` : code,
  ),
);
const OPTIONS = { now: '2026-02-01T00:00:00.000Z', version: '0.0.0', requestsFor, allow };

const RUNS = { numRuns: inputs(120) };

const anyInterruption = fc.record({
  part: fc.nat(),
  then: fc.constantFrom('carried-out' as const, 'lost' as const, null),
});

/** Any run of any plan that can be applied, interrupted anywhere. */
function forAnyRun(
  check: (
    made: { before: Parameters<typeof runOf>[1]; course: Interruption } & ReturnType<typeof runOf>,
  ) => void,
): void {
  let runs = 0;
  fc.assert(
    fc.property(anySnapshot, anyManifest, anyInterruption, (before, loaded, { part, then }) => {
      const plan = makePlan(loaded, before, OPTIONS);
      fc.pre(plan.refusals.length === 0 && plan.changes.length > 0);
      const done = part % (plan.changes.length + 1);
      const interruption: Interruption = { done, then: done < plan.changes.length ? then : null };
      check({ before, course: interruption, ...runOf(plan, before, interruption) });
      runs += 1;
    }),
    RUNS,
  );
  expect(runs).toBe(RUNS.numRuns);
}

describe('rolling back any run', () => {
  it('restores the earlier state, except for the ids of roles that are created again', () => {
    let remade = 0;
    forAnyRun(({ run, live, before }) => {
      const plan = rollbackPlan({ run, live, ...OPTIONS });
      fc.pre(
        !plan.refusals.some(
          ({ code }) =>
            code === 'default-forbidden' || code === 'self-lockout' || code === 'allowlist-forbidden',
        ),
      );
      expect(plan.refusals).toEqual([]);
      expect(byNames(perform(live, plan.changes).at(-1) ?? live)).toEqual(byNames(before));
      remade += plan.summary.rolesCreated;
    });
    expect(sawEvery(remade)).toBe(true);
  });

  it('plans nothing for a run without effects', () => {
    forAnyRun(({ run, before }) => {
      const { run: nothing, live } = runOf(run.plan, before, { done: 0 });
      const plan = rollbackPlan({ run: nothing, live, ...OPTIONS });
      expect([plan.changes, plan.refusals]).toEqual([[], []]);
    });
  });

  it('plans nothing a second time', () => {
    forAnyRun(({ run, live }) => {
      const plan = rollbackPlan({ run, live, ...OPTIONS });
      fc.pre(plan.refusals.length === 0);
      const after = perform(live, plan.changes).at(-1) ?? live;
      const again = rollbackPlan({ run, live: after, ...OPTIONS });
      expect([again.changes, again.refusals]).toEqual([[], []]);
    });
  });

  it('returns a plan that can be saved and applied', () => {
    forAnyRun(({ run, live }) => {
      const plan = rollbackPlan({ run, live, ...OPTIONS });
      fc.pre(plan.refusals.length === 0);
      expect(verifyPlan(plan, live, { requestsFor, allow }).refusals).toEqual([]);
    });
  });
});
