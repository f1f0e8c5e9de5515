import { inShard } from './shard.js';
import type { Shard } from './shard.js';

/** GitHub's limit for the jobs of one matrix. */
const MOST_JOBS = 256;

/** A job of a matrix: a shard of a selection. */
export interface MatrixJob {
  /** In the form of `--shard`: `2/10`. */
  shard: string;
  index: number;
  count: number;
  instances: number;
  /** Names with a space between them. */
  names: string;
  /** The wave of all instances; empty if they are in several. */
  wave: string;
}

/** A matrix in the form that GitHub's `fromJSON` expects. */
export interface Matrix {
  include: readonly MatrixJob[];
}

/** The number of shards for so many instances: at most `perShard` in each, unless GitHub's job limit forces larger ones. */
export function shardCount(instances: number, perShard: number): number {
  return Math.min(MOST_JOBS, Math.ceil(instances / perShard));
}

/** The shard of each name. The names must be sorted. */
export function shardsOf(names: readonly string[], count: number): ReadonlyMap<string, Shard> {
  return new Map(names.map((name, position) => [name, { index: (position % count) + 1, count }]));
}

/** The shards of a selection as jobs. An empty selection has none. */
export function matrixOf(entries: readonly { name: string; wave: string }[], perShard: number): Matrix {
  const count = shardCount(entries.length, perShard);
  const waveOf = new Map(entries.map(({ name, wave }) => [name, wave]));
  return {
    include: Array.from({ length: count }, (_, at) => {
      const index = at + 1;
      const names = inShard([...waveOf.keys()], { index, count });
      const [wave = '', ...others] = new Set(names.map((name) => waveOf.get(name)));
      return {
        ...{ shard: `${index}/${count}`, index, count, instances: names.length },
        ...{ names: names.join(' '), wave: others.length === 0 ? wave : '' },
      };
    }),
  };
}
