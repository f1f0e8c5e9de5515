import { SYSTEM_ROLES, liveKey } from './role.js';
import type { RoleKey } from './role.js';
import { sortKeys } from './state.js';
import type { AllowlistKeys } from './state.js';

/*
 * Domo keeps Social and the default role on every list (docs/reference/domo-api.md), so what is expected and what is sent
 * names them too.
 */

/** The allowlist of these roles, with those that Domo keeps on it. */
export function allowlistOf(keys: Iterable<RoleKey>, defaultRole: RoleKey): readonly RoleKey[] {
  return sortKeys([...keys, liveKey(SYSTEM_ROLES.Social), defaultRole]);
}

/** The allowlist after a role became the default: Domo adds it, and keeps the one before it. */
export function allowlistWithDefault(allowlist: AllowlistKeys, defaultRole: RoleKey): AllowlistKeys {
  return typeof allowlist === 'string' ? allowlist : sortKeys([...allowlist, defaultRole]);
}
