import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dependenciesOf, grantsWithout, intersection, isSameList } from '../../src/model/closure.js';
import type { Catalogue } from '../../src/model/grant.js';

function catalogueOf(entries: Record<string, string[]>): Catalogue {
  return Object.entries(entries).map(([grant, dependsOn]) => ({
    grant,
    title: grant,
    group: 'G',
    dependsOn,
    adminLevel: null,
    features: [],
  }));
}

const DEPENDENCIES = dependenciesOf(
  catalogueOf({
    a: ['b'],
    b: ['c'],
    c: [],
    left: ['top', 'ui.admin'],
    right: ['top'],
    top: [],
    one: ['other'],
    other: ['one'],
    both: ['left', 'right'],
  }),
);

describe('closure', () => {
  it.each<[string, string[], string[]]>([
    ['a chain', ['a'], ['a', 'b', 'c']],
    ['the end of a chain', ['c'], ['c']],
    ['a diamond', ['both'], ['both', 'left', 'right', 'top']],
    ['a cycle', ['one'], ['one', 'other']],
    ['several grants', ['b', 'right'], ['b', 'c', 'right', 'top']],
    ['a grant that is not listed', ['gone'], ['gone']],
    ['a dependency that is not listed', ['left'], ['left', 'top']],
    ['nothing', [], []],
  ])('of %s', (_, grants, expected) => {
    expect([...DEPENDENCIES.closure(grants)].sort()).toEqual(expected);
  });

  it('returns the same result a second time', () => {
    expect(DEPENDENCIES.closure(['a'])).toEqual(DEPENDENCIES.closure(['a']));
  });

  it('contains the grants, and is its own closure', () => {
    const grant = fc.constantFrom(...DEPENDENCIES.listed, 'gone');
    fc.assert(
      fc.property(fc.array(grant), (grants) => {
        const once = DEPENDENCIES.closure(grants);
        expect(grants.every((one) => once.has(one))).toBe(true);
        expect(DEPENDENCIES.closure([...once])).toEqual(once);
      }),
    );
  });
});

describe('the dependencies of one grant', () => {
  it.each<[string, string[], string[], boolean]>([
    ['left', ['top', 'ui.admin'], ['top'], true],
    ['a', ['b'], ['b'], true],
    ['c', [], [], true],
    ['gone', [], [], false],
  ])('%s: all %j, on the instance %j, listed itself: %s', (grant, direct, needs, has) => {
    expect(DEPENDENCIES.direct(grant)).toEqual(direct);
    expect(DEPENDENCIES.needs(grant)).toEqual(needs);
    expect(DEPENDENCIES.has(grant)).toBe(has);
  });

  it('are known for every grant, in catalogue order', () => {
    expect(DEPENDENCIES.listed).toEqual(['a', 'b', 'c', 'left', 'right', 'top', 'one', 'other', 'both']);
  });
});

describe('two lists', () => {
  it.each<[string[], string[], string[], string[]]>([
    [['b', 'a', 'b'], ['c'], ['a', 'b'], []],
    [['b', 'a'], ['b'], ['a'], ['b']],
    [['b', 'a'], ['a', 'b'], [], ['a', 'b']],
    [[], ['a'], [], []],
    [['a'], [], ['a'], []],
  ])('%j and %j: without %j, in both %j', (one, other, rest, both) => {
    for (const form of [other, new Set(other)]) {
      expect(grantsWithout(one, form)).toEqual(rest);
      expect(intersection(one, form)).toEqual(both);
    }
  });
});

describe('two lists of grants', () => {
  it.each<[string[], string[], boolean]>([
    [[], [], true],
    [['a', 'b'], ['b', 'a'], true],
    [['a', 'b'], ['a'], false],
    [['a'], ['a', 'b'], false],
    [['a', 'b'], ['a', 'c'], false],
  ])('%j and %j are the same: %s', (one, other, same) => {
    expect(isSameList(one, other)).toBe(same);
  });
});
