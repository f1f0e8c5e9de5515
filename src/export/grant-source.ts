import type { Grant } from '../model/grant.js';

/** A role's grants on their way into a manifest. */
export interface GrantSource {
  id: number;
  name: string;
  /** Sorted; only grants that a manifest may name. */
  grants: readonly Grant[];
  /** A system role: others may take from it, but its own grants are never written. */
  system: boolean;
  /** May others take from it? Its name can be said, and a manifest can say all that it holds. */
  open: boolean;
  /** Can `remove` be used on it? Not where the list is additive. */
  exact: boolean;
}
