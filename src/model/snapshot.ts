import type { Catalogue, Grant } from './grant.js';
import type { Person } from './person.js';
import type { PersonId, RoleId } from './ids.js';

/** A live role as read. */
export interface LiveRole {
  id: RoleId;
  name: string;
  description: string;
  /** Sorted, without repeats. */
  grants: readonly Grant[];
  /** As the instance counts them, a hint; null where it gives no count. */
  userCount: number | null;
  /** As the instance counts them: a hint that may be one higher than the truth. */
  grantCount: number | null;
}

/** The roles allowlist: the ids on it, or off, or not readable by this token or on this instance. */
export type LiveAllowlist = readonly RoleId[] | 'off' | 'unreadable';

/** Who is in which role. */
export interface LivePeople {
  /**
   * `all`: all people on the instance. `admins`: only people in roles that hold `authorization.roles`;
   * enough where no grants change, no one moves and nothing is deleted.
   */
  scope: 'all' | 'admins';
  /** Sorted by id. */
  list: readonly Person[];
}

/** Live state as read: what plans are made from. Everything in it is normalised and sorted. */
export interface Snapshot {
  /** Instance name, lower case, without `.domo.com`; `sandbox` for the embedded one. */
  instance: string;
  /** True for the embedded instance: plans made on it apply to nothing else. */
  sandbox: boolean;
  /** The acting person; null in a snapshot that was written without one. */
  me: { id: PersonId; email: string | null; name: string } | null;
  /** Sorted by id. */
  roles: readonly LiveRole[];
  people: LivePeople;
  defaultRoleId: RoleId;
  allowlist: LiveAllowlist;
  catalogue: Catalogue;
}
