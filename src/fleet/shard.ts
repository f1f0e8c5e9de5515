import { quotedName } from '../model/quoted-name.js';
import { byCodeUnit } from '../model/sort.js';
import { digestOf } from '../plan/digest.js';
import { usageError, type ProblemError } from '../problem/problem.js';
import type { FleetSelection } from './document.js';

/** One part of a selection that is split into equal parts. */
export interface Shard {
  /** From 1. */
  index: number;
  count: number;
}

/** More shards than any engine runs at a time. */
const MOST_SHARDS = 100_000;

const FORM = /^([1-9][0-9]{0,5})\/([1-9][0-9]{0,5})$/u;

/**
 * Reads `2/10`.
 *
 * @throws ProblemError `usage` for any other text.
 */
export function parseShard(text: string): Shard {
  const [, index = '', count = ''] = FORM.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (index === '') throw badShard(`${quotedName(text)} is not a shard`);
  if (shard.count > MOST_SHARDS) throw badShard(`there are at most ${MOST_SHARDS} shards`);
  if (shard.index <= shard.count) return shard;
  throw badShard(`there is no shard ${shard.index} of ${shard.count}`);
}

/** The error for an invalid `--shard`. */
export function badShard(
  message: string,
  hint = 'write --shard i/n with i from 1 to n, such as 2/10, or --shard auto',
): ProblemError {
  return usageError(message, { what: '--shard', hint });
}

/** The names of a shard: sorted, those whose position modulo the number of shards is its index. */
export function inShard(names: readonly string[], { index, count }: Shard): string[] {
  return [...names].sort(byCodeUnit).filter((_, position) => position % count === index - 1);
}

/** Builds a selection. Its digest covers the whole selection, however it is split into shards. */
export function makeSelection(
  flags: FleetSelection['flags'],
  names: readonly string[],
  shard: Shard | null,
): FleetSelection {
  const digest = digestOf(names);
  if (shard === null) return { flags, digest, names, shard };
  return { flags, digest, names: inShard(names, shard), shard, all: names };
}

/** The names of the whole selection, also for a shard. */
export function wholeSelection({ all, names }: FleetSelection): readonly string[] {
  return all ?? names;
}
