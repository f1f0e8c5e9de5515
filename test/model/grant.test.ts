import { describe, expect, it } from '@jest/globals';
import { featureNames, grantList, grantSet } from '../../src/model/grant.js';

describe('grantList', () => {
  it.each<[string[], string[]]>([
    [[], []],
    [
      ['b', 'a', 'b'],
      ['a', 'b'],
    ],
    [
      ['a.b', 'a-b', 'A'],
      ['A', 'a-b', 'a.b'],
    ],
    [
      ['a', 'b', 'b', 'c'],
      ['a', 'b', 'c'],
    ],
  ])('of %j is %j', (grants, list) => {
    expect(grantList(grants)).toEqual(list);
  });

  it('returns a new list, even for a sorted one', () => {
    const given = ['a', 'b'];
    expect(grantList(given)).toEqual(given);
    expect(grantList(given)).not.toBe(given);
  });
});

describe('featureNames', () => {
  it.each<[string, string[]]>([
    ['', []],
    [' , ', []],
    ['b a', ['a', 'b']],
    ['b,a,b', ['a', 'b']],
    ['two\twords,\n one', ['one', 'two', 'words']],
  ])('of %j are %j', (text, names) => {
    expect(featureNames(text)).toEqual(names);
  });
});

describe('grantSet', () => {
  it('has the members of the list, and is created once for each list', () => {
    const list = ['a', 'b'];
    expect([...grantSet(list)]).toEqual(list);
    expect(grantSet(list)).toBe(grantSet(list));
    expect(grantSet([...list])).not.toBe(grantSet(list));
  });
});
