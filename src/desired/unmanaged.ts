import { byCodeUnit } from '../model/sort.js';
import { isOrdinary, peopleByRole } from '../model/person.js';
import type { LiveRole, Snapshot } from '../model/snapshot.js';
import type { UnmanagedRole } from '../model/standing.js';

/** Live roles as reports name them, sorted by name. */
export function unmanagedRoles(roles: readonly LiveRole[], { people }: Snapshot): UnmanagedRole[] {
  const byRole = peopleByRole(people.list);
  return roles
    .map(({ id, name, userCount, grants }) => ({
      id,
      name,
      people: people.scope === 'all' ? (byRole.get(id) ?? []).filter(isOrdinary).length : userCount,
      grants: grants.length,
    }))
    .sort((a, b) => byCodeUnit(a.name, b.name));
}
