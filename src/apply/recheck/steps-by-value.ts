import { addTo } from '../../model/group.js';
import type { Grant } from '../../model/grant.js';
import type { Change, ChangeId, PlanRoleId, RoleCreate, RoleText } from '../../plan/change.js';
import type { PersonId, RoleId } from '../../model/ids.js';

/** One change of one value, and the value after it. */
interface Step<T> {
  change: ChangeId;
  after: T;
}

/** The steps of each value that a plan changes, in the plan's order. */
export interface StepsByValue {
  /** Name and description by role id; null after a delete. */
  texts: ReadonlyMap<RoleId, readonly Step<RoleText | null>[]>;
  grants: ReadonlyMap<PlanRoleId, readonly Step<readonly Grant[]>[]>;
  /** The role of each person who moves. */
  people: ReadonlyMap<PersonId, readonly Step<PlanRoleId>[]>;
  defaultRole: readonly Step<PlanRoleId>[];
  allowlist: readonly Step<readonly PlanRoleId[] | 'off'>[];
  creates: readonly RoleCreate[];
  /** Each value before its first change, as recorded in the plan. */
  before: {
    texts: ReadonlyMap<RoleId, RoleText>;
    grants: ReadonlyMap<PlanRoleId, readonly Grant[]>;
    people: ReadonlyMap<PersonId, RoleId>;
  };
}

/** Groups a plan's changes by the values that they change. */
export function stepsByValue(changes: readonly Change[]): StepsByValue {
  const texts = new Map<RoleId, Step<RoleText | null>[]>();
  const grants = new Map<PlanRoleId, Step<readonly Grant[]>[]>();
  const people = new Map<PersonId, Step<PlanRoleId>[]>();
  const before = {
    texts: new Map<RoleId, RoleText>(),
    grants: new Map<PlanRoleId, readonly Grant[]>(),
    people: new Map<PersonId, RoleId>(),
  };
  const defaultRole: Step<PlanRoleId>[] = [];
  const allowlist: Step<readonly PlanRoleId[] | 'off'>[] = [];
  const creates: RoleCreate[] = [];

  for (const change of changes) {
    switch (change.kind) {
      case 'role.create':
        creates.push(change);
        break;
      case 'role.update':
        first(before.texts, change.roleId, change.before);
        addTo(texts, change.roleId, { change: change.id, after: textOf(change.after) });
        break;
      case 'role.delete':
        first(before.texts, change.roleId, textOf(change.before));
        first(before.grants, change.roleId, change.before.grants);
        addTo(texts, change.roleId, { change: change.id, after: null });
        break;
      case 'grants.set': {
        first(before.grants, change.roleId, change.before);
        addTo(grants, change.roleId, { change: change.id, after: change.after });
        break;
      }
      case 'members.move':
        for (const person of change.people) {
          first(before.people, person.id, person.fromId);
          addTo(people, person.id, { change: change.id, after: change.roleId });
        }
        break;
      case 'defaultRole.set':
        defaultRole.push({ change: change.id, after: change.roleId });
        break;
      case 'allowlist.set':
        allowlist.push({ change: change.id, after: change.afterIds ?? 'off' });
        break;
    }
  }
  return { texts, grants, people, defaultRole, allowlist, creates, before };
}

/** The grants of a new role after the whole plan. Sorted. */
export function finalGrants(planned: StepsByValue, create: RoleCreate): readonly Grant[] {
  return planned.grants.get(create.roleId)?.at(-1)?.after ?? create.after.grants;
}

/**
 * The number of steps that a value has completed: 0 before the first, n after the nth, null if it matches none. A step
 * before the last counts only if a journal records that it was sent.
 */
export function positionOf<T>(
  steps: readonly Step<T>[],
  value: { untouched: boolean; isAt: (after: T) => boolean },
  wasSent: (change: ChangeId) => boolean,
): number | null {
  if (value.untouched) return 0;
  for (let position = steps.length; position > 0; position -= 1) {
    const step = steps[position - 1] as Step<T>;
    if ((position === steps.length || wasSent(step.change)) && value.isAt(step.after)) return position;
  }
  return null;
}

function textOf({ name, description }: RoleText): RoleText {
  return { name, description };
}

function first<K, V>(map: Map<K, V>, key: K, value: V): void {
  if (!map.has(key)) map.set(key, value);
}
