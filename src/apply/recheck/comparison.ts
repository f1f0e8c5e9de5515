import type { ChangeId } from '../../plan/change.js';
import type { Replay } from '../../journal/replay.js';
import type { NewRoleId } from '../../model/role-id.js';
import type { Snapshot } from '../../model/snapshot.js';
import { objectText } from '../../plan/object-ref.js';
import type { ObjectRef } from '../../plan/object-ref.js';
import type { Fingerprint, Plan } from '../../plan/plan.js';
import type { StaleField } from './stale-plan.js';
import { stepsByValue } from './steps-by-value.js';
import type { StepsByValue } from './steps-by-value.js';
import type { RoleId } from '../../model/ids.js';

/** A plan, live state, and the findings of their comparison. */
export interface Comparison {
  plan: Plan;
  live: Snapshot;
  planned: StepsByValue;
  /** The recorded fields of an object that the plan relies on. */
  recorded: (of: ObjectRef) => Readonly<Record<string, unknown>> | undefined;
  label: (of: ObjectRef) => string;
  /** The name of a role, live or recorded, for messages. */
  nameOf: (roleId: unknown) => string | null;
  /** Did an earlier run of this plan send this change? */
  wasSent: (change: ChangeId) => boolean;
  resume: Replay | null;
  /** Ids of roles that the plan creates and that are already live. */
  createdRoleIds: Map<NewRoleId, RoleId>;
  stale: StaleField[];
  already: Set<ChangeId>;
}

/** The first `count` steps of a value are live, so nothing is sent for their changes. */
export function markDone(
  { already }: Pick<Comparison, 'already'>,
  steps: readonly { change: ChangeId }[],
  count: number,
): void {
  for (const { change } of steps.slice(0, count)) already.add(change);
}

/** A comparison without findings. `resume` has the journals of earlier runs of the plan. */
export function comparisonOf(plan: Plan, live: Snapshot, resume: Replay | null): Comparison {
  const prints = new Map(plan.fingerprints.map((print) => [objectText(print.of), print]));
  const recorded = (of: ObjectRef): Fingerprint['fields'] | undefined => prints.get(objectText(of))?.fields;
  return {
    plan,
    live,
    planned: stepsByValue(plan.changes),
    recorded,
    label: (of) => prints.get(objectText(of))?.label ?? objectText(of),
    nameOf: (roleId) => {
      if (typeof roleId !== 'number') return null;
      const name =
        live.roles.find((role) => role.id === roleId)?.name ?? recorded({ kind: 'role', roleId })?.name;
      return typeof name === 'string' ? name : `role ${roleId}`;
    },
    wasSent: (change) => resume?.changes.get(change)?.sent ?? false,
    resume,
    createdRoleIds: new Map(),
    stale: [],
    already: new Set(),
  };
}
