import { badShard } from './shard.js';
import type { Shard } from './shard.js';

/** A shard, and the CI or cluster engine that set it. */
export interface EngineShard {
  shard: Shard;
  /** The engine and its variables, for messages. */
  from: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads the shard of this process from its engine: `parallel` in GitLab, an Indexed Job in Kubernetes, a job array in
 * Slurm. `count` is the number of shards, if given.
 *
 * @throws ProblemError `usage` if no engine is found, or if two sources disagree.
 */
export function shardOfEngine(env: Variables, count: number | null): EngineShard {
  const found = [gitlab(env), kubernetes(env, count), slurm(env)].flatMap((one) => one ?? []);
  const [first] = found;
  if (!first) {
    throw badShard(
      'the shard is not known: no supported engine was found',
      'auto reads CI_NODE_INDEX (GitLab), JOB_COMPLETION_INDEX (Kubernetes) or SLURM_ARRAY_TASK_ID (Slurm); elsewhere write i/n',
    );
  }
  const other = found.find(({ shard }) => !isSame(shard, first.shard));
  if (other) throw badShard(`${shardText(first)}, ${shardText(other)}`, 'write i/n instead of auto');
  if (count !== null && first.shard.count !== count)
    throw badShard(
      `${shardText(first)}, and --shard has auto/${count}`,
      'leave the number out, or correct it',
    );
  return { shard: first.shard, from: found.map(({ from }) => from).join(' and ') };
}

const isSame = (a: Shard, b: Shard): boolean => a.index === b.index && a.count === b.count;

const shardText = ({ shard, from }: EngineShard): string => `${from}: shard ${shard.index} of ${shard.count}`;

function gitlab(env: Variables): EngineShard | null {
  // A job without `parallel` has a total and no index.
  const index = numberIn(env, 'CI_NODE_INDEX');
  if (index === null) return null;
  return shardFrom('GitLab (CI_NODE_INDEX, CI_NODE_TOTAL)', index, needed(env, 'CI_NODE_TOTAL'));
}

/** Kubernetes counts from 0, and does not set the number of shards. */
function kubernetes(env: Variables, count: number | null): EngineShard | null {
  const index = numberIn(env, 'JOB_COMPLETION_INDEX');
  if (index === null) return null;
  if (count === null) {
    throw badShard(
      'Kubernetes (JOB_COMPLETION_INDEX) does not provide the number of shards',
      'write --shard auto/N, where N is the completions of the job',
    );
  }
  return shardFrom('Kubernetes (JOB_COMPLETION_INDEX)', index + 1, count);
}

/** A job array may start anywhere and have a step. An array with gaps is rejected: positions in it cannot be computed. */
function slurm(env: Variables): EngineShard | null {
  const id = numberIn(env, 'SLURM_ARRAY_TASK_ID');
  if (id === null) return null;
  const from = 'Slurm (SLURM_ARRAY_TASK_ID, _MIN, _COUNT)';
  const [first, count] = [needed(env, 'SLURM_ARRAY_TASK_MIN'), needed(env, 'SLURM_ARRAY_TASK_COUNT')];
  const step = numberIn(env, 'SLURM_ARRAY_TASK_STEP') ?? 1;
  const last = numberIn(env, 'SLURM_ARRAY_TASK_MAX') ?? first + (count - 1) * step;
  const position = (id - first) / step;
  if (!Number.isInteger(position) || last !== first + (count - 1) * step)
    throw badShard(`${from}: the array has gaps`, 'submit a range such as --array=1-10, or write i/n');
  return shardFrom(from, position + 1, count);
}

function shardFrom(from: string, index: number, count: number): EngineShard {
  if (index >= 1 && index <= count) return { shard: { index, count }, from };
  throw badShard(`${from}: there is no shard ${index} of ${count}`, 'write i/n instead of auto');
}

/** A variable as a whole number; null if it is not set or empty, as CI systems leave undefined variables. */
function numberIn(env: Variables, name: string): number | null {
  const text = env[name]?.trim() ?? '';
  if (text === '') return null;
  if (/^[0-9]{1,9}$/u.test(text)) return Number(text);
  throw badShard(`${name} is not a whole number`, 'write i/n instead of auto');
}

function needed(env: Variables, name: string): number {
  const number = numberIn(env, name);
  if (number !== null) return number;
  throw badShard(`${name} is not set`, 'write i/n instead of auto');
}
