import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dependenciesOf } from '../../../src/model/closure.js';
import type { Catalogue } from '../../../src/model/grant.js';
import { splitGrants, stageGrants } from '../../../src/plan/order/stage-grants.js';
import type { StageInput } from '../../../src/plan/order/stage-grants.js';
import { letters } from '../../support/order-input.js';

const entry = (grant: string, dependsOn: string[] = []): Catalogue[number] => ({
  grant,
  title: grant,
  group: 'G',
  dependsOn,
  adminLevel: null,
  features: [],
});
const PLAIN = dependenciesOf(letters('a b c d').map((grant) => entry(grant)));
/** Everyone who holds a will hold b. */
const CHAINED = dependenciesOf([entry('a', ['b']), entry('b'), entry('c'), entry('d')]);

interface Row {
  before: string;
  after: string;
  leavers?: string[];
  enterers?: string[];
  chained?: boolean;
}

function inputOf({ before, after, leavers = [], enterers = [], chained = false }: Row): StageInput {
  return {
    before: letters(before),
    after: letters(after),
    leavers: leavers.map((list) => new Set(letters(list))),
    enterers: enterers.map((list) => new Set(letters(list))),
    dependencies: chained ? CHAINED : PLAIN,
  };
}

const written = (writes: ReturnType<typeof stageGrants>): [string, string][] =>
  writes.map(({ stage, grants }) => [stage, grants.join(' ')]);

