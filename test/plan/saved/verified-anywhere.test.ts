import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Snapshot } from '../../../src/model/snapshot.js';
import { parseAllow } from '../../../src/plan/guards/allow.js';
import { makePlan } from '../../../src/plan/make-plan.js';
import type { Plan } from '../../../src/plan/plan.js';
import { verifyPlan } from '../../../src/plan/saved/verify-plan.js';
import { requestsFor } from '../../../src/apply/requests-for-change.js';
import { anyManifest, anySnapshot } from '../../support/arbitraries.js';
import { perform } from '../../support/interpreter.js';
import { inputs } from '../../support/law.js';

const ALLOW = parseAllow(['missing-people', 'self-lockout', 'escalation', 'min-admins']);

describe('a saved plan', () => {
  it('is accepted by its own instance before it is applied and after an interruption at any change', () => {
    let held = 0;
    fc.assert(
      fc.property(anySnapshot, anyManifest, fc.nat(), (snapshot, loaded, at) => {
        const made = makePlan(loaded, snapshot, {
          now: '2026-01-01T00:00:00.000Z',
          version: '0',
          requestsFor,
          allow: ALLOW,
        });
        if (made.refusals.length > 0 || made.changes.length === 0) return;
        const saved = JSON.parse(JSON.stringify(made)) as Plan;
        const states = [snapshot, ...perform(snapshot, made.changes)];
        const now = states[at % states.length] as Snapshot;
        expect(verifyPlan(saved, now, { requestsFor, allow: ALLOW }).refusals).toEqual([]);
        held += 1;
      }),
      { numRuns: inputs(200) },
    );
    expect(held).toBeGreaterThan(inputs(200) / 8);
  });
});
