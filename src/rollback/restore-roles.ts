import { holds, sameGrants } from '../apply/compare-grants.js';
import { dependenciesOf } from '../model/closure.js';
import { liveKey, newRole } from '../model/role.js';
import type { Role, RoleKey } from '../model/role.js';
import type { LiveRole } from '../model/snapshot.js';
import { stateOf } from '../model/state.js';
import type { RollbackContext } from './context.js';

/** The roles as they are after a rollback; those that the run made are still among them. */
export interface RestoredRoles {
  roles: Map<RoleKey, Role>;
  /** Roles that are made again, by key, as they were. */
  recreated: ReadonlyMap<RoleKey, LiveRole>;
}

/** Takes names, descriptions and grants back, and makes deleted roles again. */
export function restoreRoles(context: RollbackContext): RestoredRoles {
  const { result: left, live, liveRoles, rolesBefore } = context;
  const roles = new Map<RoleKey, Role>(stateOf(live).roles);
  const remade = new Map<RoleKey, LiveRole>();
  for (const id of left.deleted) {
    const role = rolesBefore.get(id);
    if (!role || liveRoles.has(id)) continue;
    const { name, description, grants } = role;
    const made = newRole({ name, description, grants });
    remade.set(made.key, role);
    roles.set(made.key, made);
  }
  for (const id of left.texts.keys()) textBack(id, context, roles);
  for (const id of left.grants.keys()) grantsBack(id, context, roles);
  return { roles, recreated: remade };
}

function textBack(id: number, context: RollbackContext, roles: Map<RoleKey, Role>): void {
  const { result: left, liveRoles, rolesBefore, isGone, addRoleConflict: roleMoved } = context;
  if (isGone(id)) return;
  const now = liveRoles.get(id);
  for (const field of ['name', 'description'] as const) {
    const was = rolesBefore.get(id)?.[field];
    const values = (left.texts.get(id) ?? []).map((text) => text[field]);
    // What the run wrote along without changing it is not its own.
    if (was !== undefined && values.every((value) => value === was)) continue;
    if (now && now[field] === was) continue;
    if (!now || !values.includes(now[field]))
      roleMoved(id, field, { before: values.at(-1), now: now?.[field] ?? null });
    else if (was !== undefined) edit(roles, id, { [field]: was });
  }
}

function grantsBack(id: number, context: RollbackContext, roles: Map<RoleKey, Role>): void {
  const { result: left, live, liveRoles, rolesBefore, isGone, addRoleConflict: roleMoved } = context;
  if (isGone(id)) return;
  const now = liveRoles.get(id)?.grants;
  const was = rolesBefore.get(id)?.grants;
  const lists = left.grants.get(id) ?? 'any';
  if (now && was && sameGrants(now, was)) return;
  const deps = dependenciesOf(live.catalogue);
  const asLeft = now && (lists === 'any' || lists.some((list) => holds(now, list, deps)));
  if (!asLeft) roleMoved(id, 'grants', { before: lists === 'any' ? null : lists.at(-1), now: now ?? null });
  else if (was) edit(roles, id, { grants: was });
}

function edit(
  roles: Map<RoleKey, Role>,
  id: number,
  patch: Partial<Pick<Role, 'name' | 'description' | 'grants'>>,
): void {
  const role = roles.get(liveKey(id));
  if (role) roles.set(role.key, { ...role, ...patch });
}
