import type { Dependencies } from '../../model/closure.js';
import type { LiveRole } from '../../model/snapshot.js';
import type { RoleCreate } from '../../plan/change.js';
import { holds } from '../compare-grants.js';
import type { Comparison } from './comparison.js';
import { finalGrants, positionOf } from './steps-by-value.js';

/**
 * Finds the roles of the plan's creates that are live already: made by an interrupted run of this plan, or
 * by somebody else exactly as the plan ends them. A role that bears the name and is neither is left to the
 * check of names, which calls it moved.
 */
export function findCreated(comparison: Comparison, deps: Dependencies): void {
  const known = knownIds(comparison);
  for (const create of comparison.planned.creates) {
    const trace = comparison.resume?.changes.get(create.id);
    const role = comparison.live.roles.find((one) =>
      trace?.roleId ? one.id === trace.roleId : one.name === create.after.name && !known.has(one.id),
    );
    if (!role || role.name !== create.after.name || role.description !== create.after.description) continue;
    const place = trace?.sent
      ? positionAfterRun(comparison, create, { role, deps })
      : positionIfComplete(comparison, create, { role, deps });
    if (place === null) continue;
    comparison.createdRoleIds.set(create.roleId, role.id);
    const steps = comparison.planned.grants.get(create.roleId) ?? [];
    for (const step of steps.slice(0, place)) comparison.already.add(step.change);
    // Without a list of its own to be set, the start belongs to the create: it is done only with it.
    if (steps.length > 0 || holds(role.grants, create.after.grants, deps)) {
      comparison.already.add(create.id);
    }
  }
}

interface LiveCandidate {
  role: LiveRole;
  deps: Dependencies;
}

/** Somebody else's role is the plan's only when nothing at all is left to do to it. */
function positionIfComplete(
  comparison: Comparison,
  create: RoleCreate,
  { role, deps }: LiveCandidate,
): number | null {
  const steps = comparison.planned.grants.get(create.roleId) ?? [];
  return holds(role.grants, finalGrants(comparison.planned, create), deps) ? steps.length : null;
}

/** A role of our own may hold any start that the instance chose to give it, until its grants were written. */
function positionAfterRun(
  comparison: Comparison,
  create: RoleCreate,
  { role, deps }: LiveCandidate,
): number | null {
  const { planned: tracks, resume, wasSent } = comparison;
  const steps = tracks.grants.get(create.roleId) ?? [];
  const settled = (id: string): boolean => isSettled(resume?.changes.get(id)?.status);
  const proven = steps.length > 0 ? steps.some((step) => settled(step.change)) : settled(create.id);
  const place = positionOf(
    steps,
    { untouched: false, isAt: (after) => holds(role.grants, after, deps) },
    wasSent,
  );
  if (place !== null) return place;
  if (steps.length === 0 && holds(role.grants, create.after.grants, deps)) return 0;
  return proven ? null : 0;
}

function isSettled(status: string | null | undefined): boolean {
  return status === 'done' || status === 'already';
}

/** Roles that were there before the plan, whatever they are called now. */
function knownIds({ plan, planned: tracks, resume }: Comparison): ReadonlySet<number> {
  const known = new Set<number>([...tracks.texts.keys(), ...(resume?.roleIds ?? [])]);
  for (const { of } of plan.fingerprints) {
    if (of.kind === 'role') known.add(of.roleId);
  }
  return known;
}
