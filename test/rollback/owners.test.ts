import { describe, expect, it } from '@jest/globals';
import type { Snapshot } from '../../src/model/snapshot.js';
import type { RoleOwner } from '../../src/model/standing.js';
import { rollbackPlan } from '../../src/rollback/rollback.js';
import { ownersOfRun } from '../../src/rollback/owners.js';
import { runResult } from '../../src/rollback/run-result.js';
import { rollbackTarget } from '../../src/rollback/rollback-target.js';
import { requestsFor } from '../../src/apply/requests-for-change.js';
import { creation, rename } from '../support/changes.js';
import { runRecord } from '../support/run-record.js';
import { A, B, NEW, world } from '../support/rollback-world.js';

const OWNERS: readonly RoleOwner[] = [
  { role: 'Renamed', roleId: 100, owner: 'x' },
  { role: 'New', roleId: 'new:New', owner: 'y' },
  { role: 'Gone', roleId: 999, owner: 'z' },
];

function undone(live: Snapshot) {
  const made = runRecord(world(), [
    [rename(100, ['A', 'Renamed']), 'done'],
    [creation('New', ['c.use']), 'done', 900],
  ]);
  return { live, run: { ...made, plan: { ...made.plan, owners: OWNERS } } };
}

const LIVE = world([{ ...A, name: 'Renamed' }, B, NEW]);

describe('the owners in a plan that undoes a run', () => {
  it('are those of the run, by live id and by the name after the rollback', () => {
    const { run, live } = undone(LIVE);
    const plan = rollbackPlan({ run, live, now: '2026-02-01T00:00:00.000Z', version: '0.0.0', requestsFor });
    expect(plan.owners).toEqual([
      { role: 'A', roleId: 100, owner: 'x' },
      { role: 'New', roleId: 900, owner: 'y' },
    ]);
  });

  it('leave out roles that are no longer live', () => {
    const { run, live } = undone(world([{ ...A, name: 'Renamed' }, B]));
    const result = runResult(run, live);
    const { state } = rollbackTarget({ run }, result, live);
    expect(ownersOfRun(run, result, { live, state })).toEqual([{ role: 'A', roleId: 100, owner: 'x' }]);
  });
});
