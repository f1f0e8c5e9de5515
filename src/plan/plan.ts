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

/** Version of the plan file's form; another one is refused. */
export const PLAN_FORMAT = 1;

/** A person as reports name one. */
export interface PlanPerson {
  id: PersonId;
  email: string | null;
}

/** Who gains and who loses one grant, over effective access before and after the whole plan. */
export interface Impact {
  grant: Grant;
  title: string | null;
  protected: boolean;
  /** Sorted by address, then id. People without the grant before and with it after. */
  gains: readonly PlanPerson[];
  loses: readonly PlanPerson[];
  /** How many in all: the lists hold at most `impactLimit` people each, those of protected grants everyone. */
  gainCount: number;
  loseCount: number;
}

/** A refusal that a flag has allowed. */
export interface Allowed extends Refusal {
  reason: string | null;
}

/** A warning as documents carry it. */
export interface PlanWarning {
  code: ProblemCode;
  message: string;
  file: string | null;
  line: number | null;
  column: number | null;
  hint: string | null;
}

/** The guards that a policy can weaken; each as the code of its refusals. */
export type WeakenedCode =
  'escalation' | 'max-deletes' | 'max-grant-changes' | 'max-moves' | 'min-admins' | 'unmanaged-roles';

/** A guard that the policy makes weaker than it is by default. */
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
  /** For a limit, what both figures were counted of; null for all others. */
  of: number | null;
  /** For protected grants, the default ones that are left out. Sorted. */
  grants: readonly Grant[];
}

/** A rule of the policy, for readers: what it demands stands in `policy.rules` for programs. */
export interface RuleInForce {
  name: string;
  level: 'refuse' | 'warn';
  /** What it demands, in a sentence without a full stop. */
  text: string;
}

/** How many of what. */
export interface PlanSummary {
  changes: number;
  byKind: Readonly<Record<ChangeKind, number>>;
  rolesCreated: number;
  rolesRenamed: number;
  rolesDeleted: number;
  grantsAdded: number;
  grantsRemoved: number;
  peopleMoved: number;
  /** Requests that will be sent for these changes, without reads and without those that depend on a condition. */
  requests: number;
  refusals: number;
  warnings: number;
  /** Roles of the manifest that need no change. */
  unchanged: number;
}

/** What a plan relied on of one live object: the hash and, for a useful message, the fields. */
export interface Fingerprint {
  /** `role:810756122`, `person:1345408759`, `defaultRole`, `allowlist`, `me`. */
  object: string;
  /** The same in parts; what the program goes by. */
  of: ObjectRef;
  /** As a message names it: `role "Analyst"`. */
  label: string;
  /** The fields that were relied on, as read. Values are strings, numbers, lists of these or null. */
  fields: Readonly<Record<string, unknown>>;
  /** `sha256:` over the canonical JSON of the fields. */
  digest: string;
}

/** A plan: the ordered changes from a snapshot to a manifest, and all that a reviewer needs to know of them. Plain JSON. */
export interface Plan {
  formatVersion: typeof PLAN_FORMAT;
  kind: 'plan';
  /** Version of the program that made it. */
  madeBy: string;
  /** ISO 8601, UTC; the one part that differs between equal plans. */
  madeAt: string;
  instance: string;
  sandbox: boolean;
  /** Who made it: the acting person of the snapshot. */
  me: PlanPerson | null;
  /** True when it was made against a snapshot file. */
  offline: boolean;
  /** There where the plan ends memberships and changes nothing else. */
  onlyExpired?: true;
  manifest: { files: readonly { path: string; digest: string }[] };
  summary: PlanSummary;
  changes: readonly Change[];
  /** Protected grants first, then by name. */
  impact: readonly Impact[];
  impactLimit: number;
  refusals: readonly Refusal[];
  allowed: readonly Allowed[];
  /** Guards that the policy makes weaker than they are by default. Sorted by code. */
  weakenedGuards: readonly WeakenedGuard[];
  /** The accepted drift in force when it was made, whether it met anything or not: the policy's, without what has passed. */
  acceptedDrift: readonly AcceptedDrift[];
  /** The rules of the policy, sorted by name. */
  rules: readonly RuleInForce[];
  accepted: readonly Accepted[];
  warnings: readonly PlanWarning[];
  unmanaged: { policy: Policy['unmanagedRoles']; roles: readonly UnmanagedRole[] };
  /** Addresses and ids that the manifest lists and the instance does not have. */
  missingPeople: readonly string[];
  /** Roles with grants that are held only because others need them. */
  held: readonly { role: string; grants: readonly { grant: Grant; neededBy: readonly Grant[] }[] }[];
  /** Who is responsible for the roles of the manifest, whether they change or not. Sorted by role. */
  owners: readonly RoleOwner[];
  /** The policy in force when it was made: with a policy file laid over it, if there was one. */
  policy: Policy;
  /** The policy file that was laid over the manifest's own policy; left out where there was none. */
  policyFile?: PolicyFile;
  fingerprints: readonly Fingerprint[];
  /** `sha256:` over the canonical JSON of all the rest but `madeAt`: shows that a file was touched. */
  digest: string;
}
