import { selects } from '../manifest/selection.js';
import type { Selection } from '../manifest/selection.js';
import { nearName } from '../model/near-name.js';
import { isSystemRole, isSystemRoleName, nearSystemRole, systemRank } from '../model/role.js';
import type { LiveRole } from '../model/snapshot.js';
import { byCodeUnit } from '../model/sort.js';
import { canExpressId, canExpressName } from './expressible.js';
import { nameInComment } from './yaml-document.js';

/** The roles of an export. `isPinned`: the role needs an id next to its name. */
export interface ExportedRoles {
  /** System roles by id, then the others by name. */
  roles: readonly LiveRole[];
  isPinned: (role: LiveRole) => boolean;
}

/**
 * The selected roles that a manifest can name. A partial export has no ids, so it leaves out roles with near names.
 */
export function exportedRoles(
  live: readonly LiveRole[],
  selection: Selection,
  notes: string[],
): ExportedRoles {
  const selected = live.filter((role) => selects(selection, role.name));
  const near = nearNames(selection.partial ? selected : live);
  const names: NameIndex = { count: new Map(), near, hasIds: !selection.partial };
  for (const { name } of live) names.count.set(name, (names.count.get(name) ?? 0) + 1);
  const roles = selected.sort(byExportOrder).filter((role) => {
    const why = whyNotExpressible(role, names);
    if (why === null) return true;
    notes.push(`role ${nameInComment(role.name)} (id ${role.id}): ${why}`);
    return false;
  });
  return { roles, isPinned: (role) => names.hasIds && near.has(nearName(role.name)) };
}

/** Sorts system roles by id, then the others by name. */
export function byExportOrder(a: LiveRole, b: LiveRole): number {
  return systemRank(a.id) - systemRank(b.id) || byCodeUnit(a.name, b.name) || a.id - b.id;
}

/** Determines whether a name identifies a role. */
interface NameIndex {
  /** The number of live roles by name. */
  count: Map<string, number>;
  near: ReadonlySet<string>;
  /** May the export contain ids? */
  hasIds: boolean;
}

function whyNotExpressible(role: LiveRole, { count, near, hasIds }: NameIndex): string | null {
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

/** The near forms that several of these roles share. */
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
