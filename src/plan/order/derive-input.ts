import type { DesiredTarget } from '../../desired/desired.js';
import type { Difference } from '../../diff/difference.js';
import type { Dependencies } from '../../model/closure.js';
import type { Person } from '../../model/person.js';
import type { LiveState } from '../../model/state.js';
import type { Cohort } from './cohorts.js';

/** What changes are derived from. */
export interface DeriveInput {
  live: LiveState;
  desired: DesiredTarget;
  differences: readonly Difference[];
  cohorts: readonly Cohort[];
  /** Everybody who was read. */
  people: readonly Person[];
  dependencies: Dependencies;
}
