import type { Grant } from '../model/grant.js';
import type { RoleId } from '../model/ids.js';

/** The grants of a role to export. */
export interface GrantSource {
  id: RoleId;
  name: string;
  /** Sorted. Only grants that a manifest can contain. */
  grants: readonly Grant[];
  /** A system role. Others may inherit from it, but its own grants are never written. */
  system: boolean;
  /** Can other roles inherit from it? A manifest can express its name and all its grants. */
  open: boolean;
  /** Can `remove` be used on it? False if the list is additive. */
  exact: boolean;
}
