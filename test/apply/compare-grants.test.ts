import { describe, expect, it } from '@jest/globals';
import {
  grantsDifference,
  grantsDifferenceText,
  grantsText,
  holds,
  sameGrants,
  sameReading,
} from '../../src/apply/compare-grants.js';
import { dependenciesOf } from '../../src/model/closure.js';
import { CATALOGUE } from '../support/apply-world.js';

const deps = dependenciesOf(CATALOGUE);

describe('grants that a role holds, compared with those that were set', () => {
  it.each<[string, string[], string[], string[], string[]]>([
    ['the same', ['a.view'], ['a.view'], [], []],
    ['both empty', [], [], [], []],
    ['one is missing', [], ['a.view'], ['a.view'], []],
    ['one is extra', ['a.view'], [], [], ['a.view']],
    ['extra, explained by a dependency', ['a.admin', 'a.edit'], ['a.admin'], [], []],
    ['extra, and no dependency of what was set', ['a.admin', 'b.view'], ['a.admin'], [], ['b.view']],
    ['a dependency that was set is missing', ['a.admin'], ['a.admin', 'a.edit'], ['a.edit'], []],
  ])('%s', (_, held, wanted, missing, extra) => {
    expect(grantsDifference(held, wanted, deps)).toEqual({ missing, extra });
    expect(holds(held, wanted, deps)).toBe(missing.length + extra.length === 0);
  });

  it.each<[string[], string[], string]>([
    [['a'], [], 'a is still missing'],
    [['a', 'b'], [], 'its grants differ (missing: a, b)'],
    [[], ['c'], 'its grants differ (extra: c)'],
    [['a'], ['c'], 'its grants differ (missing: a; extra: c)'],
  ])('as a message: missing %j, extra %j', (missing, extra, text) => {
    expect(grantsDifferenceText({ missing, extra })).toBe(text);
  });

  it.each<[string[], string]>([
    [[], ''],
    [['a', 'b'], 'a, b'],
    [[...'abcdefgh'], 'a, b, c, d, e, f, g, h'],
    [[...'abcdefghij'], 'a, b, c, d, e, f, g, h and 2 more'],
  ])('as a list: %j', (grants, text) => {
    expect(grantsText(grants)).toBe(text);
  });
});

describe('two lists of grants', () => {
  it.each<[string, string[], string[], boolean, boolean]>([
    ['the same', ['a.view'], ['a.view'], true, true],
    ['one longer', ['a.view'], ['a.view', 'b.view'], false, false],
    ['as long, but different', ['a.view'], ['b.view'], false, false],
    ['one with what Domo adds', ['a.admin'], ['a.admin', 'a.edit'], false, true],
    ['the other with what Domo adds', ['b.edit', 'b.view'], ['b.edit'], false, true],
  ])('%s', (_, one, other, same, reading) => {
    expect(sameGrants(one, other)).toBe(same);
    expect(sameReading(one, other, deps)).toBe(reading);
  });
});
