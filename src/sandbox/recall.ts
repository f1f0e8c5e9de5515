import type { SandboxUser } from './state.js';
import type { Tables } from './tables.js';

interface Recalled {
  key: string;
  version: number;
  users: SandboxUser[];
}

const KEPT = 4;
const lists = new WeakMap<Tables, Recalled[]>();

/**
 * Gives the list that `make` works out, and remembers it until an account changes: a big instance has
 * many pages, and each of them asks for the same list again. The list must not be changed.
 */
export function recall(tables: Tables, key: string, make: () => SandboxUser[]): readonly SandboxUser[] {
  const version = tables.userVersion();
  const fresh = (lists.get(tables) ?? []).filter((list) => list.version === version);
  const found = fresh.find((list) => list.key === key) ?? { key, version, users: make() };
  lists.set(tables, [found, ...fresh.filter((list) => list !== found)].slice(0, KEPT));
  return found.users;
}
