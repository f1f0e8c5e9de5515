import type { Grant } from '../model/grant.js';
import type { ProblemError } from '../problem/problem.js';
import type { PersonId, RoleId } from '../model/ids.js';

/** The response to a write. None of these proves anything: only reading back does. */
export type WriteAnswer =
  /** The server accepted it (2xx). */
  | { kind: 'accepted'; id: RoleId | null; status: number }
  /** The server refused it (4xx, or a final 5xx); the change may have been made all the same. */
  | { kind: 'refused'; status: number; message: string; retryAfterMs?: number }
  /** No response came, or none that can be read: the change may or may not have been made. */
  | { kind: 'lost'; message: string }
  /** No request can have reached the instance. */
  | { kind: 'unsent'; message: string; cause: ProblemError };

/**
 * One call for each kind of change. Idempotent calls retry by themselves within the time budget; a
 * create is sent once. A write that is refused for lack of permission (401, 403) answers `refused` like
 * any other.
 */
export interface LiveWriter {
  createRole(role: { name: string; description: string; fromRoleId: RoleId }): Promise<WriteAnswer>;
  updateRole(role: { id: RoleId; name: string; description: string }): Promise<WriteAnswer>;
  setGrants(roleId: RoleId, grants: readonly Grant[]): Promise<WriteAnswer>;
  moveMembers(roleId: RoleId, people: readonly PersonId[]): Promise<WriteAnswer>;
  /**
   * `allowlist` is the list as it is live. Where that is off or unreadable, the form of the request is used that
   * does not change it.
   */
  setDefaultRole(roleId: RoleId, allowlist: readonly RoleId[] | 'off' | 'unreadable'): Promise<WriteAnswer>;
  /** `null` turns the list off. */
  setAllowlist(allowlist: readonly RoleId[] | null, defaultRoleId: RoleId): Promise<WriteAnswer>;
  deleteRole(roleId: RoleId): Promise<WriteAnswer>;
}
