import type { Accepted, MoveReason, RoleOwner, UnmanagedRole } from '../model/standing.js';
import type { RoleKey } from '../model/role.js';
import type { State } from '../model/state.js';
import type { EndGrants, HeldGrants } from './end-grants.js';
import { noFindings } from './findings.js';
import type { Findings } from './findings.js';
import { NO_ENDS } from './member-ends.js';
import type { MemberEnds } from './member-ends.js';
import type { MissingMember } from './missing-people.js';
import type { PersonId } from '../model/ids.js';

/** The end state that a manifest wants of an instance, and what is needed to get there. */
export interface DesiredTarget {
  state: State;
  /** For each role to be made: the live role it starts from, and with what grants. */
  starts: EndGrants['starts'];
  /** Why people move. */
  why: ReadonlyMap<PersonId, MoveReason>;
  /** Of people who move because of an entry with until, or because it has ended: that `until`. */
  until: ReadonlyMap<PersonId, string>;
  /** Entries that have ended and those that end soon. */
  ends: MemberEnds;
  /** Roles of the manifest, by key: the ones that a plan may change and a report shows. */
  managed: ReadonlySet<RoleKey>;
  /** Does the manifest set the allowlist? Otherwise it is never written. */
  managesAllowlist: boolean;
}

/** What was found on the way to the end state. */
export interface DesiredFindings extends Findings {
  held: readonly HeldGrants[];
  missingPeople: readonly string[];
  /** The same, by the role that lists them. */
  missingIn: readonly MissingMember[];
  /** People who are to leave an exact list and have nowhere to go. */
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

/** An end state that no manifest was resolved for: nothing was found but what is given. */
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
      held: [],
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
