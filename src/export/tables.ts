import { requireSelected, selectionOf, selects } from '../manifest/selection.js';
import type { Selection } from '../manifest/selection.js';
import { grantList } from '../model/grant.js';
import { isOrdinary } from '../model/person.js';
import type { RoleId } from '../model/ids.js';
import type { LiveRole, Snapshot } from '../model/snapshot.js';
import { byCodeUnit } from '../model/sort.js';
import { csvText } from '../render/csv/csv.js';
import { byExportOrder } from './exported-roles.js';

/** Options of a table. */
export interface TableOptions {
  /** Names of roles. Default: all roles. */
  only?: readonly string[] | undefined;
  /** The owners of roles by role id, for a column `owner`; null for none. */
  owners?: ReadonlyMap<RoleId, string> | null | undefined;
}

/**
 * The people of roles as CSV, with a row for each active or pending person, sorted by address, then id. Raises
 * `not-found` for an unknown role.
 */
export function peopleCsv(snapshot: Snapshot, options: TableOptions = {}): string {
  const roles = new Map(labelledRoles(snapshot, options).map(({ role, label }) => [role.id, label]));
  const ownerOf = ownerCells(options);
  const rows = snapshot.people.list
    .filter((person) => isOrdinary(person) && roles.has(person.roleId))
    .sort((a, b) => byCodeUnit(a.email ?? '', b.email ?? '') || a.id - b.id)
    .map(({ id, email, name, roleId, kind }) => {
      return [email, name, id, roles.get(roleId) ?? '', kind, ...ownerOf(roleId)];
    });
  return csvText(['email', 'name', 'id', 'role', 'account', ...ownerHeads(options)], rows);
}

/**
 * The grants of roles as CSV, with a row for each role and a column for each grant, `x` or empty. Raises `not-found`
 * for an unknown role.
 */
export function matrixCsv(snapshot: Snapshot, options: TableOptions = {}): string {
  const roles = labelledRoles(snapshot, options);
  const grants = grantList([
    ...snapshot.catalogue.map(({ grant }) => grant),
    ...roles.flatMap(({ role }) => role.grants),
  ]);
  const ownerOf = ownerCells(options);
  const rows = roles.map(({ role, label }) => {
    const held = new Set(role.grants);
    return [label, ...ownerOf(role.id), ...grants.map((grant) => (held.has(grant) ? 'x' : ''))];
  });
  return csvText(['role', ...ownerHeads(options), ...grants], rows);
}

function ownerHeads({ owners }: TableOptions): string[] {
  return owners ? ['owner'] : [];
}

/** The cell with the owner of a role; none without owners. */
function ownerCells({ owners }: TableOptions): (roleId: RoleId) => string[] {
  return (roleId) => (owners ? [owners.get(roleId) ?? ''] : []);
}

/** The selected roles in export order. Labels of roles with the same name contain their ids. */
function labelledRoles({ roles }: Snapshot, request: TableOptions): { role: LiveRole; label: string }[] {
  const selection: Selection = selectionOf({ only: request.only });
  requireSelected(
    selection,
    roles.map(({ name }) => name),
  );
  const count = new Map<string, number>();
  for (const { name } of roles) count.set(name, (count.get(name) ?? 0) + 1);
  return roles
    .filter(({ name }) => selects(selection, name))
    .sort(byExportOrder)
    .map((role) => ({
      role,
      label: count.get(role.name) === 1 ? role.name : `${role.name} (id ${role.id})`,
    }));
}
