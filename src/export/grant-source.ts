import type { Grant } from '../model/grant.js';
import type { RoleId } from '../model/ids.js';

/** A role's grants on their way into a manifest. */
export interface GrantSource {
  id: RoleId;
  name: string;
  /** Sorted; only grants that a manifest may name. */
  grants: readonly Grant[];
  /** A system role: others may take from it, but its own grants are never written. */
  system: boolean;
  /** Can other roles inherit from it? A manifest can express its name and all its grants. */
  open: boolean;
  /** Can `remove` be used on it? Not where the list is additive. */
  exact: boolean;
}
