import type { Grant } from '../model/grant.js';
import { byCodeUnit } from '../model/sort.js';
import type { GrantSource } from './grant-source.js';
import { grantBits, hasBit, intersection, type Bits } from './grant-bits.js';
import type { RoleId } from '../model/ids.js';

/** What a role takes from another one, and what it lists itself. */
export interface InheritedGrants {
  from: string;
  add: readonly Grant[];
  remove: readonly Grant[];
}

/** A shorter list than this is plainest by itself. */
const SHORTEST_SOURCE = 4;

/**
 * `from` must save this many lines, and this share of the list: less is not worth looking up another role. Of
 * a custom role nearly all must be the same: two jobs that merely overlap should not change together.
 */
const LEAST_SAVED = 3;
const LEAST_SHARE = { system: 0.3, custom: 0.6 };

/** A reader subtracts a few grants in their head, no more. */
const MOST_REMOVED = 3;

/** Lists of custom roles that are tried as sources: bounds the work on instances with thousands of roles. */
const MOST_SOURCES = 500;

interface Source {
  name: string;
  bits: Bits;
  size: number;
  system: boolean;
  /** How many roles a reader has to look up to know what this one holds. */
  depth: number;
}

/** The deepest source that others may take from. */
const DEEPEST = 1;

/**
 * For each custom role, the best role for it to inherit from, where there is one: role id → what it takes. A role
 * takes only from system roles and from smaller or equal lists, so that there is no circle.
 */
export function chooseSources(roles: readonly GrantSource[]): ReadonlyMap<RoleId, InheritedGrants> {
  const toBits = grantBits(roles.flatMap((role) => role.grants));
  const sources: Source[] = [];
  const owners = new Map<string, Source>();
  const offer = (role: GrantSource, bits: Bits, depth: number): void => {
    if (!role.open || role.grants.length < SHORTEST_SOURCE) return;
    const source = { name: role.name, bits, size: role.grants.length, system: role.system, depth };
    const list = bits.join();
    if (!owners.has(list)) owners.set(list, source);
    if (depth <= DEEPEST && sources.length < MOST_SOURCES) sources.push(source);
  };
  const system = roles.filter((role) => role.system).sort((a, b) => a.id - b.id);
  for (const role of system) offer(role, toBits(role.grants), 0);

  const custom = roles
    .filter((role) => !role.system)
    .sort((a, b) => a.grants.length - b.grants.length || byCodeUnit(a.name, b.name) || a.id - b.id);
  const taken = new Map<RoleId, InheritedGrants>();
  for (const role of custom) {
    const bits = toBits(role.grants);
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
        add: role.grants.filter((grant) => !has(toBits.indexOf(grant))),
        remove: toBits.listOf(best.bits).filter((grant) => !own.has(grant)),
      });
    }
    offer(role, bits, best ? best.depth + 1 : 0);
  }
  return taken;
}

function bestSource(role: GrantSource, bits: Bits, sources: readonly Source[]): Source | null {
  const size = role.grants.length;
  const mostRemoved = role.exact ? Math.min(MOST_REMOVED, Math.floor(size / 8)) : 0;
  let best: { source: Source; score: number } | null = null;
  for (const source of sources) {
    if (source.size > size + mostRemoved) continue;
    const shared = intersection(bits, source.bits);
    const removed = source.size - shared;
    if (removed > mostRemoved) continue;
    const added = size - shared;
    const lines = 1 + (added > 0 ? 1 + added : 0) + (removed > 0 ? 1 + removed : 0);
    // What is taken away is harder to read than what is added, and a custom role less well known than a system one.
    const score = size - lines - removed - (source.system ? 0 : 1);
    const share = source.system ? LEAST_SHARE.system : LEAST_SHARE.custom;
    if (score < Math.max(LEAST_SAVED, size * share)) continue;
    if (score > (best?.score ?? 0)) best = { source, score };
  }
  return best?.source ?? null;
}
