import { grantsWithout } from '../../model/closure.js';
import { CHANGE_KINDS } from '../change-kinds.js';
import { movesOf } from '../change.js';
import type { Change, ChangeKind, PlanRoleId, RoleText } from '../change.js';
import type { PlanSummary } from '../plan.js';
import type { RoleId } from '../../model/ids.js';

/** What becomes of a role's name and description. */
interface TextChange {
  roleId: RoleId;
  before: RoleText;
  after: RoleText;
}

/** The total change of each role's name and description: a cycle of renames takes two steps and counts as one rename. */
export function textChanges(changes: readonly Change[]): TextChange[] {
  const texts = new Map<RoleId, TextChange>();
  for (const change of changes) {
    if (change.kind !== 'role.update') continue;
    texts.set(change.roleId, {
      roleId: change.roleId,
      before: texts.get(change.roleId)?.before ?? change.before,
      after: change.after,
    });
  }
  return [...texts.values()];
}

/**
 * Summarizes a list of changes. Grants of a split write count by their final result, and grants of a new role by its end
 * state, not by its start.
 */
export function summarise(
  changes: readonly Change[],
  rest: { refusals: number; warnings: number; unchanged: number },
): PlanSummary {
  const byKind = Object.fromEntries(
    CHANGE_KINDS.map((kind) => [kind, changes.filter((change) => change.kind === kind).length]),
  ) as Record<ChangeKind, number>;
  const grants = new Map<PlanRoleId, { before: readonly string[]; after: readonly string[] }>();
  for (const change of changes) {
    if (change.kind === 'role.create') grants.set(change.roleId, { before: [], after: change.after.grants });
    if (change.kind !== 'grants.set') continue;
    const { before } = grants.get(change.roleId) ?? change;
    grants.set(change.roleId, { before, after: change.after });
  }
  const ends = [...grants.values()];
  return {
    changes: changes.length,
    byKind,
    rolesCreated: byKind['role.create'],
    rolesRenamed: textChanges(changes).filter(({ before, after }) => before.name !== after.name).length,
    rolesDeleted: byKind['role.delete'],
    grantsAdded: ends.reduce((sum, { before, after }) => sum + grantsWithout(after, before).length, 0),
    grantsRemoved: ends.reduce((sum, { before, after }) => sum + grantsWithout(before, after).length, 0),
    peopleMoved: movesOf(changes).length,
    requests: changes.reduce(
      (sum, change) => sum + change.requests.filter(({ when }) => when === undefined).length,
      0,
    ),
    ...rest,
  };
}
