import { groupBy } from '../model/group.js';
import { tooManyMembersId } from '../plan/change-id.js';
import type { ChangeId } from '../plan/change-id.js';
import { isEnd } from '../model/standing.js';
import { byCodeUnit } from '../model/sort.js';
import type { Change, MembersMove, Move, PlanRoleId } from '../plan/change.js';
import type { DriftMembers } from './drift.js';
import type { PlanOptions } from '../plan/make-plan.js';
import type { RoleId } from '../model/ids.js';

/** What is known of the roles that people are in. */
export interface DriftRoles {
  /** Is the list of this live role exact? */
  isExact: (roleId: RoleId) => boolean;
  /** The name that a live role has in the end, or now where it is not wanted. */
  nameOf: (move: Move) => string;
  requestsFor: PlanOptions['requestsFor'];
}

/** Is this person too many where they are? Then the difference is one of that role, not of the role they go to. */
function isTooMany({ why, fromId }: Move, { isExact }: DriftRoles): boolean {
  return why !== 'listed' || isExact(fromId);
}

/**
 * Puts people who are too many under the role that they are in. The change that would undo it still moves them to
 * `after.role`; `role` is the one that differs.
 */
export function underTheirRole(changes: readonly Change[], roles: DriftRoles): Change[] {
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
  const missing = change.people.filter((move) => !isTooMany(move, roles));
  const tooMany = groupBy(
    change.people.filter((move) => isTooMany(move, roles)),
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
    ...[...tooMany.values()].map((people) => {
      const [first] = people as [Move, ...Move[]];
      const id = tooManyMembersId(first.fromId, change.roleId);
      return part(people, { id, role: roles.nameOf(first), roleId: first.fromId });
    }),
  ];
}

/** Who is missing from each role, and who is extra in it: a person may be both, in two roles. Sorted by name. */
export function driftMembers(changes: readonly Change[], roles: DriftRoles): DriftMembers[] {
  const found = new Map<
    PlanRoleId,
    DriftMembers & { missing: Mutable['missing']; extra: Mutable['extra'] }
  >();
  const at = (roleId: PlanRoleId, role: string): Mutable => {
    const known = found.get(roleId) ?? { role, roleId, missing: [], extra: [] };
    found.set(roleId, known);
    return known;
  };
  for (const change of changes) {
    if (change.kind !== 'members.move') continue;
    for (const move of change.people) {
      const { id, email, from, fromId } = move;
      const isListed = move.why === 'listed' || move.why === 'returns';
      const until = isEnd(move.why) && move.until !== null ? { until: move.until } : {};
      if (isListed) at(change.roleId, change.after.role).missing.push({ id, email, from });
      if (isTooMany(move, roles))
        at(fromId, roles.nameOf(move)).extra.push({
          id,
          email,
          to: isListed ? change.after.role : null,
          ...until,
        });
    }
  }
  return [...found.values()]
    .map((one) => ({ ...one, missing: one.missing.sort(byId), extra: one.extra.sort(byId) }))
    .sort((a, b) => byCodeUnit(a.role, b.role) || byCodeUnit(String(a.roleId), String(b.roleId)));
}

interface Mutable {
  missing: DriftMembers['missing'][number][];
  extra: DriftMembers['extra'][number][];
}

function byId(a: { id: number }, b: { id: number }): number {
  return a.id - b.id;
}
