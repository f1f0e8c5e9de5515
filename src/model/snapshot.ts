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
  /** The instance's own count of people, a hint; null if it gives none. */
  userCount: number | null;
  /** The instance's own count of grants: a hint that may be one too high. */
  grantCount: number | null;
}

/** The roles allowlist: its ids, `off`, or `unreadable` with this token or on this instance. */
export type LiveAllowlist = readonly RoleId[] | 'off' | 'unreadable';

/** Who is in which role. */
export interface LivePeople {
  /**
   * `all`: all people on the instance. `admins`: only people in roles that hold `authorization.roles`;
   * enough if no grants change, no one moves and nothing is deleted.
   */
  scope: 'all' | 'admins';
  /** Sorted by id. */
  list: readonly Person[];
}

/** Live state as read, normalised and sorted: the input of every plan. */
export interface Snapshot {
  /** Instance name, lower case, without `.domo.com`; `sandbox` for the embedded one. */
  instance: string;
  /** True for the embedded instance: plans made on it apply to nothing else. */
  sandbox: boolean;
  /** When it was taken, if it was read from a file: reports name the time. ISO 8601, UTC. */
  takenAt?: string;
  /** The owner of the credential; null in a snapshot that was written without one. */
  me: { id: PersonId; email: string | null; name: string } | null;
  /** Sorted by id. */
  roles: readonly LiveRole[];
  people: LivePeople;
  defaultRoleId: RoleId;
  allowlist: LiveAllowlist;
  catalogue: Catalogue;
}
