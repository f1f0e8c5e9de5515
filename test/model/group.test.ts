import { expect, it } from '@jest/globals';
import { addTo, entriesWithout, groupBy } from '../../src/model/group.js';

it('groups values by their key, in the order in which keys and values come', () => {
  const groups = groupBy(['pear', 'fig', 'plum', 'date', 'kiwi'], ({ length }) => length);
  expect([...groups]).toEqual([
    [4, ['pear', 'plum', 'date', 'kiwi']],
    [3, ['fig']],
  ]);
});

it('adds to the list of a key, and starts a list for a new key', () => {
  const lists = new Map([['a', [1]]]);
  addTo(lists, 'a', 2);
  addTo(lists, 'b', 3);
  expect([...lists]).toEqual([
    ['a', [1, 2]],
    ['b', [3]],
  ]);
});

it('keeps the entries whose keys another map lacks', () => {
  const entries = new Map([
    ['a', 1],
    ['b', 2],
  ]);
  expect([...entriesWithout(entries, new Map([['a', null]]))]).toEqual([['b', 2]]);
});
