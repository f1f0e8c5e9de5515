import type { Quirks } from './quirks.js';
import { impliedBy, isSystemRole } from './role-rules.js';
import type { SandboxAuthority, SandboxRole } from './state.js';
import type { Tables } from './tables.js';

type Row = Record<string, unknown>;

/** The sources of a line of the catalogue. */
interface RowSources {
  tables: Tables;
  catalogue: ReadonlyMap<string, SandboxAuthority>;
  quirks: Quirks;
}

/** Returns a role as in the list of roles. */
export function roleRow(tables: Tables, role: SandboxRole, quirks: Quirks): Row {
  const { id, name, created, modified } = role;
  const description = quirks.nullAttributes && role.description === '' ? null : role.description;
  const authorityCount = role.authorities.length + (quirks.authorityCountOneHigher ? 1 : 0);
  const userCount = tables.memberCount(id);
  return { id, name, description, authorityCount, userCount, created, modified };
}

/** Returns a line of the catalogue with the roles that hold it. Older instances leave out the newer fields. */
export function authorityRow({ tables, catalogue, quirks }: RowSources, entry: SandboxAuthority): Row {
  const roleIds = tables.holders(entry.authority);
  const { authority, title, description, authorityUIGroup } = entry;
  const userCount = roleIds.reduce((sum, id) => sum + tables.memberCount(id), 0);
  const shown = quirks.matrixLeavesOut ? roleIds.filter((id) => isSystemRole(id) || id % 2 === 0) : roleIds;
  const row: Row = { authority, title, description, authorityUIGroup, userCount, roleIds: shown };
  if (quirks.olderCatalogue) return row;
  if (entry.dependsOnAuthorities !== null) row.dependsOnAuthorities = entry.dependsOnAuthorities;
  row.implicitAuthorities = implicitIn(catalogue, authority);
  row.dependsOnFeature = entry.features;
  if (entry.adminLevel !== null) row.adminLevel = entry.adminLevel;
  row.assignableByCustomer = true;
  row.systemGroup = true;
  return row;
}

/** Cached per catalogue, which never changes, because every plan reads all of it. */
const implicit = new WeakMap<ReadonlyMap<string, SandboxAuthority>, Map<string, string[]>>();

/** Everything that an authority depends on, directly or indirectly. */
function implicitIn(catalogue: ReadonlyMap<string, SandboxAuthority>, authority: string): string[] {
  const known = implicit.get(catalogue) ?? new Map<string, string[]>();
  implicit.set(catalogue, known);
  const found = known.get(authority) ?? [...impliedBy([authority], catalogue)].slice(1);
  known.set(authority, found);
  return found;
}
