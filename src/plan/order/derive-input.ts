import type { DesiredTarget } from '../../desired/desired.js';
import type { Difference } from '../../diff/difference.js';
import type { Dependencies } from '../../model/closure.js';
import type { Person } from '../../model/person.js';
import type { RoleKey } from '../../model/role.js';
import type { LiveState } from '../../model/state.js';
import type { Cohort } from './cohorts.js';

/** What changes are derived from. */
export interface DeriveInput {
  live: LiveState;
  desired: DesiredTarget;
  differences: readonly Difference[];
  cohorts: readonly Cohort[];
  /** Everyone who was read. */
  people: readonly Person[];
  dependencies: Dependencies;
}

/** What waits for the very end, because it takes `authorization.roles` from the acting person. */
export interface DeferredChanges {
  /** The acting person's own move. */
  move: boolean;
  /** The last write of this role's grants. */
  grants: RoleKey | null;
  /** Split that role's write, so that only what must wait does. */
  split: boolean;
}

/** Nothing waits. */
export const NOTHING_DEFERRED: DeferredChanges = { move: false, grants: null, split: false };
