import { peopleByRole } from '../../model/person.js';
import { SYSTEM_ROLES } from '../../model/role.js';
import type { LiveAllowlist } from '../../model/snapshot.js';
import type { ObjectRef } from '../../plan/object-ref.js';
import type { PlanRoleId } from '../../plan/change.js';
import type { Comparison } from './comparison.js';
import { positionOf } from './steps-by-value.js';

/** Compares the role and the kind of account of everybody whom the plan relied on or moves. */
export function checkPeople(comparison: Comparison): void {
  const {
    plan,
    live: fresh,
    planned: tracks,
    seen,
    label,
    nameOf,
    createdRoleIds: book,
    wasSent,
    stale: moved,
    already,
  } = comparison;
  const live = new Map(fresh.people.list.map((person) => [person.id, person]));
  const ids = new Set<number>(tracks.people.keys());
  for (const { of } of plan.fingerprints) {
    if (of.kind === 'person') ids.add(of.personId);
  }
  const behind = new Set<string>();
  for (const id of ids) {
    const of: ObjectRef = { kind: 'person', personId: id };
    const fields = seen(of);
    const steps = tracks.people.get(id) ?? [];
    const now = live.get(id)?.roleId ?? null;
    const before = fields ? (fields.roleId ?? null) : (tracks.before.people.get(id) ?? null);
    const place = positionOf(
      steps,
      { untouched: now === before, isAt: (after) => now !== null && liveRoleId(after, book) === now },
      wasSent,
    );
    if (place === null) {
      moved.push({
        of,
        label: fields ? label(of) : `person ${id}`,
        field: 'role',
        before: nameOf(before),
        now: nameOf(now),
      });
    }
    for (const step of steps.slice(place ?? 0)) behind.add(step.change);
    const kind = live.get(id)?.kind ?? null;
    if (fields && now !== null && fields.kind !== undefined && fields.kind !== kind) {
      moved.push({ of, label: label(of), field: 'kind of account', before: fields.kind, now: kind });
    }
  }
  for (const steps of tracks.people.values()) {
    for (const step of steps) if (!behind.has(step.change)) already.add(step.change);
  }
}

/**
 * Compares who is in the roles that the plan deletes: all whom it saw there, and no one else but those whom it
 * moves, who are compared one by one.
 */
export function checkMembers({ plan, live: fresh, planned: tracks, stale: moved }: Comparison): void {
  const byRole = peopleByRole(fresh.people.list);
  for (const { of, label, fields } of plan.fingerprints) {
    if (of.kind !== 'members') continue;
    const { roleId } = of;
    const known = new Set<unknown>(Array.isArray(fields.people) ? fields.people : []);
    const others = (byRole.get(roleId) ?? []).filter(
      (person) => !known.has(person.id) && !tracks.people.has(person.id),
    );
    if (others.length === 0) continue;
    const now = others.map((person) => person.email ?? `person ${person.id}`);
    moved.push({ of: { kind: 'role', roleId }, label, field: 'members', before: [], now });
  }
}

/** Compares the default role and the roles allowlist. */
export function checkSettings(comparison: Comparison): void {
  checkDefault(comparison);
  checkAllowlist(comparison);
}

function checkDefault(comparison: Comparison): void {
  const {
    live: fresh,
    planned: tracks,
    seen,
    label,
    nameOf,
    createdRoleIds: book,
    wasSent,
    stale: moved,
    already,
  } = comparison;
  const fields = seen({ kind: 'defaultRole' });
  const steps = tracks.defaultRole;
  if (!fields && steps.length === 0) return;
  const now = fresh.defaultRoleId;
  const place = positionOf(
    steps,
    { untouched: fields?.roleId === now, isAt: (after) => liveRoleId(after, book) === now },
    wasSent,
  );
  if (place === null && fields) {
    moved.push({
      of: { kind: 'defaultRole' },
      label: label({ kind: 'defaultRole' }),
      field: 'role',
      before: nameOf(fields.roleId),
      now: nameOf(now),
    });
  }
  for (const step of steps.slice(0, place ?? 0)) already.add(step.change);
}

function checkAllowlist(comparison: Comparison): void {
  const {
    live: fresh,
    planned: tracks,
    seen,
    label,
    nameOf,
    createdRoleIds: book,
    wasSent,
    stale: moved,
    already,
  } = comparison;
  const fields = seen({ kind: 'allowlist' });
  const steps = tracks.allowlist;
  if (!fields && steps.length === 0) return;
  const now = fresh.allowlist;
  const isAt = (after: readonly PlanRoleId[] | 'off'): boolean =>
    sameAllowlist(
      now,
      after === 'off' ? 'off' : after.map((id) => liveRoleId(id, book)),
      fresh.defaultRoleId,
    );
  const before = fields?.roleIds;
  const place = positionOf(steps, { untouched: sameList(now, before), isAt }, wasSent);
  for (const step of steps.slice(0, place ?? 0)) already.add(step.change);
  if (place !== null || !fields) return;
  // Domo itself puts each new default role on the list.
  const defaults = new Set(tracks.defaultRole.map((step) => liveRoleId(step.after, book)));
  const still = typeof now === 'string' ? now : now.filter((id) => !defaults.has(id) || listHas(before, id));
  if (defaults.size > 0 && sameList(still, before)) return;
  const named = (list: unknown): unknown => (Array.isArray(list) ? list.map(nameOf) : list);
  moved.push({
    of: { kind: 'allowlist' },
    label: label({ kind: 'allowlist' }),
    field: 'roles',
    before: named(before),
    now: named(now),
  });
}

/**
 * Is the allowlist the one that was asked for? Domo keeps the default role and Social on it whatever is
 * sent (docs/reference/domo-api.md), so these may be there too.
 */
export function sameAllowlist(
  now: LiveAllowlist,
  wanted: readonly (number | null)[] | 'off',
  defaultRoleId: number,
): boolean {
  if (typeof now === 'string' || wanted === 'off') return now === wanted;
  return (
    wanted.every((id) => id !== null && now.includes(id)) &&
    now.every((id) => wanted.includes(id) || id === defaultRoleId || id === SYSTEM_ROLES.Social)
  );
}

function sameList(now: LiveAllowlist, before: unknown): boolean {
  if (typeof now === 'string' || !Array.isArray(before)) return now === before;
  return now.length === before.length && now.every((id) => listHas(before, id));
}

function listHas(list: unknown, id: number): boolean {
  return Array.isArray(list) && list.includes(id);
}

/** The live id of a role of the plan; null while it is not made. */
export function liveRoleId(id: PlanRoleId, book: ReadonlyMap<string, number>): number | null {
  return typeof id === 'number' ? id : (book.get(id) ?? null);
}
