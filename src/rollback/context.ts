import type { FieldName, StaleField } from '../apply/recheck/stale-plan.js';
import { quotedName } from '../model/quoted-name.js';
import { liveKey, newKey } from '../model/role.js';
import type { RoleKey } from '../model/role.js';
import type { LiveRole, Snapshot } from '../model/snapshot.js';
import { earlierStates } from './earlier-states.js';
import type { EarlierStates } from './earlier-states.js';
import { withCurrentIds } from './recreated-roles.js';
import type { RunRecord, RunResult } from './run-result.js';
import type { RoleId } from '../model/ids.js';

/** The input of each part of a rollback, and the conflicts found so far. */
export interface RollbackContext {
  before: Snapshot;
  result: RunResult;
  live: Snapshot;
  earlier: EarlierStates;
  liveRoles: ReadonlyMap<RoleId, LiveRole>;
  rolesBefore: ReadonlyMap<RoleId, LiveRole>;
  /** The key of an earlier role after the rollback; null if another person deleted it. */
  restoredKey: (id: RoleId) => RoleKey | null;
  /** The current or earlier name of a role; null without a role. */
  nameOf: (id: RoleId | undefined) => string | null;
  /** Did the run create or delete this role, and is it not live? */
  isGone: (id: RoleId) => boolean;
  /** Fields with neither the value that the run left nor the value before it. */
  conflicts: StaleField[];
  addRoleConflict: (id: RoleId, field: FieldName, values: Pick<StaleField, 'before' | 'now'>) => void;
}

/** The run to undo. */
export interface UndoneRun {
  run: RunRecord;
  /** The states before earlier runs of the same apply, which are undone as well. */
  earlier?: readonly Snapshot[] | undefined;
}

/** Prepares the lookups for the parts of a rollback. */
export function rollbackContext(
  { run, earlier = [] }: UndoneRun,
  found: RunResult,
  live: Snapshot,
): RollbackContext {
  const { before, result } = withCurrentIds(run, found, live);
  const liveRoles = new Map(live.roles.map((role) => [role.id, role]));
  const rolesBefore = new Map(before.roles.map((role) => [role.id, role]));
  const conflicts: StaleField[] = [];
  const nameOf = (id: RoleId | undefined): string | null => {
    if (id === undefined) return null;
    const role = liveRoles.get(id) ?? rolesBefore.get(id) ?? result.created.get(id)?.after;
    return role?.name ?? `role ${id}`;
  };
  return {
    before,
    result,
    live,
    earlier: earlierStates(earlier, live),
    liveRoles,
    rolesBefore,
    restoredKey: (id) => {
      if (liveRoles.has(id)) return liveKey(id);
      const name = rolesBefore.get(id)?.name;
      return result.deleted.has(id) && name !== undefined ? newKey(name) : null;
    },
    nameOf,
    isGone: (id) => !liveRoles.has(id) && (result.created.has(id) || result.deleted.has(id)),
    conflicts,
    addRoleConflict: (id, field, values) => {
      const label = `role ${quotedName(nameOf(id) ?? '')}`;
      conflicts.push({ of: { kind: 'role', roleId: id }, label, field, ...values });
    },
  };
}
