import { SYSTEM_ROLES } from '../model/role.js';
import type { LiveAllowlist } from '../model/snapshot.js';
import type { RoleId } from '../model/ids.js';

/**
 * Does the live allowlist match the requested one? Domo always keeps the default role and Social on it
 * (docs/reference/domo-api.md), so these may be extra. A null in `wanted` is a role that does not exist.
 */
export function sameAllowlist(
  live: LiveAllowlist,
  wanted: readonly (RoleId | null)[] | 'off',
  defaultRoleId: RoleId,
): boolean {
  if (typeof live === 'string' || wanted === 'off') return live === wanted;
  return (
    wanted.every((id) => id !== null && live.includes(id)) &&
    live.every((id) => wanted.includes(id) || id === defaultRoleId || id === SYSTEM_ROLES.Social)
  );
}

/** Is the live allowlist exactly the one that a plan recorded? */
export function isRecordedList(live: LiveAllowlist, recorded: unknown): boolean {
  if (typeof live === 'string' || !Array.isArray(recorded)) return live === recorded;
  return live.length === recorded.length && live.every((id) => recorded.includes(id));
}
