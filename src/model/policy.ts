import type { PersonRef } from './person.js';
import { hasPassed } from './until.js';
import type { AccessRule } from './access-rule.js';
import type { Grant } from './grant.js';
import { byCodeUnit } from './sort.js';

export type { PersonRef } from './person.js';

/** A limit: a fixed number, or a share of the total with a minimum. */
export type Limit = { count: number } | { percent: number; floor: number };

/** The kind of difference that is accepted. */
export type DriftSubject = 'grants' | 'members' | 'description' | 'defaultRole' | 'allowlist' | 'unmanaged';

interface AcceptedFields {
  reason: string;
  /** The last day on which it is accepted, `YYYY-MM-DD`, UTC; or the time, with a zone, at which acceptance ends. */
  until: string;
}

/** A known difference from the manifest that is left alone temporarily. */
export interface AcceptedDifference extends AcceptedFields {
  what: DriftSubject;
  /** End-state name; null for `defaultRole` and `allowlist`. For `unmanaged`, the live role's name, or null for all. */
  role: string | null;
  /** With `members`: these people only. Null: all of them. */
  people: readonly PersonRef[] | null;
}

/** Roles and people that may violate a rule until a date. At least one is named. */
export interface AcceptedViolation extends AcceptedFields {
  what: 'rule';
  /** The name of the rule. */
  rule: string;
  /** End-state names; sorted. Null: none are named. */
  roles: readonly string[] | null;
  /** Null: none are named. */
  people: readonly PersonRef[] | null;
  role: null;
}

/** Something known that is left alone temporarily. */
export type AcceptedDrift = AcceptedDifference | AcceptedViolation;

/** The limits that a manifest sets for its plans. */
export interface Policy {
  unmanagedRoles: 'ignore' | 'report' | 'fail' | 'delete';
  /** End-state name of the role that receives people who are removed from an exact list. */
  removedMembersTo: string | null;
  minAdmins: number;
  requiredAdmins: readonly PersonRef[];
  /** Null: the default, the admin-level grants. */
  protectedGrants: readonly Grant[] | null;
  maxDeletes: Limit;
  maxMoves: Limit;
  maxGrantChanges: Limit;
  /** In the order of the manifest, so that messages can give the position of an entry. */
  acceptedDrift: readonly AcceptedDrift[];
  /** Rules about the end state of the whole instance; sorted by name. */
  rules: readonly AccessRule[];
}

/** A policy as files set it. The grants that it protects may still depend on the instance. */
export interface StatedPolicy extends Policy {
  /** Grants that a policy file protects besides the default ones; only where `protectedGrants` is null. */
  alsoProtected?: readonly Grant[];
}

/** The keys of a policy that limit what one plan may change. */
export type LimitKey = { [K in keyof Policy]: Policy[K] extends Limit ? K : never }[keyof Policy];

const DEFAULT_LIMITS: Readonly<Record<LimitKey, Limit>> = {
  maxDeletes: { percent: 20, floor: 1 },
  maxMoves: { percent: 30, floor: 10 },
  maxGrantChanges: { percent: 30, floor: 20 },
};

export const LIMIT_KEYS = Object.keys(DEFAULT_LIMITS) as readonly LimitKey[];

/** The policy of a manifest that sets none (docs/reference/manifest.md, *Policy*). */
export const DEFAULT_POLICY: Policy = {
  unmanagedRoles: 'report',
  removedMembersTo: null,
  minAdmins: 1,
  requiredAdmins: [],
  protectedGrants: null,
  ...DEFAULT_LIMITS,
  acceptedDrift: [],
  rules: [],
};

/** Addresses first, then ids by number; for one id, by the address next to it. */
export function byPerson(a: PersonRef, b: PersonRef): number {
  if (!('id' in a)) return 'id' in b ? -1 : byCodeUnit(a.email, b.email);
  return 'id' in b ? a.id - b.id || byCodeUnit(a.email ?? '', b.email ?? '') : 1;
}

/** The accepted drift that has not expired at `now` (ISO 8601), in the order of the manifest. */
export function acceptedInForce(
  { acceptedDrift }: Pick<Policy, 'acceptedDrift'>,
  now: string,
): AcceptedDrift[] {
  return acceptedDrift.filter(({ until }) => !hasPassed(until, now));
}
