import type { Grant } from '../model/grant.js';
import type { ProblemError } from '../problem/problem.js';

/** What came of sending a write. None of these is proof: only reading back is. */
export type WriteAnswer =
  /** The instance said yes (2xx). */
  | { kind: 'yes'; id: number | null; status: number }
  /** It said no (4xx, or a final 5xx); it may have done it all the same. */
  | { kind: 'no'; status: number; message: string; retryAfterMs?: number }
  /** No answer came, or none that can be read: it may or may not have been done. */
  | { kind: 'nothing'; message: string }
  /** No request can have reached the instance. */
  | { kind: 'unsent'; message: string; cause: ProblemError };

/**
 * One call for each kind of change. Idempotent calls retry by themselves within the time budget; a
 * create is sent once. A write that was refused for want of permission (401, 403) answers `no` like
 * any other.
 */
export interface LiveWriter {
  createRole(role: { name: string; description: string; fromRoleId: number }): Promise<WriteAnswer>;
  updateRole(role: { id: number; name: string; description: string }): Promise<WriteAnswer>;
  setGrants(roleId: number, grants: readonly Grant[]): Promise<WriteAnswer>;
  moveMembers(roleId: number, people: readonly number[]): Promise<WriteAnswer>;
  /** `allowlist` is the list as it is live; the form that does not touch it is used where it is off or unreadable. */
  setDefaultRole(roleId: number, allowlist: readonly number[] | 'off' | 'unreadable'): Promise<WriteAnswer>;
  /** `null` turns the list off. */
  setAllowlist(allowlist: readonly number[] | null, defaultRoleId: number): Promise<WriteAnswer>;
  deleteRole(roleId: number): Promise<WriteAnswer>;
}
