import type { Grant } from '../model/grant.js';
import type { PersonRef, StatedPolicy } from '../model/policy.js';
import type { PolicyFile } from '../model/policy-overlay.js';
import type { Problem, Where } from '../problem/problem.js';
import type { RoleId } from '../model/ids.js';
import type { Place } from './yaml-values.js';

/**
 * The position of a thing in the manifest: the keys that lead to it after merging. In a list, a number is an index
 * in the order as written, and a text is the item itself.
 */
export type ManifestPath = readonly (string | number)[];

/** Grants as a manifest composes them; `sets` are already taken apart into `add`. */
export interface ManifestGrants {
  mode: 'exact' | 'additive';
  /** End-state names of roles whose grants are taken over. */
  from: readonly string[];
  /** Sorted, without repeats. */
  add: readonly Grant[];
  remove: readonly Grant[];
  /** Only where the instance has them. */
  optional: readonly Grant[];
  /**
   * What is composed, the lowest first; each list above then holds what is in any layer. Only where a role inherits
   * a list that removes something: what is removed below can be added again above.
   */
  layers?: readonly GrantsLayer[];
}

/** One layer of grants: what lies below, with `from`, `add` and `optional`, less `remove`. */
export type GrantsLayer = Pick<ManifestGrants, 'from' | 'add' | 'remove' | 'optional'>;

/** Members as a manifest names them; members files are already read in. */
export interface ManifestMembers {
  mode: 'exact' | 'additive';
  users: readonly ManifestMember[];
}

/** An entry of a role's list: a person, for how long, and its place (which may be a line of a members file). */
export interface ManifestMember {
  /** How the person is found: the id where the entry gives one, else the address. */
  ref: PersonRef;
  /** The address of the entry, in lower case, also where it stands beside an id; null where it gives none. */
  email: string | null;
  /** A day, UTC, to its end, or a time with a zone; null: without end. See `hasPassed`. */
  until: string | null;
  note: string | null;
  where: Place | null;
}

/** A role as a manifest wants it. Null means: not managed. */
export interface ManifestRole {
  name: string;
  id: RoleId | null;
  /** Trimmed. */
  description: string | null;
  /** Who is responsible for the role, trimmed: shown in reports and never sent. */
  owner: string | null;
  basedOn: string | null;
  renamedFrom: readonly string[];
  grants: ManifestGrants | null;
  members: ManifestMembers | null;
}

/** A file that was read. */
export interface ManifestFile {
  /** Relative to where the command was started, with forward slashes. */
  path: string;
  /** `sha256:` and 64 hexadecimal digits of the file's bytes. */
  digest: string;
}

/** A whole manifest, every file merged: valid by itself, not yet compared with anything live. */
export interface Manifest {
  /** Lower case, without `.domo.com`. */
  instance: string | null;
  defaultRole: string | null;
  allowlist: readonly string[] | 'off' | null;
  /** Sorted by name. */
  roles: readonly ManifestRole[];
  /** Sorted. */
  removed: readonly string[];
  /** Names of roles that are left alone: live roles of these names are not unmanaged. Sorted. */
  leftAlone: readonly string[];
  /** The policy in force: with a policy file laid over it, if there is one. */
  policy: StatedPolicy;
  /** The policy file that was laid over; left out where there is none. */
  policyFile?: PolicyFile;
  /** In the order in which they were read. */
  files: readonly ManifestFile[];
}

/** A manifest, and where each part of it is in its files. */
export interface LoadedManifest {
  manifest: Manifest;
  /** The place of a path, or the nearest place above it; null where it is in no file. */
  locate: (path: ManifestPath) => Where | null;
  /** The entry that gives a role a grant: its own, or one of a grant set; null where only live roles bring it. */
  locateGrant: (role: string, grant: Grant) => Where | null;
  /** Warnings of `validate`, in file order. */
  warnings: readonly Problem[];
}
