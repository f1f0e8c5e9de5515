import type { PersonRef } from '../model/policy.js';
import type { ManifestMember } from './manifest.js';
import type { Place, SourceRange } from './yaml-values.js';

/**
 * A merged manifest as typed values with places, before any rule is checked. What has the wrong form is left
 * out (it is reported by the schema), so that the rules still find everything else.
 */
export interface ManifestDraft {
  /** The start of the first file. */
  at: Place;
  /** True when every file has the form of the schema, so that nothing was left out. */
  whole: boolean;
  /** The files that were given, by the name that places carry: all others are bases. */
  given: ReadonlySet<string>;
  instance: SourceRange<string> | null;
  defaultRole: SourceRange<string> | null;
  allowlist: { at: Place; names: readonly SourceRange<string>[] | 'off' } | null;
  grantSets: ReadonlyMap<string, DraftGrantSet>;
  roles: ReadonlyMap<string, DraftRole>;
  removed: readonly SourceRange<string>[];
  /** Roles that are marked as unmanaged, with the places of the marks. */
  leftAlone: ReadonlyMap<string, Place>;
  policy: DraftPolicy;
}

export interface DraftGrantSet {
  at: Place;
  grants: readonly SourceRange<string>[];
}

export interface DraftRole {
  name: string;
  /** The role's key. */
  at: Place;
  id: SourceRange<number> | null;
  description: SourceRange<string> | null;
  owner: SourceRange<string> | null;
  /** The keys of the role, whatever their values. */
  keys: ReadonlyMap<string, Place>;
  basedOn: SourceRange<string> | null;
  renamedFrom: readonly SourceRange<string>[];
  grants: DraftGrants | null;
  members: DraftMembers | null;
}

/** Grants as one list or map says them. */
export interface GrantLayer {
  from: readonly SourceRange<string>[];
  sets: readonly SourceRange<string>[];
  /** Null where the map form does not have it. */
  add: readonly SourceRange<string>[] | null;
  remove: readonly SourceRange<string>[];
  optional: readonly SourceRange<string>[];
}

/** The grants of a role. The lists hold the entries of all its layers, those of the uppermost first. */
export interface DraftGrants extends GrantLayer {
  at: Place;
  /** True for the list form. */
  plain: boolean;
  mode: 'exact' | 'additive';
  /** Does the map form set its mode? */
  hasMode: boolean;
  /** Does the map form take in what lies below? */
  inherits: boolean;
  /** Number of entries that add grants, those of the wrong form too. */
  entryCount: number;
  /** What is composed, the lowest first: more than one only where a map inherits. */
  layers: readonly GrantLayer[];
}

/** Members as one list or map says them. */
export interface MemberLayer {
  /** Null where the map form does not have it. */
  users: readonly DraftMember[] | null;
  file: SourceRange<string> | null;
  /** The people of the members file; null until it is read, or where it cannot be. */
  listed: readonly ManifestMember[] | null;
  remove: readonly SourceRange<PersonRef>[];
}

export interface DraftMembers {
  at: Place;
  plain: boolean;
  mode: 'exact' | 'additive';
  hasMode: boolean;
  /** Does the map form take in what lies below? */
  inherits: boolean;
  /** Number of people in the manifest itself, entries of the wrong form too. */
  entryCount: number;
  /** What is composed, the lowest first: more than one only where a map inherits. */
  layers: readonly MemberLayer[];
}

/** An entry of a list in the manifest itself, with the place of its end. */
export interface DraftMember extends ManifestMember {
  untilAt: Place | null;
}

export interface DraftPolicy {
  unmanagedRoles: SourceRange<'ignore' | 'report' | 'fail' | 'delete'> | null;
  removedMembersTo: SourceRange<string> | null;
  minAdmins: SourceRange<number> | null;
  requiredAdmins: readonly SourceRange<PersonRef>[] | null;
  protectedGrants: readonly SourceRange<string>[] | null;
  /** True where these are protected besides the default ones: a policy file lists them, and the manifest none. */
  besidesDefaults: boolean;
  maxDeletes: SourceRange<number | string> | null;
  maxMoves: SourceRange<number | string> | null;
  maxGrantChanges: SourceRange<number | string> | null;
  acceptedDrift: readonly DraftDrift[];
  rules: ReadonlyMap<string, DraftRule>;
}

/** A rule of the policy; what its form does not have is null. */
export interface DraftRule {
  name: string;
  /** The rule's key. */
  at: Place;
  level: SourceRange<string> | null;
  grants: readonly SourceRange<string>[] | null;
  role: SourceRange<string> | null;
  onlyRoles: readonly SourceRange<string>[] | null;
  maxPeople: SourceRange<number> | null;
  emails: readonly SourceRange<string>[] | null;
  neverTogether: readonly (readonly SourceRange<string>[])[] | null;
  exceptRoles: readonly SourceRange<string>[];
  exceptPeople: readonly SourceRange<PersonRef>[];
}

export interface DraftDrift {
  at: Place;
  role: SourceRange<string> | null;
  what: SourceRange<string> | null;
  rule: SourceRange<string> | null;
  roles: readonly SourceRange<string>[] | null;
  people: readonly SourceRange<PersonRef>[] | null;
  reason: SourceRange<string> | null;
  until: SourceRange<string> | null;
}

/** What decides who a person is, as text: the form in which two spellings of one are equal. */
export function personText(ref: PersonRef): string {
  return 'id' in ref ? `id ${ref.id}` : ref.email;
}
