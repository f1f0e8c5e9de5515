import { SYSTEM_ROLES } from '../model/role.js';
import type { LiveAllowlist } from '../model/snapshot.js';
import type { RoleId } from '../model/ids.js';

/**
 * Is the live allowlist the one that was requested? Domo keeps the default role and Social on it whatever is
 * sent (docs/reference/domo-api.md), so these may be there too. A null in the list is a role that does not exist.
 */
export function sameAllowlist(
  live: LiveAllowlist,
  wanted: readonly (number | null)[] | 'off',
  defaultRoleId: RoleId,
): boolean {
  if (typeof live === 'string' || wanted === 'off') return live === wanted;
  return (
    wanted.every((id) => id !== null && live.includes(id)) &&
    live.every((id) => wanted.includes(id) || id === defaultRoleId || id === SYSTEM_ROLES.Social)
  );
}

/** Is the live allowlist, id by id, the one that a plan recorded? */
export function isRecordedList(live: LiveAllowlist, recorded: unknown): boolean {
  if (typeof live === 'string' || !Array.isArray(recorded)) return live === recorded;
  return live.length === recorded.length && live.every((id) => recorded.includes(id));
}
