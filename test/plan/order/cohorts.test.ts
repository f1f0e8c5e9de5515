import { describe, expect, it } from '@jest/globals';
import { cohortsOf } from '../../../src/plan/order/cohorts.js';
import { orderInput } from '../../support/order-input.js';
import type { OrderCase } from '../../support/order-input.js';

const texts = (wanted: OrderCase): string[] => {
  const { live, desired, differences } = orderInput(wanted);
  return cohortsOf({ live, end: desired.state }, differences, wanted.me ?? null).map(
    ({ from, to, people, me }) => `${me ? 'me ' : ''}${from} ${to}: ${people.map(({ id }) => id).join(' ')}`,
  );
};

describe('cohorts', () => {
  const T = { T: ['a', 'b'], U: ['a', 'a'] } as const;

  it.each<[string, OrderCase, string[]]>([
    [
      'leave out people who are not affected',
      { roles: T, people: { 10: ['U', 'U'], 11: ['Social', 'Social'] } },
      [],
    ],
    [
      'contain people whose role gets another list',
      { roles: T, people: { 11: ['T', 'T'], 10: ['T', 'T'] } },
      ['#100 #100: 10 11'],
    ],
    [
      'contain people who move, separate from those who stay',
      { roles: T, people: { 10: ['T', 'T'], 11: ['T', 'U'], 12: ['T', 'U'] } },
      ['#100 #100: 10', '#100 #101: 11 12'],
    ],
    [
      'are separate for each origin and each target',
      { roles: T, people: { 10: ['U', 'T'], 11: ['Social', 'T'], 12: ['U', 'Social'] } },
      ['#101 #100: 10', '#101 #5: 12', '#5 #100: 11'],
    ],
    [
      'contain the acting person alone and first',
      { roles: T, people: { 1: ['T', 'T'], 10: ['T', 'T'] }, me: 1 },
      ['me #100 #100: 1', '#100 #100: 10'],
    ],
    [
      'contain a moving acting person once',
      { roles: T, people: { 1: ['T', 'U'], 10: ['T', 'U'] }, me: 1 },
      ['me #100 #101: 1', '#100 #101: 10'],
    ],
    [
      'contain an acting person who is not affected',
      { people: { 1: ['Social', 'Social'] }, me: 1 },
      ['me #5 #5: 1'],
    ],
    ['leave out an acting person who was not read', { me: 99 }, []],
    [
      'leave out an acting person whose role is deleted without a new one',
      { roles: { T: ['a', null] }, people: { 2: ['T', 'T'] }, me: 2 },
      [],
    ],
    [
      'contain people who arrive in a new role',
      { roles: { N: [null, 'a'] }, people: { 10: ['Social', 'N'] } },
      ['#5 new:N: 10'],
    ],
  ])('%s', (_, wanted, expected) => expect(texts(wanted)).toEqual(expected));
});