describe('the time at which the grants of a role are written', () => {
  it.each<[string, Row, [string, string][]]>([
    ['before: no one leaves or enters', { before: 'a', after: 'b' }, [['before-moves', 'b']]],
    [
      'before: leavers will hold the added grants',
      { before: 'a', after: 'a b', leavers: ['a b'] },
      [['before-moves', 'a b']],
    ],
    [
      'before: leavers do not keep the removed grants',
      { before: 'a b', after: 'a', leavers: ['a'] },
      [['before-moves', 'a']],
    ],
    [
      'before: grants of enterers matter only if leavers must not hold them',
      { before: 'a', after: 'b', enterers: ['c'] },
      [['before-moves', 'b']],
    ],
    [
      'after: a leaver would hold an added grant',
      { before: 'a', after: 'a b', leavers: ['a'] },
      [['after-moves', 'a b']],
    ],
    [
      'after: one of two leavers would',
      { before: 'a', after: 'a b', leavers: ['a b', 'a'] },
      [['after-moves', 'a b']],
    ],
    [
      'after: a leaver keeps a removed grant',
      { before: 'a b', after: 'a', leavers: ['a b'] },
      [['after-moves', 'a']],
    ],
    [
      'after: enterers had all removed grants',
      { before: 'a b', after: 'a c', leavers: ['a'], enterers: ['b'] },
      [['after-moves', 'a c']],
    ],
    [
      'after: dependencies of the added list are grants that a leaver will not hold',
      { before: '', after: 'a', leavers: ['a'], chained: true },
      [['after-moves', 'a']],
    ],
    [
      'before: the leaver will also hold the dependencies of the list',
      { before: '', after: 'a', leavers: ['a b'], chained: true },
      [['before-moves', 'a']],
    ],
    [
      'split: leavers will lack the new grants, enterers lacked the old ones',
      { before: 'a b', after: 'a c', leavers: ['a'], enterers: ['a'] },
      [
        ['before-moves', 'a'],
        ['after-moves', 'a c'],
      ],
    ],
    [
      'split: keeps grants that every enterer had',
      { before: 'a b d', after: 'a c', leavers: ['a'], enterers: ['a b', 'b'] },
      [
        ['before-moves', 'a b'],
        ['after-moves', 'a c'],
      ],
    ],
    [
      'split: adds grants that every leaver will have',
      { before: 'a b', after: 'a c d', leavers: ['a c', 'c'], enterers: ['a'] },
      [
        ['before-moves', 'a c'],
        ['after-moves', 'a c d'],
      ],
    ],
    [
      'after: an enterer keeps an added grant, but the leaver must not hold it',
      { before: '', after: 'a', leavers: [''], enterers: ['a'] },
      [['after-moves', 'a']],
    ],
    [
      'before: the leaver keeps a grant that an enterer must not hold',
      { before: 'a', after: '', leavers: ['a'], enterers: [''] },
      [['before-moves', '']],
    ],
    [
      'split: one of two enterers lacked the old grants',
      { before: 'a b', after: 'a c', leavers: ['a'], enterers: ['a b', 'a'] },
      [
        ['before-moves', 'a'],
        ['after-moves', 'a c'],
      ],
    ],
  ])('%s', (_, row, expected) => {
    expect(written(stageGrants(inputOf(row)))).toEqual(expected);
  });

  it.each<[string, Row, RegExp | null]>([
    ['nothing needs a reason', { before: 'a', after: 'b' }, null],
    [
      'is right for people who arrive',
      { before: 'a', after: 'a b', leavers: ['a'] },
      /no more, and no less/u,
    ],
    [
      'cannot be earlier',
      { before: '', after: 'a', leavers: [''], enterers: ['a'] },
      /earlier it would give/u,
    ],
    ['cannot be later', { before: 'a', after: '', leavers: ['a'], enterers: [''] }, /later it would give/u],
    ['is split', { before: 'a b', after: 'a c', leavers: ['a'], enterers: ['a'] }, /split in two writes/u],
  ])('is explained: %s', (_, row, note) => {
    const [first] = stageGrants(inputOf(row));
    if (note === null) expect(first?.note).toBeNull();
    else expect(first?.note).toMatch(note);
  });

  it.each<[string, Row, [string, string][]]>([
    [
      'splits although one write would be enough',
      { before: 'a', after: 'b' },
      [
        ['before-moves', 'a b'],
        ['after-moves', 'b'],
      ],
    ],
    [
      'writes once if the middle is the list before',
      { before: 'a', after: 'a b', leavers: ['a'] },
      [['after-moves', 'a b']],
    ],
    [
      'writes once if the middle is the list after',
      { before: 'a', after: '', enterers: [''] },
      [['before-moves', '']],
    ],
    [
      'does not temporarily remove a remaining grant if no one who arrives requires it',
      { before: 'a', after: 'a c', leavers: ['a'], chained: true },
      [['after-moves', 'a c']],
    ],
    [
      'removes it temporarily if a person who arrives requires it',
      { before: 'a b d', after: 'a c', leavers: ['a'], enterers: [''], chained: true },
      [
        ['before-moves', ''],
        ['after-moves', 'a c'],
      ],
    ],
  ])('%s, when a split is requested', (_, row, expected) => {
    expect(written(splitGrants(inputOf(row)))).toEqual(expected);
  });
});

describe('any staged writes', () => {
  const someGrants = fc.subarray(letters('a b c d'));
  const anyInput = fc.record({
    before: someGrants,
    after: someGrants,
    leavers: fc.array(
      someGrants.map((list) => new Set(list)),
      { maxLength: 3 },
    ),
    enterers: fc.array(
      someGrants.map((list) => new Set(list)),
      { maxLength: 3 },
    ),
    dependencies: fc.constant(PLAIN),
  });

  it('end with the desired list, and give no one excess access (P1)', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const writes = stageGrants(input);
        expect(writes.at(-1)?.grants).toEqual(input.after);
        const during = writes.filter(({ stage }) => stage === 'before-moves').at(-1)?.grants ?? input.before;
        const [had, will] = [new Set(input.before), new Set(input.after)];
        for (const grant of during) {
          expect(had.has(grant) || will.has(grant)).toBe(true);
          for (const end of input.leavers) expect(had.has(grant) || end.has(grant)).toBe(true);
          for (const start of input.enterers) expect(will.has(grant) || start.has(grant)).toBe(true);
        }
      }),
    );
  });
});
