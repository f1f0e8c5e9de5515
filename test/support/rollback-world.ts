import type { StaleField } from '../../src/apply/recheck/stale-plan.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { rollbackContext } from '../../src/rollback/context.js';
import type { RollbackContext } from '../../src/rollback/context.js';
import { runResult } from '../../src/rollback/run-result.js';
import { liveRole, person, snapshotOf } from './arbitraries.js';
import { runRecord } from './run-record.js';

/** Two roles that are live before a run, and one that the run creates. */
export const A = liveRole(100, 'A', ['a.view']);
export const B = liveRole(101, 'B', ['b.view']);
export const NEW = liveRole(900, 'New', ['c.use']);

/** The changes of a run: see `runRecord`. */
export type Steps = Parameters<typeof runRecord>[1];

/** An instance with these custom roles. 10 is in A and 11 in B, except for `places`. */
export function world(
  custom = [A, B],
  places: readonly (readonly [person: number, role: number])[] = [],
  parts: Partial<Snapshot> = {},
): Snapshot {
  const where = new Map<number, number>([[10, 100], [11, 101], ...places]);
  return snapshotOf({ custom, persons: [...where].map(([id, roleId]) => person(id, roleId)), ...parts });
}

/** The input of a rollback of these steps, on an instance that was `start` before and is `live` now. */
export function contextOf(steps: Steps, live: Snapshot, start = world()): RollbackContext {
  const run = runRecord(start, steps);
  return rollbackContext({ run }, runResult(run, live), live);
}

/** The conflicts as label, field, before and now. */
export function conflictsIn({ conflicts }: { conflicts: readonly StaleField[] }): unknown[] {
  return conflicts.map(({ label, field, before, now }) => [label, field, before, now]);
}
