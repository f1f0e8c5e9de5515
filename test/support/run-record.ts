import type { ChangeTrace, Replay } from '../../src/journal/replay.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import type { Change } from '../../src/plan/change.js';
import type { RunRecord } from '../../src/rollback/run-result.js';
import { planOf } from './plan-builder.js';

/** The state of a change in the journal: `done`, `already`, `failed`, `sent` without a known result, or nothing. */
export type Trace = 'done' | 'already' | 'failed' | 'sent' | 'none';

/** A run of these changes, as its journal records them. A done `role.create` has the given id. */
export function runRecord(
  before: Snapshot,
  steps: readonly (readonly [Change, Trace, roleId?: number])[],
): RunRecord {
  const changes = new Map<Change['id'], ChangeTrace>();
  for (const [change, trace, roleId] of steps) {
    if (trace === 'none') continue;
    const status = trace === 'sent' ? null : trace;
    changes.set(change.id, {
      sent: true,
      status,
      roleId: roleId ?? null,
      create: null,
    });
  }
  const replay: Replay = {
    begun: null,
    roleIds: new Set(before.roles.map(({ id }) => id)),
    changes,
    done: [],
    doubtful: [],
    open: [],
    finished: true,
    interrupted: false,
  };
  return { id: 'run-1', plan: planOf({ changes: steps.map(([change]) => change) }), before, replay };
}
