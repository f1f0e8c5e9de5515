import type { Grant } from '../model/grant.js';
import type { AcceptedDrift, Policy } from '../model/policy.js';
import type { PolicyFile } from '../model/policy-overlay.js';
import type { Refusal } from '../model/refusal.js';
import type { Accepted, RoleOwner, UnmanagedRole } from '../model/standing.js';
import type { ProblemCode } from '../problem/codes.js';
import type { Change, ChangeKind } from './change.js';
import type { ObjectRef } from './object-ref.js';
import type { PersonId } from '../model/ids.js';

export type { Accepted, UnmanagedRole } from '../model/standing.js';
export type { Refusal } from '../model/refusal.js';

/** Version of the plan file's format; other versions are refused. */
export const PLAN_FORMAT = 1;

/** A person as shown in reports. */
export interface PlanPerson {
  id: PersonId;
  email: string | null;
}

/** The people who gain and lose one grant: effective access before and after the whole plan. */
export interface Impact {
  grant: Grant;
  title: string | null;
  protected: boolean;
  /** Sorted by address, then id. People without the grant before and with it after. */
  gains: readonly PlanPerson[];
  loses: readonly PlanPerson[];
  /** The totals. The lists contain at most `impactLimit` people each; lists of protected grants are complete. */
  gainCount: number;
  loseCount: number;
}

/** A refusal that a flag allowed. */
export interface Allowed extends Refusal {
  reason: string | null;
}

/** A warning in the form of documents. */
export interface PlanWarning {
  code: ProblemCode;
  message: string;
  file: string | null;
  line: number | null;
  column: number | null;
  hint: string | null;
}

/** The codes of guards that a policy can weaken. */
export type WeakenedCode =
  'escalation' | 'max-deletes' | 'max-grant-changes' | 'max-moves' | 'min-admins' | 'unmanaged-roles';

/** The codes of limits. */
export type LimitCode = Extract<WeakenedCode, `max-${string}`>;

/** A guard that the policy makes weaker than its default. */
export interface WeakenedGuard {
  code: WeakenedCode;
  /** The manifest key that weakens it. */
  key: string;
  /**
   * What is in force: for a limit, the figure that it gives on this instance; for protected grants, how many of
   * the default ones are protected; else the value of the key.
   */
  value: number | string;
  /** The same by default. */
  default: number | string;
  /** For a limit, the total that both figures refer to; null otherwise. */
  of: number | null;
  /** For protected grants, the default ones that are no longer protected. Sorted. */
  grants: readonly Grant[];
}

/** A rule of the policy, for readers. Programs find its definition in `policy.rules`. */
export interface RuleInForce {
  name: string;
  level: 'refuse' | 'warn';
  /** The rule as a sentence without a full stop. */
  text: string;
}

/** Counts of a plan's changes. */
export interface PlanSummary {
  changes: number;
  byKind: Readonly<Record<ChangeKind, number>>;
  rolesCreated: number;
  rolesRenamed: number;
  rolesDeleted: number;
  grantsAdded: number;
  grantsRemoved: number;
  peopleMoved: number;
  /** The number of write requests, without those that depend on a condition. */
  requests: number;
  refusals: number;
  warnings: number;
  /** Roles of the manifest that need no change. */
  unchanged: number;
}

/** The state of a live object that a plan relied on: a hash and, for messages, the fields. */
export interface Fingerprint {
  /** `role:810756122`, `person:1345408759`, `defaultRole`, `allowlist`, `me`. */
  object: string;
  /** The same as data, for code. */
  of: ObjectRef;
  /** The label in messages: `role "Analyst"`. */
  label: string;
  /** The fields that were relied on, as read. Values are strings, numbers, lists of these or null. */
  fields: Readonly<Record<string, unknown>>;
  /** `sha256:` over the canonical JSON of the fields. */
  digest: string;
}

/** A plan: the ordered changes from a snapshot to a manifest, with everything that a reviewer needs. Plain JSON. */
export interface Plan {
  formatVersion: typeof PLAN_FORMAT;
  kind: 'plan';
  /** Version of the program that made it. */
  madeBy: string;
  /** ISO 8601, UTC; the one part that differs between equal plans. */
  madeAt: string;
  instance: string;
  sandbox: boolean;
  /** The person who made it: the acting person of the snapshot. */
  me: PlanPerson | null;
  /** True if it was made from a snapshot file. */
  offline: boolean;
  /** When that snapshot was taken, if it says so. ISO 8601, UTC. */
  takenAt?: string;
  /** Present if the plan only ends memberships. */
  onlyExpired?: true;
  manifest: { files: readonly { path: string; digest: string }[] };
  summary: PlanSummary;
  changes: readonly Change[];
  /** Protected grants first, then by name. */
  impact: readonly Impact[];
  impactLimit: number;
  refusals: readonly Refusal[];
  allowed: readonly Allowed[];
  /** Guards that the policy makes weaker than their defaults. Sorted by code. */
  weakenedGuards: readonly WeakenedGuard[];
  /** The policy's accepted drift that had not expired when the plan was made, whether it matched anything or not. */
  acceptedDrift: readonly AcceptedDrift[];
  /** The rules of the policy, sorted by name. */
  rules: readonly RuleInForce[];
  accepted: readonly Accepted[];
  warnings: readonly PlanWarning[];
  unmanaged: { policy: Policy['unmanagedRoles']; roles: readonly UnmanagedRole[] };
  /** Addresses and ids in the manifest that are not on the instance. */
  missingPeople: readonly string[];
  /** Roles with grants that are held only because other grants depend on them. */
  held: readonly { role: string; grants: readonly { grant: Grant; neededBy: readonly Grant[] }[] }[];
  /** The owners of the manifest's roles, changed or not. Sorted by role. */
  owners: readonly RoleOwner[];
  /** The policy in force when it was made, including a policy file. */
  policy: Policy;
  /** The policy file that was applied to the manifest's policy; absent without one. */
  policyFile?: PolicyFile;
  fingerprints: readonly Fingerprint[];
  /** `sha256:` over the canonical JSON of everything but `madeAt`: reveals edits of a file. */
  digest: string;
}
