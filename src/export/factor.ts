import type { Grant } from '../model/grant.js';
import type { GrantSource } from './grant-source.js';
import { chooseSources } from './factor-from.js';
import { chooseSets } from './factor-sets.js';
import type { RoleId } from '../model/ids.js';

/** Grants in the composition of a manifest: `from`, `sets` and `add` without `remove`. */
export interface FactoredGrants {
  from: string | null;
  sets: readonly string[];
  /** Sorted. */
  add: readonly Grant[];
  remove: readonly Grant[];
}

/** All grants of an instance, composed. */
export interface Factored {
  /** Grants by role id, without system roles. */
  roles: ReadonlyMap<RoleId, FactoredGrants>;
  /** By name; only sets that are used. */
  sets: ReadonlyMap<string, readonly Grant[]>;
}

/**
 * Factors the grants of all roles: first into `from` another role, then into shared sets. The composition of each role
 * is exactly its grants. The order of the roles does not matter. The work is linear in the number of roles.
 */
export function factorGrants(roles: readonly GrantSource[], groupOf: (grant: Grant) => string): Factored {
  const sources = chooseSources(roles);
  const rests = roles
    .filter((role) => !role.system)
    .map((role) => ({ id: role.id, grants: sources.get(role.id)?.add ?? role.grants }));
  const { uses, sets } = chooseSets(rests, groupOf);
  const result = new Map<RoleId, FactoredGrants>();
  for (const { id, grants } of rests) {
    const source = sources.get(id);
    const used = uses.get(id) ?? [];
    const inSets = new Set(used.flatMap((name) => sets.get(name) ?? []));
    result.set(id, {
      from: source?.from ?? null,
      sets: used,
      add: grants.filter((grant) => !inSets.has(grant)),
      remove: source?.remove ?? [],
    });
  }
  return { roles: result, sets };
}

/** A plain list for each role. */
export function plainGrants(roles: readonly GrantSource[]): Factored {
  const custom = roles.filter((role) => !role.system);
  return {
    roles: new Map(custom.map(({ id, grants }) => [id, { from: null, sets: [], add: grants, remove: [] }])),
    sets: new Map(),
  };
}
