import type { DesiredTarget } from '../../desired/desired.js';
import type { Difference } from '../../diff/difference.js';
import type { Dependencies } from '../../model/closure.js';
import type { Person } from '../../model/person.js';
import type { RoleKey } from '../../model/role.js';
import type { LiveState } from '../../model/state.js';
import type { Cohort } from './cohorts.js';

/** The input of deriving changes. */
export interface DeriveInput {
  live: LiveState;
  desired: DesiredTarget;
  differences: readonly Difference[];
  cohorts: readonly Cohort[];
  /** All people who were read. */
  people: readonly Person[];
  dependencies: Dependencies;
}

/** The changes deferred to the end, because they take `authorization.roles` from the acting person. */
export interface DeferredChanges {
  /** The acting person's own move. */
  move: boolean;
  /** The last write of this role's grants. */
  grants: RoleKey | null;
  /** Split that role's write, so that only the necessary part is deferred. */
  split: boolean;
}

/** Nothing is deferred. */
export const NOTHING_DEFERRED: DeferredChanges = { move: false, grants: null, split: false };
