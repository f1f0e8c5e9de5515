import type { SandboxUser } from './state.js';
import type { Tables } from './tables.js';

interface CachedList {
  key: string;
  version: number;
  users: SandboxUser[];
}

/** Lists kept per instance. */
const MAX_LISTS = 4;
const lists = new WeakMap<Tables, CachedList[]>();

/**
 * Returns the list that `make` computes, cached until an account changes: every page of a large instance needs the same list.
 * The list must not be changed.
 */
export function cachedList(tables: Tables, key: string, make: () => SandboxUser[]): readonly SandboxUser[] {
  const version = tables.userVersion();
  const fresh = (lists.get(tables) ?? []).filter((list) => list.version === version);
  const found = fresh.find((list) => list.key === key) ?? { key, version, users: make() };
  lists.set(tables, [found, ...fresh.filter((list) => list !== found)].slice(0, MAX_LISTS));
  return found.users;
}
