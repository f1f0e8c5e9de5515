import { describe, expect, it } from '@jest/globals';
import { requestsFor } from '../../src/apply/requests-for-change.js';
import { recheck } from '../../src/apply/recheck/recheck.js';
import type { LiveRole } from '../../src/model/snapshot.js';
import { makePlan } from '../../src/plan/make-plan.js';
import type { Plan } from '../../src/plan/plan.js';
import { verifyPlan } from '../../src/plan/saved/verify-plan.js';
import { liveRole, loadedOf, snapshotOf, wantedRole } from '../support/arbitraries.js';

const RING = [liveRole(100, 'A', ['a.view']), liveRole(101, 'B', ['b.view'])];
const SWAPPED = loadedOf({ roles: [wantedRole('B', { id: 100 }), wantedRole('A', { id: 101 })] });

function planOn(custom: readonly LiveRole[]): Plan {
  const now = '2026-01-01T00:00:00.000Z';
  const plan = makePlan(SWAPPED, snapshotOf({ custom }), { now, version: '0', requestsFor });
  return JSON.parse(JSON.stringify(plan)) as Plan;
}

/** The temporary name, the current refusals, and the changes since the plan was made. */
function judged(others: readonly LiveRole[], now: readonly LiveRole[]): [string, string[], string[]] {
  const plan = planOn([...RING, ...others]);
  const live = snapshotOf({ custom: [...RING, ...now] });
  const name = plan.changes.flatMap((one) => (one.step === 'temporary' ? one.after.name : []));
  return [
    name.join(),
    verifyPlan(plan, live, { requestsFor, allow: new Map() }).refusals.map(({ code }) => code),
    recheck(plan, live, null).stale.map(
      ({ label, before, now: after }) => `${label}: ${String(before)} → ${String(after)}`,
    ),
  ];
}

describe('a saved plan with a temporary name', () => {
  const first = '~domo-roles 100';
  const second = '~domo-roles 100 2';

  it.each<[string, LiveRole[], LiveRole[], [string, string[], string[]]]>([
    ['holds while nothing changes', [liveRole(102, first)], [liveRole(102, first)], [second, [], []]],
    [
      'holds while the blocking role keeps its name',
      [liveRole(102, first)],
      [liveRole(102, first, ['b.view'])],
      [second, [], []],
    ],
    [
      'is stale if the blocking role has another name',
      [liveRole(102, first)],
      [liveRole(102, 'Free')],
      [second, [], [`the name "${first}": 102 → null`]],
    ],
    [
      'is stale if the blocking role is deleted',
      [liveRole(102, first)],
      [],
      [second, [], [`the name "${first}": 102 → null`]],
    ],
    [
      'is stale if a role blocked by a near name',
      [liveRole(102, '~Domo-Roles 100')],
      [liveRole(102, 'Free')],
      [second, [], ['the name "~Domo-Roles 100": 102 → null']],
    ],
    [
      'is stale if one of two blocking roles is renamed',
      [liveRole(102, first), liveRole(103, second)],
      [liveRole(102, first), liveRole(103, 'Free')],
      [`${first} 3`, [], [`the name "${second}": 103 → null`]],
    ],
    [
      'is stale if another role took the temporary name',
      [],
      [liveRole(102, first)],
      [first, [], [`the name "${first}": null → 102`]],
    ],
    [
      'is stale if another role took a name near the temporary one',
      [],
      [liveRole(102, '~Domo-Roles 100')],
      [first, [], [`the name "${first}": null → 102`]],
    ],
    ['holds if a role took a name that the plan does not need', [], [liveRole(102, second)], [first, [], []]],
  ])('%s', (_, others, now, expected) => {
    expect(judged(others, now)).toEqual(expected);
  });
});
