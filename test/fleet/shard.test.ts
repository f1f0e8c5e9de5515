import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inShard, makeSelection, parseShard, wholeSelection } from '../../src/fleet/shard.js';
import { inputs } from '../support/law.js';

describe('the notation of a shard', () => {
  it.each(['1/1', '1/10', '10/10', '100000/100000'])('accepts %s', (text) => {
    const { index, count } = parseShard(text);
    expect(`${index}/${count}`).toBe(text);
  });

  it.each([
    ...['', '0/3', '4/3', '1/0', '-1/3', '1.5/3', '1', '/3', '1/', '1/3/5', ' 1/3', '1/3 ', '01/3', '1e0/3'],
    ...['a/b', '1/999999999', '1/100001', 'ONE/3', '１/３', '\u001b[31m1/3'],
  ])('rejects %j', (text) => {
    expect(() => parseShard(text)).toThrow(/shard/u);
  });
});

describe('the shards of a selection', () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,6}[a-z0-9]$/u), { maxLength: 30 });
  const count = fc.integer({ min: 1, max: 12 });

  it('contain each name once, and their sizes differ by at most one, in any order of names', () => {
    fc.assert(
      fc.property(names, count, (all, n) => {
        const parts = Array.from({ length: n }, (_, index) => inShard(all, { index: index + 1, count: n }));
        expect(parts.flat().sort()).toEqual([...all].sort());
        const sizes = parts.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        expect(inShard([...all].reverse(), { index: 1, count: n })).toEqual(parts[0]);
      }),
      { numRuns: inputs(100) },
    );
  });

  it('take every n-th name by position', () => {
    const all = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    expect(inShard(all, { index: 1, count: 3 })).toEqual(['a', 'd', 'g']);
    expect(inShard(all, { index: 3, count: 3 })).toEqual(['c', 'f']);
    expect(inShard(all, { index: 9, count: 9 })).toEqual([]);
  });

  it('agree on the digest of the whole selection, as in a run without shards', () => {
    const all = ['a', 'b', 'c'];
    const whole = makeSelection({}, all, null);
    const parts = [1, 2].map((index) => makeSelection({}, all, { index, count: 2 }));
    expect(parts.map(({ digest }) => digest)).toEqual([whole.digest, whole.digest]);
    expect(parts.map((part) => [part.names, wholeSelection(part)])).toEqual([
      [['a', 'c'], all],
      [['b'], all],
    ]);
    expect(Object.keys(whole)).not.toContain('all');
    expect(makeSelection({}, ['a', 'b'], { index: 1, count: 2 }).digest).not.toBe(whole.digest);
  });
});
