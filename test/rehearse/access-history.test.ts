import { describe, expect, it } from '@jest/globals';
import { recordAccess } from '../../src/rehearse/access-history.js';
import type { Access } from '../../src/rehearse/access-history.js';

const moment = (roles: Record<number, string[]>, people: Record<number, number>): Access => ({
  roles: new Map(Object.entries(roles).map(([id, grants]) => [Number(id), grants])),
  people: new Map(Object.entries(people).map(([id, roleId]) => [Number(id), roleId])),
});

function excesses(first: Access, ...later: Access[]): unknown[] {
  const film = recordAccess(first);
  for (const one of later) film.record(one);
  return film.excesses();
}

describe('the check for temporary excess access (P1)', () => {
  it('finds nothing when people gain grants that they keep', () => {
    const first = moment({ 10: ['a'], 11: ['b'] }, { 1: 10 });
    expect(excesses(first, moment({ 10: ['a'], 11: ['b'] }, { 1: 11 }))).toEqual([]);
  });

  it('finds a role that grows before someone has left it, and names its members', () => {
    const first = moment({ 10: ['a'], 11: ['b'] }, { 1: 10, 2: 10, 3: 11 });
    const grown = { 10: ['a', 'z'], 11: ['b'] };
    expect(
      excesses(first, moment(grown, { 1: 10, 2: 10, 3: 11 }), moment(grown, { 1: 11, 2: 10, 3: 11 })),
    ).toEqual([{ write: 1, people: [1], roleId: 10, grants: ['z'] }]);
  });

  it('finds a person who joins a role before it has shrunk', () => {
    const first = moment({ 10: ['a'], 11: ['b', 'y', 'z'] }, { 1: 10 });
    const later = [
      moment({ 10: ['a'], 11: ['b', 'y', 'z'] }, { 1: 11 }),
      moment({ 10: ['a'], 11: ['b'] }, { 1: 11 }),
    ];
    expect(excesses(first, ...later)).toEqual([{ write: 1, people: [1], roleId: 11, grants: ['y', 'z'] }]);
  });

  it('finds nothing when the same writes are in the right order', () => {
    const first = moment({ 10: ['a'], 11: ['b', 'y', 'z'] }, { 1: 10 });
    const shrunk = { 10: ['a'], 11: ['b'] };
    expect(excesses(first, moment(shrunk, { 1: 10 }), moment(shrunk, { 1: 11 }))).toEqual([]);
  });

  it('includes created roles, and keeps track of people when a role is deleted', () => {
    const first = moment({ 10: ['a'] }, { 1: 10 });
    const later = [
      moment({ 10: ['a'], 12: ['q', 'r'] }, { 1: 10 }),
      moment({ 10: ['a'], 12: ['q', 'r'] }, { 1: 12 }),
      moment({ 12: ['q'] }, { 1: 12 }),
    ];
    expect(excesses(first, ...later)).toEqual([{ write: 2, people: [1], roleId: 12, grants: ['r'] }]);
  });

  it('counts the states it has seen', () => {
    const film = recordAccess(moment({}, {}));
    film.record(moment({}, {}));
    film.record(moment({}, {}));
    expect(film.count()).toBe(2);
  });
});
