import type { Replay } from '../../journal/replay.js';
import type { Snapshot } from '../../model/snapshot.js';
import type { ObjectRef } from '../../plan/object-ref.js';
import type { Plan } from '../../plan/plan.js';
import type { StaleField } from './stale-plan.js';
import type { StepsByValue } from './steps-by-value.js';

/** What live state is compared with, and what the comparison finds. */
export interface Comparison {
  plan: Plan;
  live: Snapshot;
  planned: StepsByValue;
  /** What the plan saw of an object that it relied on. */
  seen: (of: ObjectRef) => Readonly<Record<string, unknown>> | undefined;
  label: (of: ObjectRef) => string;
  /** What a role is or was called; ids tell a reader nothing. */
  nameOf: (roleId: unknown) => string | null;
  wasSent: (change: string) => boolean;
  resume: Replay | null;
  /** Ids of roles that the plan makes and that are live already. */
  createdRoleIds: Map<string, number>;
  stale: StaleField[];
  already: Set<string>;
}
