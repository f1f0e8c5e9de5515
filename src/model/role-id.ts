import type { RoleId } from './ids.js';
import { byCodeUnit } from './sort.js';

/** The key of a live role, by its id: `#810756122`. */
export type LiveRoleKey = `#${number}`;

/** A role that a plan creates, until it has an id: `new:Analyst`. */
export type NewRoleId = `new:${string}`;

/**
 * Identifies a role throughout a plan: a live role by its id, a new one by its name. The two forms start with
 * different characters, so no two roles share a key, whatever their names.
 */
export type RoleKey = LiveRoleKey | NewRoleId;

/** How plans and requests write a role: Domo's number, or `new:NAME` until the role is made. */
export type PlanRoleId = RoleId | NewRoleId;

/** The key of a live role. */
export function liveKey(id: RoleId): LiveRoleKey {
  return `#${id}`;
}

/** A `liveKey` that builds each key once, for loops over many people. */
export function liveKeys(): (id: RoleId) => LiveRoleKey {
  const known = new Map<RoleId, LiveRoleKey>();
  return (id) => {
    const cached = known.get(id);
    if (cached !== undefined) return cached;
    const key = liveKey(id);
    known.set(id, key);
    return key;
  };
}

/** The key of a role that does not exist yet; plans write it the same way. */
export function newKey(name: string): NewRoleId {
  return `new:${name}`;
}

/** Is this the key of a role that a plan creates? */
export function isNewKey(key: RoleKey): key is NewRoleId {
  return !key.startsWith('#');
}

/** The key of a role as plans write it. */
export function keyOf(id: PlanRoleId): RoleKey {
  return typeof id === 'number' ? liveKey(id) : id;
}

/** How a request writes a role: its number, or `{new:NAME}` until the role is made. */
export function requestIdOf(id: PlanRoleId): number | string {
  return typeof id === 'number' ? id : `{${id}}`;
}

/** Role ids in the order in which requests list them, each once: numbers by size, then new roles by name. */
export function sortRoleIds(ids: Iterable<PlanRoleId>): PlanRoleId[] {
  return [...new Set(ids)].sort(compareRoleIds);
}

/** Compares role ids for sorting: numbers by size, then new roles by name. */
export function compareRoleIds(a: PlanRoleId, b: PlanRoleId): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'number') return -1;
  if (typeof b === 'number') return 1;
  return byCodeUnit(a, b);
}
