import { describe, expect, it } from '@jest/globals';
import { liveKey } from '../../../src/model/role.js';
import { transitionsOf } from '../../../src/plan/order/transitions.js';
import { orderInput } from '../../support/order-input.js';
import type { OrderCase } from '../../support/order-input.js';

/** The future grants of the leavers of T and the current grants of its enterers, one text per cohort. */
function transitionOfT(wanted: OrderCase): { leavers: string[]; enterers: string[] } {
  const { leavers, enterers } = transitionsOf(orderInput(wanted))(liveKey(100));
  const texts = (sets: readonly ReadonlySet<string>[]): string[] => sets.map((set) => [...set].join(' '));
  return { leavers: texts(leavers), enterers: texts(enterers) };
}

describe('the people who move through a role', () => {
  const roles = { T: ['a', 'b'], From: ['c', 'c d'], To: ['e', 'a e'] } as const;

  it.each<[string, OrderCase['people'], string[], string[]]>([
    ['are none if no one moves', { 10: ['T', 'T'] }, [], []],
    ['leave with the final grants of their new role', { 10: ['T', 'To'] }, ['a e'], []],
    ['enter with the current grants of their old role', { 10: ['From', 'T'] }, [], ['c']],
    ['count once for each role that they go to', { 10: ['T', 'To'], 11: ['T', 'To'] }, ['a e'], []],
    [
      'count separately for each role that they go to or come from',
      { 10: ['T', 'To'], 11: ['T', 'From'], 12: ['From', 'T'], 13: ['To', 'T'] },
      ['c d', 'a e'],
      ['c', 'e'],
    ],
    ['are not those of another role', { 10: ['From', 'To'] }, [], []],
  ])('%s', (_, people = {}, leavers, enterers) => {
    expect(transitionOfT({ roles, people })).toEqual({ leavers, enterers });
  });
});
