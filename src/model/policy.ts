import { hasPassed } from './until.js';
import type { Grant } from './grant.js';
import type { PersonId } from './ids.js';
import { byCodeUnit } from './sort.js';

/** A limit: an exact number, or a share of what there is with a floor. */
export type Limit = { count: number } | { percent: number; floor: number };

/** A person as a manifest names one. E-mails are in lower case. */
export type PersonRef = { email: string } | { id: PersonId };

/** What accepted drift is about. */
export type DriftSubject = 'grants' | 'members' | 'description' | 'defaultRole' | 'allowlist' | 'unmanaged';

/** A known difference that is left alone for a time. */
export interface AcceptedDrift {
  /** End-state name; null for `defaultRole` and `allowlist`. For `unmanaged`, the live role's name, or null for all. */
  role: string | null;
  what: DriftSubject;
  /** With `members`: these people only. Null: all of them. */
  people: readonly PersonRef[] | null;
  reason: string;
  /** Last day on which it is accepted, `YYYY-MM-DD`, UTC; or the time from which it is not, with a zone. */
  until: string;
}

/** The rules of a manifest about what a plan may do. */
export interface Policy {
  unmanagedRoles: 'ignore' | 'report' | 'fail' | 'delete';
  /** End-state name of the role that takes people who are taken out. */
  removedMembersTo: string | null;
  minAdmins: number;
  requiredAdmins: readonly PersonRef[];
  /** Null: the default, the admin-level grants. */
  protectedGrants: readonly Grant[] | null;
  maxDeletes: Limit;
  maxMoves: Limit;
  maxGrantChanges: Limit;
  /** In the order of the manifest, so that messages find the place of an entry. */
  acceptedDrift: readonly AcceptedDrift[];
}

/** A policy as files set it, where what it protects may still depend on an instance. */
export interface StatedPolicy extends Policy {
  /** Grants that a policy file protects besides the default ones; only where `protectedGrants` is null. */
  alsoProtected?: readonly Grant[];
}

/** The policy of a manifest that sets none (docs/reference/manifest.md, *Policy*). */
export const DEFAULT_POLICY: Policy = {
  unmanagedRoles: 'report',
  removedMembersTo: null,
  minAdmins: 1,
  requiredAdmins: [],
  protectedGrants: null,
  maxDeletes: { percent: 20, floor: 1 },
  maxMoves: { percent: 30, floor: 10 },
  maxGrantChanges: { percent: 30, floor: 20 },
  acceptedDrift: [],
};

/** Addresses first, then ids by number. */
export function byPerson(a: PersonRef, b: PersonRef): number {
  if ('email' in a) return 'email' in b ? byCodeUnit(a.email, b.email) : -1;
  return 'email' in b ? 1 : a.id - b.id;
}

/** The accepted drift whose time has not passed, in the order of the manifest. */
export function acceptedInForce(
  { acceptedDrift }: Pick<Policy, 'acceptedDrift'>,
  now: string,
): AcceptedDrift[] {
  return acceptedDrift.filter(({ until }) => !hasPassed(until, now));
}
