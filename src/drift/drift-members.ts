import { groupBy } from '../model/group.js';
import { extraMembersId } from '../plan/change-id.js';
import type { ChangeId } from '../plan/change-id.js';
import { isEnd, isListed } from '../model/standing.js';
import { byCodeUnit } from '../model/sort.js';
import type { Change, MembersMove, Move, PlanRoleId } from '../plan/change.js';
import type { DriftMembers } from './drift.js';
import type { PlanOptions } from '../plan/make-plan.js';
import type { RoleId } from '../model/ids.js';

/** Lookups about the roles of people. */
export interface DriftRoles {
  /** Is the member list of this live role exact? */
  isExact: (roleId: RoleId) => boolean;
  /** The wanted name of the role that a move starts from, or its live name if the role is not wanted. */
  nameOf: (move: Move) => string;
  requestsFor: PlanOptions['requestsFor'];
}

/** Is this person extra in their current role? The difference then belongs to that role instead of the target role. */
function isExtra({ why, fromId }: Move, { isExact }: DriftRoles): boolean {
  return why !== 'listed' || isExact(fromId);
}

/**
 * Lists extra people under their current role: `role` is the role that differs, and `after.role` the role that the
 * change moves them to.
 */
export function listUnderCurrentRole(changes: readonly Change[], roles: DriftRoles): Change[] {
  const parts = new Map<ChangeId, ChangeId[]>();
  const split = changes.flatMap((change): Change[] => {
    if (change.kind !== 'members.move') return [change];
    const moves = splitMove(change, changes, roles);
    parts.set(
      change.id,
      moves.map(({ id }) => id),
    );
    return moves;
  });
  return split.map((change) => {
    const dependsOn = change.dependsOn.flatMap((id) => parts.get(id) ?? [id]);
    return { ...change, dependsOn: dependsOn.sort(byCodeUnit) };
  });
}

function splitMove(change: MembersMove, all: readonly Change[], roles: DriftRoles): MembersMove[] {
  const missing = change.people.filter((move) => !isExtra(move, roles));
  const extra = groupBy(
    change.people.filter((move) => isExtra(move, roles)),
    ({ fromId }) => fromId,
  );
  const part = (people: readonly Move[], about: Partial<MembersMove>): MembersMove => {
    const counts = new Map<string, number>();
    for (const { from } of people) counts.set(from, (counts.get(from) ?? 0) + 1);
    const half: MembersMove = {
      ...change,
      people,
      before: [...counts]
        .sort(([a], [b]) => byCodeUnit(a, b))
        .map(([role, count]) => ({ role, people: count })),
      after: { ...change.after, people: people.length },
    };
    return { ...half, requests: roles.requestsFor(half, all), ...about };
  };
  return [
    ...(missing.length > 0 ? [part(missing, {})] : []),
    ...[...extra.values()].map((people) => {
      const [first] = people as [Move, ...Move[]];
      const id = extraMembersId(first.fromId, change.roleId);
      return part(people, { id, role: roles.nameOf(first), roleId: first.fromId });
    }),
  ];
}

/**
 * The missing and extra people of each role. A person may be extra in one role and missing in another. Sorted by name.
 */
export function driftMembers(changes: readonly Change[], roles: DriftRoles): DriftMembers[] {
  const found = new Map<
    PlanRoleId,
    DriftMembers & { missing: MutableMembers['missing']; extra: MutableMembers['extra'] }
  >();
  const at = (roleId: PlanRoleId, role: string): MutableMembers => {
    const known = found.get(roleId) ?? { role, roleId, missing: [], extra: [] };
    found.set(roleId, known);
    return known;
  };
  for (const change of changes) {
    if (change.kind !== 'members.move') continue;
    for (const move of change.people) {
      const { id, email, from, fromId } = move;
      const isWanted = isListed(move.why);
      const until = isEnd(move.why) && move.until !== null ? { until: move.until } : {};
      if (isWanted) at(change.roleId, change.after.role).missing.push({ id, email, from });
      if (isExtra(move, roles))
        at(fromId, roles.nameOf(move)).extra.push({
          id,
          email,
          to: isWanted ? change.after.role : null,
          ...until,
        });
    }
  }
  return [...found.values()]
    .map((one) => ({ ...one, missing: one.missing.sort(byId), extra: one.extra.sort(byId) }))
    .sort((a, b) => byCodeUnit(a.role, b.role) || byCodeUnit(String(a.roleId), String(b.roleId)));
}

interface MutableMembers {
  missing: DriftMembers['missing'][number][];
  extra: DriftMembers['extra'][number][];
}

function byId(a: { id: number }, b: { id: number }): number {
  return a.id - b.id;
}
