import { byCodeUnit } from '../model/grant.js';
import type { LiveRole, Snapshot } from '../model/snapshot.js';
import type { UnmanagedRole } from '../model/standing.js';

/** Live roles as reports name them, sorted by name. Their people are counted in one pass. */
export function unmanagedRoles(roles: readonly LiveRole[], { people }: Snapshot): UnmanagedRole[] {
  const counts = new Map<number, number>();
  for (const { roleId, kind } of people.list) {
    if (kind === 'active' || kind === 'pending') counts.set(roleId, (counts.get(roleId) ?? 0) + 1);
  }
  return roles
    .map(({ id, name, userCount, grants }) => ({
      id,
      name,
      people: people.scope === 'all' ? (counts.get(id) ?? 0) : userCount,
      grants: grants.length,
    }))
    .sort((a, b) => byCodeUnit(a.name, b.name));
}
