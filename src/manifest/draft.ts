import type { PersonRef } from '../model/policy.js';
import type { ManifestMember } from './manifest.js';
import type { Place, Spot } from './yaml-values.js';

/**
 * A merged manifest as typed values with places, before any rule was asked. What has the wrong form is left
 * out (the schema has told of it), so that the rules still find everything else.
 */
export interface Draft {
  /** The start of the first file. */
  at: Place;
  /** True when every file has the form of the schema, so that nothing was left out. */
  whole: boolean;
  /** The files that were given, by the name that places carry: all others are bases. */
  given: ReadonlySet<string>;
  instance: Spot<string> | null;
  defaultRole: Spot<string> | null;
  allowlist: { at: Place; names: readonly Spot<string>[] | 'off' } | null;
  grantSets: ReadonlyMap<string, DraftGrantSet>;
  roles: ReadonlyMap<string, DraftRole>;
  removed: readonly Spot<string>[];
  policy: DraftPolicy;
}

export interface DraftGrantSet {
  at: Place;
  grants: readonly Spot<string>[];
}

export interface DraftRole {
  name: string;
  /** The role's key. */
  at: Place;
  id: Spot<number> | null;
  description: Spot<string> | null;
  /** Keys that the role says, of whatever form. */
  said: ReadonlyMap<string, Place>;
  basedOn: Spot<string> | null;
  renamedFrom: readonly Spot<string>[];
  grants: DraftGrants | null;
  members: DraftMembers | null;
}

export interface DraftGrants {
  at: Place;
  /** True for the list form. */
  plain: boolean;
  mode: 'exact' | 'additive';
  /** Whether the map form says its mode. */
  saysMode: boolean;
  from: readonly Spot<string>[];
  sets: readonly Spot<string>[];
  /** Null where the map form does not say it. */
  add: readonly Spot<string>[] | null;
  remove: readonly Spot<string>[];
  optional: readonly Spot<string>[];
  /** How many things it says to hold, those of the wrong form too. */
  weight: number;
}

export interface DraftMembers {
  at: Place;
  plain: boolean;
  mode: 'exact' | 'additive';
  saysMode: boolean;
  /** Null where the map form does not say it. */
  users: readonly Spot<PersonRef>[] | null;
  file: Spot<string> | null;
  /** How many people it names by itself, those of the wrong form too. */
  weight: number;
  /** What the members file lists; null until it was read, or where it could not be. */
  listed: readonly ManifestMember[] | null;
}

export interface DraftPolicy {
  unmanagedRoles: Spot<'ignore' | 'report' | 'fail' | 'delete'> | null;
  removedMembersTo: Spot<string> | null;
  minAdmins: Spot<number> | null;
  requiredAdmins: readonly Spot<PersonRef>[] | null;
  protectedGrants: readonly Spot<string>[] | null;
  maxDeletes: Spot<number | string> | null;
  maxMoves: Spot<number | string> | null;
  maxGrantChanges: Spot<number | string> | null;
  acceptedDrift: readonly DraftDrift[];
}

export interface DraftDrift {
  at: Place;
  role: Spot<string> | null;
  what: Spot<string> | null;
  people: readonly Spot<PersonRef>[] | null;
  reason: Spot<string> | null;
  until: Spot<string> | null;
}

/** How a person is written in messages, and the form in which two spellings of one are equal. */
export function personText(ref: PersonRef): string {
  return 'email' in ref ? ref.email : `id ${ref.id}`;
}
