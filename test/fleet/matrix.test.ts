import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matrixOf, shardCount, shardsOf } from '../../src/fleet/matrix.js';
import { inShard, parseShard } from '../../src/fleet/shard.js';
import { inputs } from '../support/law.js';

describe('the number of shards', () => {
  it.each([
    [0, 25, 0],
    [1, 25, 1],
    [25, 25, 1],
    [26, 25, 2],
    [1000, 25, 40],
    [1000, 1, 256],
    [6401, 25, 256],
  ])('of %i instances, %i in each: %i', (instances, perShard, count) => {
    expect(shardCount(instances, perShard)).toBe(count);
  });
});

describe('a matrix', () => {
  it('has one job per shard that --shard selects, and at most 256', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,3}$/u), { maxLength: 40 });
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 9 }), (list, perShard) => {
        const sorted = [...list].sort();
        const { include } = matrixOf(
          sorted.map((name) => ({ name, wave: 'rest' })),
          perShard,
        );
        const parts = include.map(({ shard }) => inShard(sorted, parseShard(shard)));
        expect(include.map(({ names: joined }) => joined)).toEqual(parts.map((part) => part.join(' ')));
        expect(parts.flat().sort()).toEqual(sorted);
        expect(include.every(({ instances }) => instances > 0 && instances <= perShard)).toBe(true);
        const of = shardsOf(sorted, include.length);
        for (const { index, names: joined } of include)
          for (const name of joined.split(' '))
            expect(of.get(name)).toEqual({ index, count: include.length });
      }),
      { numRuns: inputs(60) },
    );
    const many = Array.from({ length: 3000 }, (_, at) => ({ name: `i${at}`, wave: 'rest' }));
    expect(matrixOf(many, 1).include).toHaveLength(256);
  });

  it('names the wave of a job if the job has a single one', () => {
    const entries = ['a', 'b', 'c', 'd'].map((name) => ({ name, wave: name === 'd' ? 'late' : 'early' }));
    expect(matrixOf(entries, 2).include.map(({ wave }) => wave)).toEqual(['early', '']);
    expect(matrixOf([], 2)).toEqual({ include: [] });
  });
});
