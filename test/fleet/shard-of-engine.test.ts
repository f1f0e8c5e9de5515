import { describe, expect, it } from '@jest/globals';
import { shardOfEngine } from '../../src/fleet/shard-of-engine.js';

const GITLAB = { CI_NODE_INDEX: '2', CI_NODE_TOTAL: '5' };
const KUBERNETES = { JOB_COMPLETION_INDEX: '0' };
const SLURM = { SLURM_ARRAY_TASK_ID: '3', SLURM_ARRAY_TASK_MIN: '1', SLURM_ARRAY_TASK_COUNT: '4' };

describe('the shard from a CI engine', () => {
  it.each<[string, Record<string, string>, number | null, string, RegExp]>([
    ['GitLab', GITLAB, null, '2/5', /GitLab/u],
    ['GitLab with the same number of shards', GITLAB, 5, '2/5', /GitLab/u],
    ['Kubernetes, which counts from 0', KUBERNETES, 3, '1/3', /Kubernetes/u],
    ['the last index of Kubernetes', { JOB_COMPLETION_INDEX: '2' }, 3, '3/3', /Kubernetes/u],
    ['Slurm', SLURM, null, '3/4', /Slurm/u],
    [
      'Slurm from 0',
      { ...SLURM, SLURM_ARRAY_TASK_ID: '0', SLURM_ARRAY_TASK_MIN: '0', SLURM_ARRAY_TASK_MAX: '3' },
      null,
      '1/4',
      /Slurm/u,
    ],
    [
      'Slurm from 10 in steps of 5',
      {
        ...{ SLURM_ARRAY_TASK_ID: '20', SLURM_ARRAY_TASK_MIN: '10', SLURM_ARRAY_TASK_COUNT: '4' },
        ...{ SLURM_ARRAY_TASK_STEP: '5', SLURM_ARRAY_TASK_MAX: '25' },
      },
      4,
      '3/4',
      /Slurm/u,
    ],
    ['two engines that agree', { ...GITLAB, JOB_COMPLETION_INDEX: '1' }, 5, '2/5', /GitLab.*and Kubernetes/u],
    ['GitLab and empty variables', { ...GITLAB, JOB_COMPLETION_INDEX: '' }, null, '2/5', /^GitLab \(/u],
  ])('%s', (_what, env, count, shard, from) => {
    const found = shardOfEngine(env, count);
    expect(`${found.shard.index}/${found.shard.count}`).toBe(shard);
    expect(found.from).toMatch(from);
  });

  it.each<[string, Record<string, string>, number | null, RegExp]>([
    ['no engine', {}, null, /no supported engine/u],
    ['no engine, and a number', {}, 5, /no supported engine/u],
    ['a GitLab job without parallel', { CI_NODE_TOTAL: '1' }, null, /no supported engine/u],
    ['GitLab without a total', { CI_NODE_INDEX: '1' }, null, /CI_NODE_TOTAL is not set/u],
    ['a number that GitLab does not have', GITLAB, 4, /shard 2 of 5, and --shard has auto\/4/u],
    ['an index above the total', { CI_NODE_INDEX: '6', CI_NODE_TOTAL: '5' }, null, /no shard 6 of 5/u],
    ['an index of 0', { CI_NODE_INDEX: '0', CI_NODE_TOTAL: '5' }, null, /no shard 0 of 5/u],
    [
      'an index that is not a number',
      { CI_NODE_INDEX: 'two', CI_NODE_TOTAL: '5' },
      null,
      /CI_NODE_INDEX is not a whole number/u,
    ],
    ['Kubernetes without a number', KUBERNETES, null, /does not provide the number of shards/u],
    ['more completions than shards', { JOB_COMPLETION_INDEX: '3' }, 3, /no shard 4 of 3/u],
    ['two engines that disagree', { ...GITLAB, ...KUBERNETES }, 5, /shard 2 of 5.*shard 1 of 5/u],
    ['GitLab and Slurm that disagree', { ...GITLAB, ...SLURM }, null, /shard 2 of 5.*shard 3 of 4/u],
    ['an array with gaps', { ...SLURM, SLURM_ARRAY_TASK_MAX: '9' }, null, /has gaps/u],
    ['an id between two steps', { ...SLURM, SLURM_ARRAY_TASK_STEP: '5' }, null, /has gaps/u],
    ['a single task of an array of four', { ...SLURM, SLURM_ARRAY_TASK_COUNT: '1' }, 4, /no shard 3 of 1/u],
    [
      'an array without its count',
      { SLURM_ARRAY_TASK_ID: '1', SLURM_ARRAY_TASK_MIN: '1' },
      4,
      /_COUNT is not/u,
    ],
  ])('is not guessed from %s', (_what, env, count, message) => {
    expect(() => shardOfEngine(env, count)).toThrow(message);
  });
});
