import { holds, sameGrants } from '../apply/compare-grants.js';
import { dependenciesOf } from '../model/closure.js';
import { liveKey, newRole } from '../model/role.js';
import type { Role, RoleKey } from '../model/role.js';
import type { LiveRole } from '../model/snapshot.js';
import { stateOf } from '../model/state.js';
import type { RollbackContext } from './context.js';
import type { RoleId } from '../model/ids.js';

/** The roles after a rollback, still with the roles that the run created. */
export interface RestoredRoles {
  roles: Map<RoleKey, Role>;
  /** Roles to create again, by key, with their earlier state. */
  recreated: ReadonlyMap<RoleKey, LiveRole>;
}

/** Restores names, descriptions, grants and deleted roles. */
export function restoreRoles(context: RollbackContext): RestoredRoles {
  const { result, live, liveRoles, rolesBefore } = context;
  const roles = new Map<RoleKey, Role>(stateOf(live).roles);
  const recreated = new Map<RoleKey, LiveRole>();
  for (const id of result.deleted) {
    const role = rolesBefore.get(id);
    if (!role || liveRoles.has(id)) continue;
    const { name, description, grants } = role;
    const again = newRole({ name, description, grants });
    recreated.set(again.key, role);
    roles.set(again.key, again);
  }
  for (const id of result.texts.keys()) restoreTexts(id, context, roles);
  for (const id of result.grants.keys()) restoreGrants(id, context, roles);
  return { roles, recreated };
}

function restoreTexts(id: RoleId, context: RollbackContext, roles: Map<RoleKey, Role>): void {
  const { result, liveRoles, rolesBefore, earlier, isGone, addRoleConflict } = context;
  if (isGone(id)) return;
  const now = liveRoles.get(id);
  for (const field of ['name', 'description'] as const) {
    const was = rolesBefore.get(id)?.[field];
    const values = (result.texts.get(id) ?? []).map((text) => text[field]);
    // A write sends name and description together, so the run may not have changed this field.
    if (was !== undefined && values.every((value) => value === was)) continue;
    if ((now && now[field] === was) || earlier.hasField(id, field)) continue;
    if (!now || !values.includes(now[field]))
      addRoleConflict(id, field, { before: values.at(-1), now: now?.[field] ?? null });
    else if (was !== undefined) edit(roles, id, { [field]: was });
  }
}

function restoreGrants(id: RoleId, context: RollbackContext, roles: Map<RoleKey, Role>): void {
  const { result, live, liveRoles, rolesBefore, earlier, isGone, addRoleConflict } = context;
  if (isGone(id)) return;
  const now = liveRoles.get(id)?.grants;
  const was = rolesBefore.get(id)?.grants;
  const lists = result.grants.get(id) ?? 'any';
  if ((now && was && sameGrants(now, was)) || earlier.hasField(id, 'grants')) return;
  const deps = dependenciesOf(live.catalogue);
  const isAsLeft = now && (lists === 'any' || lists.some((list) => holds(now, list, deps)));
  if (!isAsLeft)
    addRoleConflict(id, 'grants', { before: lists === 'any' ? null : lists.at(-1), now: now ?? null });
  else if (was) edit(roles, id, { grants: was });
}

function edit(
  roles: Map<RoleKey, Role>,
  id: RoleId,
  patch: Partial<Pick<Role, 'name' | 'description' | 'grants'>>,
): void {
  const role = roles.get(liveKey(id));
  if (role) roles.set(role.key, { ...role, ...patch });
}
