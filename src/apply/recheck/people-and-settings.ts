import type { ChangeId } from '../../plan/change.js';
import { peopleByRole } from '../../model/person.js';
import type { Person } from '../../model/person.js';
import type { PlanRoleId } from '../../model/role-id.js';
import type { ObjectRef } from '../../plan/object-ref.js';
import { isRecordedList, sameAllowlist } from '../compare-allowlist.js';
import { liveRoleId } from '../role-ids.js';
import { peopleReliedOn } from '../../plan/relied-on.js';
import { markDone } from './comparison.js';
import type { Comparison } from './comparison.js';
import { positionOf } from './steps-by-value.js';
import type { PersonId, RoleId } from '../../model/ids.js';

/** Compares the role and the account kind of each person that the plan relies on or moves. */
export function checkPeople(comparison: Comparison): void {
  const { plan, live, planned, already } = comparison;
  const ids = new Set([...planned.people.keys(), ...peopleReliedOn(plan)]);
  const people = new Map(live.people.list.map((person) => [person.id, person]));
  const open = new Set<ChangeId>();
  for (const id of ids) {
    const now = people.get(id) ?? null;
    const position = checkRoleOf(comparison, id, now?.roleId ?? null);
    for (const step of (planned.people.get(id) ?? []).slice(position)) open.add(step.change);
    if (now !== null) checkKindOf(comparison, id, now.kind);
  }
  checkAddresses(comparison, open);
  // A move is done once all of its people have moved.
  for (const steps of planned.people.values()) {
    for (const step of steps) if (!open.has(step.change)) already.add(step.change);
  }
}

/** Returns the number of the person's planned moves that are done. */
function checkRoleOf(comparison: Comparison, id: PersonId, now: RoleId | null): number {
  const { planned, recorded, label, nameOf, createdRoleIds, wasSent, stale } = comparison;
  const of: ObjectRef = { kind: 'person', personId: id };
  const fields = recorded(of);
  const before = fields ? (fields.roleId ?? null) : (planned.before.people.get(id) ?? null);
  const position = positionOf(
    planned.people.get(id) ?? [],
    {
      untouched: now === before,
      isAt: (after) => now !== null && liveRoleId(after, createdRoleIds) === now,
    },
    wasSent,
  );
  if (position !== null) return position;
  stale.push({
    of,
    label: fields ? label(of) : `person ${id}`,
    field: 'role',
    before: nameOf(before),
    now: nameOf(now),
  });
  return 0;
}

/** Compares the address of each person still to be moved, because the reviewer of the plan saw it. */
function checkAddresses({ plan, live, label, stale }: Comparison, open: ReadonlySet<ChangeId>): void {
  const addresses = new Map(live.people.list.map(({ id, email }) => [id, email]));
  for (const change of plan.changes) {
    if (change.kind !== 'members.move' || !open.has(change.id)) continue;
    for (const { id, email } of change.people) {
      const now = addresses.get(id);
      if (now === undefined || now === email) continue;
      const of: ObjectRef = { kind: 'person', personId: id };
      stale.push({ of, label: label(of), field: 'email', before: email, now });
    }
  }
}

function checkKindOf({ recorded, label, stale }: Comparison, id: PersonId, now: Person['kind']): void {
  const of: ObjectRef = { kind: 'person', personId: id };
  const before = recorded(of)?.kind;
  if (before === undefined || before === now) return;
  stale.push({ of, label: label(of), field: 'kind of account', before, now });
}

/**
 * Checks that the roles to delete have no members other than the recorded ones. People that the plan moves are checked
 * one by one.
 */
export function checkMembers({ plan, live, planned, stale }: Comparison): void {
  const byRole = peopleByRole(live.people.list);
  for (const { of, label, fields } of plan.fingerprints) {
    if (of.kind !== 'members') continue;
    const { roleId } = of;
    const known = new Set<unknown>(Array.isArray(fields.people) ? fields.people : []);
    const others = (byRole.get(roleId) ?? []).filter(
      (person) => !known.has(person.id) && !planned.people.has(person.id),
    );
    if (others.length === 0) continue;
    const now = others.map((person) => person.email ?? `person ${person.id}`);
    stale.push({ of: { kind: 'role', roleId }, label, field: 'members', before: [], now });
  }
}

/** Compares the default role and the roles allowlist. */
export function checkSettings(comparison: Comparison): void {
  checkDefaultRole(comparison);
  checkAllowlist(comparison);
}

function checkDefaultRole(comparison: Comparison): void {
  const { live, planned, recorded, label, nameOf, createdRoleIds, wasSent, stale } = comparison;
  const of: ObjectRef = { kind: 'defaultRole' };
  const fields = recorded(of);
  const steps = planned.defaultRole;
  const now = live.defaultRoleId;
  const position = positionOf(
    steps,
    { untouched: fields?.roleId === now, isAt: (after) => liveRoleId(after, createdRoleIds) === now },
    wasSent,
  );
  if (position === null && fields) {
    stale.push({ of, label: label(of), field: 'role', before: nameOf(fields.roleId), now: nameOf(now) });
  }
  markDone(comparison, steps, position ?? 0);
}

function checkAllowlist(comparison: Comparison): void {
  const { live, planned, recorded, label, nameOf, createdRoleIds, wasSent, stale } = comparison;
  const of: ObjectRef = { kind: 'allowlist' };
  const fields = recorded(of);
  const steps = planned.allowlist;
  const now = live.allowlist;
  const gone = deletedEarlier(comparison);
  const before = fields?.roleIds;
  const isAt = (after: readonly PlanRoleId[] | 'off'): boolean => {
    const wanted = after === 'off' ? after : after.map((id) => liveRoleId(id, createdRoleIds));
    const left = wanted === 'off' ? wanted : wanted.filter((id) => id === null || !gone.has(id));
    return sameAllowlist(now, left, live.defaultRoleId);
  };
  const position = positionOf(steps, { untouched: isRecordedList(now, before), isAt }, wasSent);
  markDone(comparison, steps, position ?? 0);
  if (position !== null || !fields || isChangedByDomo(comparison, before, gone)) return;
  const named = (list: unknown): unknown => (Array.isArray(list) ? list.map(nameOf) : list);
  stale.push({ of, label: label(of), field: 'roles', before: named(before), now: named(now) });
}

/** Roles that an earlier run of this plan deleted. */
function deletedEarlier({ live, planned }: Comparison): ReadonlySet<RoleId> {
  const liveIds = new Set(live.roles.map(({ id }) => id));
  const deleted = [...planned.texts].filter(
    ([id, steps]) => steps.at(-1)?.after === null && !liveIds.has(id),
  );
  return new Set(deleted.map(([id]) => id));
}

/**
 * Does Domo itself explain this list? It adds each new default role and removes deleted roles, so an earlier run of
 * this plan may have changed the list without an `allowlist.set`.
 */
function isChangedByDomo(
  { live, planned, createdRoleIds }: Comparison,
  before: unknown,
  gone: ReadonlySet<RoleId>,
): boolean {
  const now = live.allowlist;
  if (typeof now === 'string' || !Array.isArray(before)) return false;
  const defaults = new Set(planned.defaultRole.map((step) => liveRoleId(step.after, createdRoleIds)));
  return isRecordedList(
    now.filter((id) => !defaults.has(id) || before.includes(id)),
    before.filter((id) => !gone.has(Number(id))),
  );
}
