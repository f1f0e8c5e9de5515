import type { Grant } from '../model/grant.js';
import { addTo, groupBy } from '../model/group.js';
import { byCodeUnit } from '../model/sort.js';
import { slug } from './file-names.js';
import type { RoleId } from '../model/ids.js';

/** The grants of a role that are not inherited. */
interface RemainingGrants {
  id: RoleId;
  /** Sorted. */
  grants: readonly Grant[];
}

/** Grant sets and their users. */
interface ChosenSets {
  /** By name, sorted. */
  sets: ReadonlyMap<string, readonly Grant[]>;
  /** The names of the sets that a role uses, sorted, by role id. */
  uses: ReadonlyMap<RoleId, readonly string[]>;
}

/** Minimum number of grants and users of a set; with fewer, a plain list is easier to read. */
const MIN_SET_SIZE = 3;
const MIN_USERS = 3;

/** Minimum number of lines that a set saves. */
const MIN_SAVED = 6;

/** Maximum number of sets per group of grants, and of lists to try for them. */
const MAX_SETS = 3;
const MAX_CANDIDATES = 40;

interface Part {
  id: RoleId;
  grants: ReadonlySet<Grant>;
}

interface Block {
  grants: readonly Grant[];
  users: readonly RoleId[];
}

/**
 * Chooses sets of grants that several roles share. Each set contains grants of one group of Domo's page and has its
 * name: `data`, `data-2`. The largest saving comes first.
 */
export function chooseSets(rests: readonly RemainingGrants[], groupOf: (grant: Grant) => string): ChosenSets {
  const named: { word: string; block: Block }[] = [];
  for (const [group, parts] of [...byGroup(rests, groupOf)].sort(([a], [b]) => byCodeUnit(a, b))) {
    const word = slug(group);
    for (const block of blocksOf(parts)) named.push({ word: word === '' ? 'grants' : word, block });
  }
  const sets = new Map<string, readonly Grant[]>();
  const uses = new Map<RoleId, string[]>();
  for (const { word, block } of named.sort((a, b) => byCodeUnit(a.word, b.word))) {
    let name = word;
    for (let number = 2; sets.has(name); number += 1) name = `${word}-${number}`;
    sets.set(name, block.grants);
    for (const id of block.users) addTo(uses, id, name);
  }
  return { sets, uses };
}

function byGroup(rests: readonly RemainingGrants[], groupOf: (grant: Grant) => string): Map<string, Part[]> {
  const groups = new Map<string, Part[]>();
  for (const { id, grants } of [...rests].sort((a, b) => a.id - b.id)) {
    for (const [group, part] of groupBy(grants, groupOf)) addTo(groups, group, { id, grants: new Set(part) });
  }
  return groups;
}

function blocksOf(parts: readonly Part[]): Block[] {
  const blocks: Block[] = [];
  let left = parts;
  while (blocks.length < MAX_SETS) {
    const best = bestBlock(left);
    if (!best) break;
    blocks.push(best);
    const users = new Set(best.users);
    left = left.map((part) =>
      users.has(part.id)
        ? { id: part.id, grants: new Set([...part.grants].filter((grant) => !best.grants.includes(grant))) }
        : part,
    );
  }
  return blocks;
}

/** The list that saves most if each role that holds all of it uses it. */
function bestBlock(parts: readonly Part[]): Block | null {
  let best: { block: Block; saved: number } | null = null;
  for (const grants of candidates(parts)) {
    const users = parts.filter((part) => grants.every((grant) => part.grants.has(grant)));
    const saved = users.length * (grants.length - 1) - (grants.length + 1);
    if (users.length < MIN_USERS || saved < MIN_SAVED || saved <= (best?.saved ?? 0)) continue;
    best = { block: { grants, users: users.map(({ id }) => id) }, saved };
  }
  return best?.block ?? null;
}

/** The lists of roles, most common first, then longest first. */
function candidates(parts: readonly Part[]): (readonly Grant[])[] {
  const lists = new Map<string, { grants: readonly Grant[]; count: number }>();
  for (const { grants } of parts) {
    if (grants.size < MIN_SET_SIZE) continue;
    const list = [...grants];
    const known = lists.get(list.join('\n'));
    if (known) known.count += 1;
    else lists.set(list.join('\n'), { grants: list, count: 1 });
  }
  return [...lists]
    .sort(
      ([aKey, a], [bKey, b]) =>
        b.count - a.count || b.grants.length - a.grants.length || byCodeUnit(aKey, bKey),
    )
    .slice(0, MAX_CANDIDATES)
    .map(([, { grants }]) => grants);
}
