import type { RoleId } from '../model/ids.js';
import type { LiveAllowlist } from '../model/snapshot.js';
import { idFrom, listFrom } from './parse-values.js';
import type { WireRecord } from './wire.js';

/** Returns the default role of the role settings; null if the response lacks it. */
export function defaultRoleFrom(settings: WireRecord | null): RoleId | null {
  const id = settings?.defaultRoleId ?? null;
  return id === null ? null : idFrom(id, 'the default role');
}

/** Returns the allowlist of the role settings: sorted ids, `off` for null, `unreadable` if the response lacks it. */
export function allowlistFrom(settings: WireRecord | null): LiveAllowlist {
  const value = settings?.allowlistRoleIds;
  if (value === null) return 'off';
  if (value === undefined) return 'unreadable';
  const ids = listFrom(value, 'the roles allowlist').map((id) => idFrom(id, 'a role on the allowlist'));
  return [...new Set(ids)].sort((a, b) => a - b);
}
