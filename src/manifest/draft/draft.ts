import type { PersonRef } from '../../model/policy.js';
import type { ManifestMember } from '../manifest.js';
import type { Place, SourceRange } from '../yaml/yaml-values.js';

/**
 * A merged manifest as typed values with places, before any rule is checked. Values of the wrong form are left out (the
 * schema reports them), so that rules can still check the rest.
 */
export interface ManifestDraft {
  /** The start of the first file. */
  at: Place;
  /** True if every file fits the schema, so that nothing was left out. */
  whole: boolean;
  /** The files that were named, as in places. All others are bases. */
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
  /** All keys of the role. */
  keys: ReadonlyMap<string, Place>;
  basedOn: SourceRange<string> | null;
  renamedFrom: readonly SourceRange<string>[];
  grants: DraftGrants | null;
  members: DraftMembers | null;
}

/** The grants of one list or map. */
export interface GrantLayer {
  from: readonly SourceRange<string>[];
  sets: readonly SourceRange<string>[];
  /** Null if the map form does not set it. */
  add: readonly SourceRange<string>[] | null;
  remove: readonly SourceRange<string>[];
  optional: readonly SourceRange<string>[];
}

/** What the grants and the members of a role have in common: a list, or a map with a mode and layers below. */
interface DraftListing {
  at: Place;
  /** True for the list form. */
  isList: boolean;
  mode: 'exact' | 'additive';
  /** Does the map form set its mode? */
  hasMode: boolean;
  /** Does the map form inherit the layers below? */
  inherits: boolean;
}

/** The grants of a role. The lists contain the entries of all layers, the topmost first. */
export interface DraftGrants extends DraftListing, GrantLayer {
  /** The number of entries that add grants, including invalid ones. */
  entryCount: number;
  /** The layers, the lowest first; more than one only if a map inherits. */
  layers: readonly GrantLayer[];
}

/** The members of one list or map. */
export interface MemberLayer {
  /** Null if the map form does not set it. */
  users: readonly DraftMember[] | null;
  file: SourceRange<string> | null;
  /** The people of the members file; null if it is not read yet or cannot be read. */
  listed: readonly ManifestMember[] | null;
  remove: readonly SourceRange<PersonRef>[];
}

export interface DraftMembers extends DraftListing {
  /** The number of people in the manifest itself, including invalid entries. */
  entryCount: number;
  /** The layers, the lowest first; more than one only if a map inherits. */
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
  /** True if these are protected in addition to the default ones: a policy file lists them and the manifest none. */
  besidesDefaults: boolean;
  maxDeletes: SourceRange<number | string> | null;
  maxMoves: SourceRange<number | string> | null;
  maxGrantChanges: SourceRange<number | string> | null;
  acceptedDrift: readonly DraftDrift[];
  rules: ReadonlyMap<string, DraftRule>;
}

/** A rule of the policy; keys that its form does not have are null. */
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
  /** False if a value that limits the rule is invalid, so that it must not be checked. */
  whole: boolean;
}

export interface DraftDrift {
  role: SourceRange<string> | null;
  what: SourceRange<string> | null;
  rule: SourceRange<string> | null;
  roles: readonly SourceRange<string>[] | null;
  people: readonly SourceRange<PersonRef>[] | null;
  reason: SourceRange<string> | null;
  until: SourceRange<string> | null;
}

/** The roles on the allowlist of a draft; empty if it has none, or turns it off. */
export function allowlisted({ allowlist }: Pick<ManifestDraft, 'allowlist'>): readonly SourceRange<string>[] {
  return allowlist && allowlist.names !== 'off' ? allowlist.names : [];
}

/** The text form of a person's reference, equal for all spellings of the same reference. */
export function personText(ref: PersonRef): string {
  return 'id' in ref ? `id ${ref.id}` : ref.email;
}
