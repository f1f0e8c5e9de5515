import type { PersonId } from '../model/ids.js';
import type { RoleKey } from '../model/role.js';
import type { Accepted, MoveReason, RoleOwner, UnmanagedRole } from '../model/standing.js';
import type { State } from '../model/state.js';
import { noFindings } from './findings.js';
import type { Findings } from './findings.js';
import type { ResolvedGrants, RetainedGrants } from './grants/resolve-grants.js';
import { NO_ENDS } from './members/member-ends.js';
import type { MemberEnds } from './members/member-ends.js';
import type { MissingMember } from './members/missing-people.js';

/** The end state that a manifest describes, and what the plan needs to reach it. */
export interface DesiredTarget {
  state: State;
  /** For each role to be created: the live role it is copied from, and its starting grants. */
  starts: ResolvedGrants['starts'];
  /** Why people move. */
  why: ReadonlyMap<PersonId, MoveReason>;
  /** The `until` of people who move because of a timed entry, or because it has ended. */
  until: ReadonlyMap<PersonId, string>;
  /** Entries that have ended, and entries that end soon. */
  ends: MemberEnds;
  /** Keys of the manifest's roles: those that a plan may change and a report shows. */
  managed: ReadonlySet<RoleKey>;
  /** Does the manifest set the allowlist? Otherwise it is never written. */
  managesAllowlist: boolean;
}

/** Findings of the resolution, besides the end state. */
interface DesiredFindings extends Findings {
  retained: readonly RetainedGrants[];
  missingPeople: readonly string[];
  /** The same, grouped by the role that lists them. */
  missingIn: readonly MissingMember[];
  /** People who must leave an exact list and have no destination role. */
  unplaced: ReadonlySet<PersonId>;
  unmanaged: readonly UnmanagedRole[];
  /** Sorted by role. */
  owners: readonly RoleOwner[];
  accepted: readonly Accepted[];
}

/** A manifest resolved against live state. */
export interface Desired {
  target: DesiredTarget;
  findings: DesiredFindings;
}

/** Builds an end state without resolving a manifest. Findings that are not given are empty. */
export function desiredOf(
  target: Pick<DesiredTarget, 'state'> & Partial<DesiredTarget>,
  findings: Partial<DesiredFindings> = {},
): Desired {
  return {
    target: {
      starts: new Map(),
      why: new Map(),
      until: new Map(),
      ends: NO_ENDS,
      managed: new Set(),
      managesAllowlist: false,
      ...target,
    },
    findings: {
      ...noFindings(),
      retained: [],
      missingPeople: [],
      missingIn: [],
      unplaced: new Set(),
      unmanaged: [],
      owners: [],
      accepted: [],
      ...findings,
    },
  };
}
