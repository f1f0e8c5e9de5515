import type { StaleField } from '../apply/recheck/stale-plan.js';
import { liveKey, newKey } from '../model/role.js';
import type { RoleKey } from '../model/role.js';
import type { LiveRole, Snapshot } from '../model/snapshot.js';
import type { RunResult, RunRecord } from './run-result.js';

/** What every part of a way back is worked out from, and where it notes what somebody changed since. */
export interface RollbackContext {
  before: Snapshot;
  result: RunResult;
  live: Snapshot;
  liveRoles: ReadonlyMap<number, LiveRole>;
  rolesBefore: ReadonlyMap<number, LiveRole>;
  /** The key under which a role from before is there in the end; null where somebody else deleted it. */
  restoredKey: (id: number) => RoleKey | null;
  /** What a role is or was called; null for none. */
  nameOf: (id: number | undefined) => string | null;
  /** Is this a role that the run made or deleted, and that is not live? */
  isGone: (id: number) => boolean;
  /** What is neither as the run left it nor as it was before. */
  conflicts: StaleField[];
  addRoleConflict: (id: number, field: string, values: Pick<StaleField, 'before' | 'now'>) => void;
}

/** Looks up what a way back needs. */
export function rollbackContext({ before }: RunRecord, left: RunResult, live: Snapshot): RollbackContext {
  const liveRoles = new Map(live.roles.map((role) => [role.id, role]));
  const rolesBefore = new Map(before.roles.map((role) => [role.id, role]));
  const moved: StaleField[] = [];
  const nameOf = (id: number | undefined): string | null => {
    if (id === undefined) return null;
    const role = liveRoles.get(id) ?? rolesBefore.get(id) ?? left.created.get(id)?.after;
    return role?.name ?? `role ${id}`;
  };
  return {
    before,
    result: left,
    live,
    liveRoles,
    rolesBefore,
    restoredKey: (id) => {
      if (liveRoles.has(id)) return liveKey(id);
      const name = rolesBefore.get(id)?.name;
      return left.deleted.has(id) && name !== undefined ? newKey(name) : null;
    },
    nameOf,
    isGone: (id) => !liveRoles.has(id) && (left.created.has(id) || left.deleted.has(id)),
    conflicts: moved,
    addRoleConflict: (id, field, values) => {
      moved.push({ of: { kind: 'role', roleId: id }, label: `role "${nameOf(id)}"`, field, ...values });
    },
  };
}
