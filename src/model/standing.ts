import type { Grant } from './grant.js';
import type { PersonId, RoleId } from './ids.js';
import type { PlanRoleId } from './role-id.js';

/** A difference that stays, because the manifest accepts it for a time. */
export interface Accepted {
  what: string;
  role: string | null;
  reason: string;
  until: string;
  /** A sentence that describes the difference. */
  difference: string;
  /** The role that the entry names. People are also listed under the other role concerned. */
  acceptedFor: string | null;
  /** All people whose difference is accepted. */
  people: readonly AcceptedPerson[];
  /** All grants whose difference is accepted. */
  grants: { extra: readonly Grant[]; missing: readonly Grant[] };
}

/** A person who stays in their role because of accepted drift. */
export interface AcceptedPerson {
  /** Null for an address that is not on the instance. */
  id: PersonId | null;
  email: string | null;
  /** The role they are in; null for people who are not on the instance. */
  from: string | null;
  /** The role that lists them; null if none does. */
  to: string | null;
}

/** A live role that the manifest does not name. */
export interface UnmanagedRole {
  id: RoleId;
  name: string;
  people: number | null;
  grants: number;
}

/** Who is responsible for a role of the manifest. */
export interface RoleOwner {
  /** End-state name. */
  role: string;
  roleId: PlanRoleId;
  owner: string;
}

/**
 * Why a person moves: another role lists them; they are not on the exact list of their role; their role is deleted; or
 * their timed entry has ended, and they go to `removedMembersTo` (`expired`) or to the role that lists them without
 * `until` (`returns`).
 */
export type MoveReason = 'listed' | 'taken-out' | 'role-deleted' | 'expired' | 'returns';

/** Does the manifest list a person in the role that they move to? */
export function isListed(why: MoveReason): why is 'listed' | 'returns' {
  return why === 'listed' || why === 'returns';
}

/** Does a person move because their entry has ended? */
export function isEnd(why: MoveReason): why is 'expired' | 'returns' {
  return why === 'expired' || why === 'returns';
}
