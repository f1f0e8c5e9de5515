import type { Grant } from '../model/grant.js';
import type { ProblemError } from '../problem/problem.js';
import type { PersonId, RoleId } from '../model/ids.js';

/** The response to a write. It proves nothing: every write is confirmed by reading it back. */
export type WriteAnswer =
  /** The server accepted it (2xx). */
  | { kind: 'accepted'; id: RoleId | null; status: number }
  /** The server refused it (4xx, or a final 5xx); the change may still have been made. */
  | { kind: 'refused'; status: number; message: string; retryAfterMs?: number }
  /** No readable response: the change may or may not have been made. */
  | { kind: 'lost'; message: string }
  /** No request reached the instance. */
  | { kind: 'unsent'; message: string; cause: ProblemError };

/**
 * One method for each kind of change. Idempotent calls are retried within the time budget; a create is sent once.
 * Missing permission (401, 403) is `refused` like any other refusal.
 */
export interface LiveWriter {
  createRole(role: { name: string; description: string; fromRoleId: RoleId }): Promise<WriteAnswer>;
  updateRole(role: { id: RoleId; name: string; description: string }): Promise<WriteAnswer>;
  setGrants(roleId: RoleId, grants: readonly Grant[]): Promise<WriteAnswer>;
  moveMembers(roleId: RoleId, people: readonly PersonId[]): Promise<WriteAnswer>;
  /**
   * `allowlist` is the live list. If it is off or unreadable, the request does not contain it, so that it does not
   * change.
   */
  setDefaultRole(roleId: RoleId, allowlist: readonly RoleId[] | 'off' | 'unreadable'): Promise<WriteAnswer>;
  /** `null` turns the list off. */
  setAllowlist(allowlist: readonly RoleId[] | null, defaultRoleId: RoleId): Promise<WriteAnswer>;
  deleteRole(roleId: RoleId): Promise<WriteAnswer>;
}
