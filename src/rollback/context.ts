import type { StaleField } from '../apply/recheck/stale-plan.js';
import { quotedName } from '../model/names.js';
import { liveKey, newKey } from '../model/role.js';
import type { RoleKey } from '../model/role.js';
import type { LiveRole, Snapshot } from '../model/snapshot.js';
import { withIdsOfToday } from './recreated-roles.js';
import type { RunRecord, RunResult } from './run-result.js';
import type { RoleId } from '../model/ids.js';

/** What every part of a rollback is worked out from, and the conflicts that are found meanwhile. */
export interface RollbackContext {
  before: Snapshot;
  result: RunResult;
  live: Snapshot;
  liveRoles: ReadonlyMap<RoleId, LiveRole>;
  rolesBefore: ReadonlyMap<RoleId, LiveRole>;
  /** The key that a role from before has after the rollback; null where someone else deleted it. */
  restoredKey: (id: RoleId) => RoleKey | null;
  /** The name that a role has or had; null for none. */
  nameOf: (id: RoleId | undefined) => string | null;
  /** Is this a role that the run created or deleted, and that is not live? */
  isGone: (id: RoleId) => boolean;
  /** What is neither as the run left it nor as it was before. */
  conflicts: StaleField[];
  addRoleConflict: (id: RoleId, field: string, values: Pick<StaleField, 'before' | 'now'>) => void;
}

/** Prepares what the parts of a rollback look up. */
export function rollbackContext(run: RunRecord, result: RunResult, live: Snapshot): RollbackContext {
  const before = withIdsOfToday(run.before, result, live);
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
