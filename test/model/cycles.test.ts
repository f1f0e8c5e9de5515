import { describe, expect, it } from '@jest/globals';
import { cyclesOf } from '../../src/model/cycles.js';

describe('cyclesOf', () => {
  it.each<[string, Record<string, string[]>, string[][]]>([
    ['nothing in a chain', { a: ['b'], b: ['c'], c: [] }, []],
    ['nothing where two ways meet', { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, []],
    ['a name that reaches itself', { a: ['a'] }, [['a']]],
    ['names that reach each other, in the given order', { b: ['a'], a: ['b'] }, [['b', 'a']]],
    [
      'a longer cycle without what leads to it',
      { x: ['a'], a: ['b'], b: ['c'], c: ['a', 'y'], y: [] },
      [['a', 'b', 'c']],
    ],
    [
      'two cycles',
      { a: ['b'], b: ['a', 'c'], c: ['d'], d: ['c'] },
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['nothing for names that are unknown', { a: ['z'] }, []],
  ])('finds %s', (_, graph, found) => {
    expect(cyclesOf(Object.keys(graph), (name) => graph[name] ?? [])).toEqual(found);
  });
});
