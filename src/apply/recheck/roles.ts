import type { Dependencies } from '../../model/closure.js';
import type { Grant } from '../../model/grant.js';
import { nearName } from '../../model/near-name.js';
import { newKey } from '../../model/role-id.js';
import type { LiveRole } from '../../model/snapshot.js';
import { isTemporary } from '../../plan/change.js';
import type { RoleText } from '../../plan/change.js';
import type { ObjectRef } from '../../plan/object-ref.js';
import { holds, sameGrants, sameReading } from '../compare-grants.js';
import { rolesReliedOn } from '../../plan/relied-on.js';
import { markDone } from './comparison.js';
import type { Comparison } from './comparison.js';
import { positionOf } from './steps-by-value.js';
import type { RoleId } from '../../model/ids.js';

/**
 * Checks the role of each name that the plan relies on. The name may be free if this plan renames or deletes its role,
 * and may belong to the role that this plan gives it to.
 */
export function checkNames(comparison: Comparison): void {
  const { planned, recorded, label, createdRoleIds, stale } = comparison;
  for (const [name, before] of namesReliedOn(comparison)) {
    const now = roleNamed(comparison, name)?.id ?? null;
    const isFreed = now === null && (before === null || planned.texts.has(before));
    const isGiven =
      now !== null &&
      (planned.texts.get(now)?.some((step) => step.after?.name === name) ||
        createdRoleIds.get(newKey(name)) === now);
    if (now === before || isFreed || isGiven) continue;
    const of: ObjectRef = { kind: 'name', name };
    const text = recorded(of) ? label(of) : `the name ${JSON.stringify(name)}`;
    stale.push({ of, label: text, field: 'role id', before, now });
  }
}

/** The role with a name. For a temporary name, also a role with a near name, because it would block that name. */
function roleNamed({ plan, live }: Comparison, name: string): LiveRole | undefined {
  const exact = live.roles.find((role) => role.name === name);
  if (exact || !plan.changes.some((change) => isTemporary(change) && change.after.name === name))
    return exact;
  return live.roles.find((role) => nearName(role.name) === nearName(name));
}

/**
 * The id of the role that had each name when the plan was made; null for a free name. Names of new roles must be free.
 */
function namesReliedOn({ plan, planned }: Comparison): ReadonlyMap<string, RoleId | null> {
  const names = new Map<string, RoleId | null>();
  for (const { of, fields } of plan.fingerprints) {
    if (of.kind === 'name') names.set(of.name, typeof fields.roleId === 'number' ? fields.roleId : null);
  }
  for (const { after } of planned.creates) if (!names.has(after.name)) names.set(after.name, null);
  return names;
}

/** Compares name, description and grants of every role that the plan relies on or changes. */
export function checkRoles(comparison: Comparison, deps: Dependencies): void {
  const { plan, live, planned } = comparison;
  const roles = new Map(live.roles.map((role) => [role.id, role]));
  const written = [...planned.grants.keys()].filter((id) => typeof id === 'number');
  const ids = new Set([...planned.texts.keys(), ...written, ...rolesReliedOn(plan)]);
  for (const id of ids) {
    const role = roles.get(id) ?? null;
    if (role === null) checkMissingRole(comparison, id);
    else {
      checkText(comparison, role);
      checkGrants(comparison, role, deps);
    }
  }
}

/** A missing role is stale unless the plan deletes it; then all changes of the role are done. */
function checkMissingRole({ planned, recorded, label, stale, already }: Comparison, id: RoleId): void {
  const of: ObjectRef = { kind: 'role', roleId: id };
  const texts = planned.texts.get(id) ?? [];
  const last = texts.at(-1);
  if (last && last.after === null) {
    for (const step of [...texts, ...(planned.grants.get(id) ?? [])]) already.add(step.change);
    return;
  }
  const fields = recorded(of);
  // It did not exist when the plan was made either.
  if (fields && fields.name === null) return;
  stale.push({ of, label: label(of), field: 'name', before: fields?.name ?? null, now: null });
}

function checkText(comparison: Comparison, role: LiveRole): void {
  const { planned, recorded, label, wasSent, stale } = comparison;
  const of: ObjectRef = { kind: 'role', roleId: role.id };
  const steps = planned.texts.get(role.id) ?? [];
  const before = recordedText(recorded(of)) ?? planned.before.texts.get(role.id);
  if (!before) return;
  const position = positionOf(
    steps,
    { untouched: sameText(role, before), isAt: (after) => after !== null && sameText(role, after) },
    wasSent,
  );
  if (position !== null) {
    markDone(comparison, steps, position);
    return;
  }
  const end = steps.at(-1)?.after ?? null;
  for (const field of ['name', 'description'] as const) {
    if (role[field] === before[field] || (end !== null && role[field] === end[field])) continue;
    stale.push({ of, label: label(of), field, before: before[field], now: role[field] });
  }
}

function checkGrants(comparison: Comparison, role: LiveRole, deps: Dependencies): void {
  const { planned, recorded, label, wasSent, stale } = comparison;
  const of: ObjectRef = { kind: 'role', roleId: role.id };
  const steps = planned.grants.get(role.id) ?? [];
  const before = recordedGrants(recorded(of)) ?? planned.before.grants.get(role.id);
  if (!before) return;
  const position = positionOf(
    steps,
    { untouched: sameGrants(role.grants, before), isAt: (after) => holds(role.grants, after, deps) },
    wasSent,
  );
  if (position !== null) {
    markDone(comparison, steps, position);
    return;
  }
  // Plans are made from the matrix, which shows only grants of the catalogue. Other grants are ignored, except on a list
  // that will be overwritten.
  const visible =
    steps.length > 0 ? role.grants : role.grants.filter((one) => deps.has(one) || before.includes(one));
  if (sameReading(visible, before, deps)) return;
  stale.push({ of, label: label(of), field: 'grants', before, now: role.grants });
}

function sameText(one: RoleText, other: RoleText): boolean {
  return one.name === other.name && one.description === other.description;
}

type Fields = Readonly<Record<string, unknown>> | undefined;

function recordedText(fields: Fields): RoleText | null {
  if (typeof fields?.name !== 'string' || typeof fields.description !== 'string') return null;
  return { name: fields.name, description: fields.description };
}

function recordedGrants(fields: Fields): readonly Grant[] | null {
  return Array.isArray(fields?.grants) ? (fields.grants as readonly Grant[]) : null;
}
