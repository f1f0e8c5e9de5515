import { badShard, parseShard } from '../../fleet/shard.js';
import type { Shard } from '../../fleet/shard.js';
import { shardOfEngine } from '../../fleet/shard-of-engine.js';
import { note } from '../deliver.js';
import type { Environment } from '../environment.js';

const AUTO = /^auto(?:\/([1-9][0-9]{0,5}))?$/u;

/** Parses `--shard`: `2/10`, or `auto`, which detects the shard from the engine and prints it. Null without the flag. */
export async function shardOf(text: string | undefined, environment: Environment): Promise<Shard | null> {
  if (text === undefined) return null;
  const auto = AUTO.exec(text);
  if (!auto) {
    if (text.startsWith('auto')) throw badShard('auto accepts only the number of shards, as in auto/10');
    return parseShard(text);
  }
  const { shard, from } = shardOfEngine(environment.env, auto[1] === undefined ? null : Number(auto[1]));
  await note(environment, `note: shard ${shard.index} of ${shard.count}, from ${from}`);
  return shard;
}
