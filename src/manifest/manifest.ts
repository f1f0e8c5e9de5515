import type { Grant } from '../model/grant.js';
import type { RoleId } from '../model/ids.js';
import type { PolicyFile } from '../model/policy-overlay.js';
import type { PersonRef, StatedPolicy } from '../model/policy.js';
import type { Problem, Where } from '../problem/problem.js';
import type { Place } from './yaml/yaml-values.js';

/**
 * A position in the merged manifest: the keys that lead to it. In a list, a number is an index in the written order, and
 * a text is the item itself.
 */
export type ManifestPath = readonly (string | number)[];

/** The grants of a role; `sets` are already expanded into `add`. */
export interface ManifestGrants {
  mode: 'exact' | 'additive';
  /** End-state names of roles whose grants are included. */
  from: readonly string[];
  /** Sorted, without repeats. */
  add: readonly Grant[];
  remove: readonly Grant[];
  /** Grants that are included only if the instance has them. */
  optional: readonly Grant[];
  /**
   * The layers, the lowest first, only if a lower layer removes grants, which a higher one may add again. The lists above
   * contain the entries of all layers.
   */
  layers?: readonly GrantsLayer[];
}

/** One layer of grants: the lower layers plus `from`, `add` and `optional`, minus `remove`. */
export type GrantsLayer = Pick<ManifestGrants, 'from' | 'add' | 'remove' | 'optional'>;

/** The members of a role, including members files. */
export interface ManifestMembers {
  mode: 'exact' | 'additive';
  users: readonly ManifestMember[];
}

/** An entry of a role's list: a person, an optional end, and its place, which may be a line of a members file. */
export interface ManifestMember {
  /** The reference that identifies the person: the id if given, else the address. */
  ref: PersonRef;
  /** The address of the entry in lower case, also if it has an id; null if it gives none. */
  email: string | null;
  /** The last day, UTC, or a time with a zone; null for no end. See `hasPassed`. */
  until: string | null;
  note: string | null;
  where: Place | null;
}

/** A role in a manifest. Null means unmanaged. */
export interface ManifestRole {
  name: string;
  id: RoleId | null;
  /** Trimmed. */
  description: string | null;
  /** The owner of the role, trimmed; shown in reports and never sent to Domo. */
  owner: string | null;
  basedOn: string | null;
  renamedFrom: readonly string[];
  grants: ManifestGrants | null;
  members: ManifestMembers | null;
}

/** A file that was read. */
export interface ManifestFile {
  /** Relative to the working directory, with forward slashes. */
  path: string;
  /** `sha256:` and 64 hexadecimal digits of the file's bytes. */
  digest: string;
}

/** A manifest, merged from all files: valid by itself, not yet compared with an instance. */
export interface Manifest {
  /** Lower case, without `.domo.com`. */
  instance: string | null;
  defaultRole: string | null;
  allowlist: readonly string[] | 'off' | null;
  /** Sorted by name. */
  roles: readonly ManifestRole[];
  /** Sorted. */
  removed: readonly string[];
  /** Names of roles marked as unmanaged: live roles with these names are left alone and not reported. Sorted. */
  leftAlone: readonly string[];
  /** The policy in force, including a policy file. */
  policy: StatedPolicy;
  /** The policy file that was applied; absent without one. */
  policyFile?: PolicyFile;
  /** In the order in which they were read. */
  files: readonly ManifestFile[];
}

/** A manifest, with the places of its parts in the files. */
export interface LoadedManifest {
  manifest: Manifest;
  /** The place of a path, or of the nearest parent; null if it is in no file. */
  locate: (path: ManifestPath) => Where | null;
  /** The place of the entry that gives a role a grant, its own or in a grant set; null if the grant comes only from live roles. */
  locateGrant: (role: string, grant: Grant) => Where | null;
  /** Warnings of `validate`, in file order. */
  warnings: readonly Problem[];
}
