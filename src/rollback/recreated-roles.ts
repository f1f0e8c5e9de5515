import { sameGrants } from '../apply/compare-grants.js';
import type { RoleId } from '../model/ids.js';
import type { LiveRole, Snapshot } from '../model/snapshot.js';
import type { RunResult } from './run-result.js';

/**
 * The state before a run, with current role ids. A deleted role gets a new id when a rollback creates it again, and is
 * matched by its name, description and grants.
 */
export function withCurrentIds(before: Snapshot, result: RunResult, live: Snapshot): Snapshot {
  const newIds = recreatedRoles(before, result, live);
  if (newIds.size === 0) return before;
  const idOf = (id: RoleId): RoleId => newIds.get(id) ?? id;
  return {
    ...before,
    roles: before.roles.map((role) => ({ ...role, id: idOf(role.id) })),
    defaultRoleId: idOf(before.defaultRoleId),
    allowlist:
      typeof before.allowlist === 'string'
        ? before.allowlist
        : before.allowlist.map(idOf).sort((a, b) => a - b),
    people: {
      ...before.people,
      list: before.people.list.map((person) => ({ ...person, roleId: idOf(person.roleId) })),
    },
  };
}

/** The new id of each role that was created again, by its earlier id. */
function recreatedRoles(before: Snapshot, result: RunResult, live: Snapshot): ReadonlyMap<RoleId, RoleId> {
  const known = new Set([...before.roles.map(({ id }) => id), ...result.created.keys()]);
  const isLive = new Set(live.roles.map(({ id }) => id));
  const made = live.roles.filter(({ id }) => !known.has(id));
  const pairs = before.roles
    .filter(({ id }) => result.deleted.has(id) && !isLive.has(id))
    .flatMap((was): [RoleId, RoleId][] =>
      made.filter((role) => isSame(role, was)).map(({ id }) => [was.id, id]),
    );
  return new Map(pairs);
}

function isSame(one: LiveRole, other: LiveRole): boolean {
  return (
    one.name === other.name && one.description === other.description && sameGrants(one.grants, other.grants)
  );
}
