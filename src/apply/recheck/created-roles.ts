import { isCompleted } from '../../journal/entry.js';
import type { Dependencies } from '../../model/closure.js';
import type { LiveRole } from '../../model/snapshot.js';
import type { ChangeId, RoleCreate } from '../../plan/change.js';
import { holds } from '../compare-grants.js';
import { rolesReliedOn } from '../../plan/relied-on.js';
import { markDone } from './comparison.js';
import type { Comparison } from './comparison.js';
import { finalGrants, positionOf } from './steps-by-value.js';
import type { RoleId } from '../../model/ids.js';

/**
 * Finds roles to create that are already live: created by an interrupted run of this plan, or by another person exactly
 * as planned. `checkNames` reports any other role with the same name.
 */
export function findCreated(comparison: Comparison, deps: Dependencies): void {
  const known = knownIds(comparison);
  for (const create of comparison.planned.creates) {
    const trace = comparison.resume?.changes.get(create.id);
    const role = comparison.live.roles.find((one) =>
      trace?.roleId ? one.id === trace.roleId : one.name === create.after.name && !known.has(one.id),
    );
    if (!role || role.name !== create.after.name || role.description !== create.after.description) continue;
    const position = trace?.sent
      ? positionAfterRun(comparison, create, { role, deps })
      : positionIfComplete(comparison, create, { role, deps });
    if (position === null) continue;
    comparison.createdRoleIds.set(create.roleId, role.id);
    const steps = comparison.planned.grants.get(create.roleId) ?? [];
    markDone(comparison, steps, position);
    // If no change sets the grants, the create is complete only with its start grants.
    if (steps.length > 0 || holds(role.grants, create.after.grants, deps)) {
      comparison.already.add(create.id);
    }
  }
}

interface LiveCandidate {
  role: LiveRole;
  deps: Dependencies;
}

/** A role that this plan did not create counts as created only if it is complete. */
function positionIfComplete(
  { planned }: Comparison,
  create: RoleCreate,
  { role, deps }: LiveCandidate,
): number | null {
  const steps = planned.grants.get(create.roleId) ?? [];
  return holds(role.grants, finalGrants(planned, create), deps) ? steps.length : null;
}

/** A role that this plan created may hold any grants that the instance chose, until the plan writes them. */
function positionAfterRun(
  { planned, resume, wasSent }: Comparison,
  create: RoleCreate,
  { role, deps }: LiveCandidate,
): number | null {
  const steps = planned.grants.get(create.roleId) ?? [];
  const wasMade = (id: ChangeId): boolean => isCompleted(resume?.changes.get(id)?.status ?? null);
  const wasWritten = steps.length > 0 ? steps.some((step) => wasMade(step.change)) : wasMade(create.id);
  const position = positionOf(
    steps,
    { untouched: false, isAt: (after) => holds(role.grants, after, deps) },
    wasSent,
  );
  if (position !== null) return position;
  if (steps.length === 0 && holds(role.grants, create.after.grants, deps)) return 0;
  return wasWritten ? null : 0;
}

/** Ids of the roles that existed before the plan. */
function knownIds({ plan, planned, resume }: Comparison): ReadonlySet<RoleId> {
  return new Set([...planned.texts.keys(), ...(resume?.roleIds ?? []), ...rolesReliedOn(plan)]);
}
