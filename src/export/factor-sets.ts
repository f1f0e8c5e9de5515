import type { Grant } from '../model/grant.js';
import { addTo, groupBy } from '../model/group.js';
import { byCodeUnit } from '../model/sort.js';
import { plainWord } from './file-names.js';
import type { RoleId } from '../model/ids.js';

/** The list that remains for one role. */
export interface RemainingGrants {
  id: RoleId;
  /** Sorted. */
  grants: readonly Grant[];
}

/** Grant sets, and who uses which. */
export interface ChosenSets {
  /** By name, in the order of names. */
  sets: ReadonlyMap<string, readonly Grant[]>;
  /** Role id → names of the sets it takes in, in the order of names. */
  uses: ReadonlyMap<RoleId, readonly string[]>;
}

/** Minimum number of grants and users of a set; with fewer, a plain list is easier to read. */
const SMALLEST_SET = 3;
const FEWEST_USERS = 3;

/** A set must save this many lines in all. */
const LEAST_SAVED = 6;

/** Sets that one group of grants may be cut into, and lists that are tried for them. */
const MOST_SETS = 3;
const MOST_TRIED = 40;

interface Part {
  id: RoleId;
  grants: ReadonlySet<Grant>;
}

interface Block {
  grants: readonly Grant[];
  users: readonly RoleId[];
}

/**
 * Blocks of grants of one group of Domo's page that several roles share whole, each with the group's name:
 * `data`, and where there are more, `data-2`. The biggest saving first.
 */
export function chooseSets(rests: readonly RemainingGrants[], groupOf: (grant: Grant) => string): ChosenSets {
  const named: { word: string; block: Block }[] = [];
  for (const [group, parts] of [...byGroup(rests, groupOf)].sort(([a], [b]) => byCodeUnit(a, b))) {
    const word = plainWord(group);
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
  while (blocks.length < MOST_SETS) {
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

/** The list that saves most if every role takes it in that holds all of it. */
function bestBlock(parts: readonly Part[]): Block | null {
  let best: { block: Block; saved: number } | null = null;
  for (const grants of candidates(parts)) {
    const users = parts.filter((part) => grants.every((grant) => part.grants.has(grant)));
    const saved = users.length * (grants.length - 1) - (grants.length + 1);
    if (users.length < FEWEST_USERS || saved < LEAST_SAVED || saved <= (best?.saved ?? 0)) continue;
    best = { block: { grants, users: users.map(({ id }) => id) }, saved };
  }
  return best?.block ?? null;
}

/** The lists that roles really have, the most common first, the longer before the shorter. */
function candidates(parts: readonly Part[]): (readonly Grant[])[] {
  const lists = new Map<string, { grants: readonly Grant[]; count: number }>();
  for (const { grants } of parts) {
    if (grants.size < SMALLEST_SET) continue;
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
    .slice(0, MOST_TRIED)
    .map(([, { grants }]) => grants);
}
