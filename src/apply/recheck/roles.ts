import type { Dependencies } from '../../model/closure.js';
import type { Grant } from '../../model/grant.js';
import { nearName } from '../../model/names.js';
import { newKey } from '../../model/role-id.js';
import type { LiveRole } from '../../model/snapshot.js';
import type { ObjectRef } from '../../plan/object-ref.js';
import { isTemporary } from '../../plan/change.js';
import type { RoleText } from '../../plan/change.js';
import { holds, sameGrants, sameReading } from '../compare-grants.js';
import type { Comparison } from './comparison.js';
import { positionOf } from './steps-by-value.js';

/**
 * Compares who bears the names that the plan relies on. A name may be free once its bearer was renamed or
 * deleted by this plan, and borne by the role that this plan gives it to; how far that role is on its way
 * is the business of its own check.
 */
export function checkNames({
  plan,
  live: fresh,
  planned: tracks,
  seen,
  label,
  createdRoleIds: book,
  stale: moved,
}: Comparison): void {
  const names = new Map<string, number | null>();
  for (const { of, fields } of plan.fingerprints) {
    if (of.kind === 'name') names.set(of.name, numberOrNull(fields.roleId));
  }
  for (const create of tracks.creates) {
    if (!names.has(create.after.name)) names.set(create.after.name, null);
  }
  const temporary = new Set(plan.changes.filter(isTemporary).map((change) => change.after.name));
  for (const [name, before] of names) {
    // A name that is nearly a temporary one is in its way, though no role has exactly this one.
    const holder =
      fresh.roles.find((role) => role.name === name) ??
      (temporary.has(name) ? fresh.roles.find((role) => nearName(role.name) === nearName(name)) : undefined);
    const now = holder?.id ?? null;
    const free = now === null && (before === null || tracks.texts.has(before));
    const given =
      now !== null &&
      (tracks.texts.get(now)?.some((step) => step.after?.name === name) || book.get(newKey(name)) === now);
    if (now === before || free || given) continue;
    const of: ObjectRef = { kind: 'name', name };
    moved.push({
      of,
      label: seen(of) ? label(of) : `the name ${JSON.stringify(name)}`,
      field: 'role id',
      before,
      now,
    });
  }
}

/** Compares name, description and grants of every role that the plan relied on or touches. */
export function checkRoles(comparison: Comparison, deps: Dependencies): void {
  const { plan, live: fresh, planned: tracks } = comparison;
  const live = new Map(fresh.roles.map((role) => [role.id, role]));
  const ids = new Set<number>(tracks.texts.keys());
  for (const id of tracks.grants.keys()) if (typeof id === 'number') ids.add(id);
  for (const { of } of plan.fingerprints) {
    if (of.kind === 'role') ids.add(of.roleId);
  }
  for (const id of ids) {
    const role = live.get(id) ?? null;
    if (role === null) checkGone(comparison, id);
    else {
      checkText(comparison, role);
      checkGrants(comparison, role, deps);
    }
  }
}

/** A role that is not live is fine only if this plan deletes it: then all its changes are through. */
function checkGone({ planned: tracks, seen, label, stale: moved, already }: Comparison, id: number): void {
  const of: ObjectRef = { kind: 'role', roleId: id };
  const texts = tracks.texts.get(id) ?? [];
  const last = texts.at(-1);
  if (last && last.after === null) {
    for (const step of [...texts, ...(tracks.grants.get(id) ?? [])]) already.add(step.change);
    return;
  }
  const fields = seen(of);
  // The plan saw it gone, and it is gone.
  if (fields && fields.name === null) return;
  moved.push({ of, label: label(of), field: 'name', before: fields?.name ?? null, now: null });
}

function checkText(
  { planned: tracks, seen, label, wasSent, stale: moved, already }: Comparison,
  role: LiveRole,
): void {
  const of: ObjectRef = { kind: 'role', roleId: role.id };
  const steps = tracks.texts.get(role.id) ?? [];
  const before = seenText(seen(of)) ?? tracks.before.texts.get(role.id);
  if (!before) return;
  const place = positionOf(
    steps,
    { untouched: sameText(role, before), isAt: (after) => after !== null && sameText(role, after) },
    wasSent,
  );
  if (place !== null) {
    for (const step of steps.slice(0, place)) already.add(step.change);
    return;
  }
  const end = steps.at(-1)?.after ?? null;
  for (const field of ['name', 'description'] as const) {
    if (role[field] === before[field] || (end !== null && role[field] === end[field])) continue;
    moved.push({ of, label: label(of), field, before: before[field], now: role[field] });
  }
}

function checkGrants(comparison: Comparison, role: LiveRole, deps: Dependencies): void {
  const { planned: tracks, seen, label, wasSent, stale: moved, already } = comparison;
  const of: ObjectRef = { kind: 'role', roleId: role.id };
  const steps = tracks.grants.get(role.id) ?? [];
  const before = seenGrants(seen(of)) ?? tracks.before.grants.get(role.id);
  if (!before) return;
  const place = positionOf(
    steps,
    { untouched: sameGrants(role.grants, before), isAt: (after) => holds(role.grants, after, deps) },
    wasSent,
  );
  if (place !== null) {
    for (const step of steps.slice(0, place)) already.add(step.change);
    return;
  }
  // The matrix, from which a plan is made, cannot show what the catalogue does not list; a list that will
  // be overwritten must hold no such surprise, a role that is deleted or only relied on may.
  const shown =
    steps.length > 0 ? role.grants : role.grants.filter((one) => deps.has(one) || before.includes(one));
  if (sameReading(shown, before, deps)) return;
  moved.push({ of, label: label(of), field: 'grants', before, now: role.grants });
}

function sameText(one: RoleText, other: RoleText): boolean {
  return one.name === other.name && one.description === other.description;
}

function seenText(fields: Readonly<Record<string, unknown>> | undefined): RoleText | null {
  if (typeof fields?.name !== 'string' || typeof fields.description !== 'string') return null;
  return { name: fields.name, description: fields.description };
}

function seenGrants(fields: Readonly<Record<string, unknown>> | undefined): readonly Grant[] | null {
  return Array.isArray(fields?.grants) ? (fields.grants as readonly Grant[]) : null;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
