import { liveKey } from '../model/role.js';
import type { Snapshot } from '../model/snapshot.js';
import { byCodeUnit } from '../model/sort.js';
import type { RoleOwner } from '../model/standing.js';
import type { State } from '../model/state.js';
import type { RunRecord, RunResult } from './run-result.js';

/**
 * The owners that the plan of a run names, for the plan that undoes it: by live id and by the name after the rollback.
 * Roles that are no longer live are left out. Sorted by role.
 */
export function ownersOfRun(
  { plan }: RunRecord,
  { created }: RunResult,
  { live, state }: { live: Snapshot; state: State },
): RoleOwner[] {
  const createdIds = new Map([...created].map(([id, { roleId }]) => [roleId, id]));
  const liveNames = new Map(live.roles.map(({ id, name }) => [id, name]));
  return plan.owners
    .flatMap(({ roleId, owner }): RoleOwner[] => {
      const id = typeof roleId === 'number' ? roleId : createdIds.get(roleId);
      const name = id === undefined ? undefined : liveNames.get(id);
      if (id === undefined || name === undefined) return [];
      return [{ role: state.roles.get(liveKey(id))?.name ?? name, roleId: id, owner }];
    })
    .sort((a, b) => byCodeUnit(a.role, b.role));
}
