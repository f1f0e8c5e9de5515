import { selects } from '../manifest/selection.js';
import type { Selection } from '../manifest/selection.js';
import { nearName } from '../model/names.js';
import { isSystemRole, isSystemRoleName, nearSystemRole } from '../model/role.js';
import type { LiveRole } from '../model/snapshot.js';
import { byCodeUnit } from '../model/sort.js';
import { canExpressId, canExpressName } from './expressible.js';
import { nameInComment } from './yaml-document.js';

/** The roles of an export, and which of their names need an id beside them. */
export interface ExportedRoles {
  /** System roles by id, then the others by name. */
  roles: readonly LiveRole[];
  isPinned: (role: LiveRole) => boolean;
}

/**
 * The selected roles that a manifest can name. A partial export has no ids, so of its roles those whose names are
 * near each other are left out.
 */
export function exportedRoles(
  live: readonly LiveRole[],
  selection: Selection,
  notes: string[],
): ExportedRoles {
  const selected = live.filter((role) => selects(selection, role.name));
  const near = nearNames(selection.partial ? selected : live);
  const names: NameFacts = { count: new Map(), near, hasIds: !selection.partial };
  for (const { name } of live) names.count.set(name, (names.count.get(name) ?? 0) + 1);
  const rank = (role: LiveRole): number => (isSystemRole(role.id) ? role.id : 6);
  const roles = selected
    .sort((a, b) => rank(a) - rank(b) || byCodeUnit(a.name, b.name) || a.id - b.id)
    .filter((role) => {
      const why = whyNotExpressible(role, names);
      if (why === null) return true;
      notes.push(`role ${nameInComment(role.name)} (id ${role.id}): ${why}`);
      return false;
    });
  return { roles, isPinned: (role) => names.hasIds && near.has(nearName(role.name)) };
}

/** What decides whether a name alone finds a role. */
interface NameFacts {
  /** How many live roles have a name. */
  count: Map<string, number>;
  near: ReadonlySet<string>;
  /** May an id stand beside a name? */
  hasIds: boolean;
}

function whyNotExpressible(role: LiveRole, { count, near, hasIds }: NameFacts): string | null {
  if (!canExpressName(role.name)) return 'a manifest cannot express its name';
  if (count.get(role.name) !== 1) return 'another live role has the same name';
  const isNear = near.has(nearName(role.name));
  if (isSystemRole(role.id))
    return isNear && !isSystemRoleName(role.name)
      ? 'a system role can be pinned only under its own name'
      : null;
  if (nearSystemRole(role.name) !== null) return 'its name is that of a system role, or near it';
  if (!isNear) return null;
  if (!hasIds) return 'its name is near another one, and a partial export has no ids to tell them apart';
  return canExpressId(role.id) ? null : 'its name is near another one, and its id cannot be expressed';
}

/** Near forms that several live roles have. */
function nearNames(roles: readonly LiveRole[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const near = new Set<string>();
  for (const { name } of roles) {
    const form = nearName(name);
    if (seen.has(form)) near.add(form);
    seen.add(form);
  }
  return near;
}
