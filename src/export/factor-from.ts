import type { Grant } from '../model/grant.js';
import { byCodeUnit } from '../model/sort.js';
import type { GrantSource } from './grant-source.js';
import { grantBits, hasBit, sharedCount, type Bits } from '../model/grant-bits.js';
import type { RoleId } from '../model/ids.js';

/** The role to inherit from, and the differences from it. */
interface InheritedGrants {
  from: string;
  add: readonly Grant[];
  remove: readonly Grant[];
}

/** Minimum number of grants of a source. A shorter list is easier to read in full. */
const MIN_SOURCE_SIZE = 4;

/**
 * `from` must save this many lines and this share of the list, else it is not worth looking up another role. For a
 * custom role the share is larger, because two jobs that merely overlap should not change together.
 */
const MIN_SAVED = 3;
const MIN_SHARE = { system: 0.3, custom: 0.6 };

/** Maximum number of grants in `remove`, which are hard to subtract mentally. */
const MAX_REMOVED = 3;

/** Maximum number of sources to try. Bounds the work on instances with thousands of roles. */
const MAX_SOURCES = 500;

interface Source {
  name: string;
  bits: Bits;
  size: number;
  system: boolean;
  /** The number of roles to look up to know the grants of this one. */
  depth: number;
}

/** Maximum depth of a source. */
const MAX_DEPTH = 1;

/**
 * Chooses, for each custom role, the best role to inherit from, if any. Returns the result by role id. A role inherits
 * only from system roles and from smaller or equal lists, so that there is no cycle.
 */
export function chooseSources(roles: readonly GrantSource[]): ReadonlyMap<RoleId, InheritedGrants> {
  const { bitsOf, listOf, numberOf } = grantBits(roles.map((role) => role.grants));
  const sources: Source[] = [];
  const owners = new Map<string, Source>();
  const offer = (role: GrantSource, bits: Bits, depth: number): void => {
    if (!role.open || role.grants.length < MIN_SOURCE_SIZE) return;
    const source = { name: role.name, bits, size: role.grants.length, system: role.system, depth };
    const list = bits.join();
    if (!owners.has(list)) owners.set(list, source);
    if (depth <= MAX_DEPTH && sources.length < MAX_SOURCES) sources.push(source);
  };
  const system = roles.filter((role) => role.system).sort((a, b) => a.id - b.id);
  for (const role of system) offer(role, bitsOf(role.grants), 0);

  const custom = roles
    .filter((role) => !role.system)
    .sort((a, b) => a.grants.length - b.grants.length || byCodeUnit(a.name, b.name) || a.id - b.id);
  const taken = new Map<RoleId, InheritedGrants>();
  for (const role of custom) {
    const bits = bitsOf(role.grants);
    const same = owners.get(bits.join());
    if (same) {
      taken.set(role.id, { from: same.name, add: [], remove: [] });
      continue;
    }
    const best = bestSource(role, bits, sources);
    if (best) {
      const has = hasBit(best.bits);
      const own = new Set(role.grants);
      taken.set(role.id, {
        from: best.name,
        add: role.grants.filter((grant) => !has(numberOf(grant))),
        remove: listOf(best.bits).filter((grant) => !own.has(grant)),
      });
    }
    offer(role, bits, best ? best.depth + 1 : 0);
  }
  return taken;
}

function bestSource(role: GrantSource, bits: Bits, sources: readonly Source[]): Source | null {
  const size = role.grants.length;
  const maxRemoved = role.exact ? Math.min(MAX_REMOVED, Math.floor(size / 8)) : 0;
  let best: { source: Source; score: number } | null = null;
  for (const source of sources) {
    if (source.size > size + maxRemoved) continue;
    const shared = sharedCount(bits, source.bits);
    const removed = source.size - shared;
    if (removed > maxRemoved) continue;
    const added = size - shared;
    const lines = 1 + (added > 0 ? 1 + added : 0) + (removed > 0 ? 1 + removed : 0);
    // Removed grants are harder to read than added ones, and custom roles are less known than system roles.
    const score = size - lines - removed - (source.system ? 0 : 1);
    const share = source.system ? MIN_SHARE.system : MIN_SHARE.custom;
    if (score < Math.max(MIN_SAVED, size * share)) continue;
    if (score > (best?.score ?? 0)) best = { source, score };
  }
  return best?.source ?? null;
}
