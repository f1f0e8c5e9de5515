import { describe, expect, it } from '@jest/globals';
import { countIn, memberIn, record, recordItem, recordList, roleIn } from '../../src/routes/wire.js';

describe('an id or a count', () => {
  it.each<[unknown, number | null]>([
    [0, 0],
    [12, 12],
    // Some instances send ids and counts as text.
    ['12', 12],
    ['0', 0],
    ['', null],
    ['1.5', null],
    ['-1', null],
    ['1234567890123456', null],
    [-1, null],
    [1.5, null],
    [Number.NaN, null],
    [2 ** 53, null],
    [null, null],
    [true, null],
    [[1], null],
  ])('%j is %j', (value, count) => {
    expect(countIn(value)).toBe(count);
  });
});

describe('a role of a response', () => {
  it('has ids and counts as numbers, and keeps unknown fields', () => {
    const sent = { id: '7', name: 'A', userCount: '3', authorityCount: 2, created: 'soon', extra: { a: 1 } };
    expect(roleIn(sent, 'GET /x')).toEqual({ ...sent, id: 7, userCount: 3 });
    expect(roleIn({ id: 7, name: ' ' }, 'GET /x')).toEqual({ id: 7, name: ' ' });
  });

  it.each([
    ['without a name', { id: 7 }],
    ['with a name that is not text', { id: 7, name: 7 }],
    ['without an id', { name: 'A' }],
    ['with the id 0', { id: 0, name: 'A' }],
    ['with an id that is not a number', { id: 'x', name: 'A' }],
  ])('is refused %s', (_, sent) => {
    expect(() => roleIn(sent, 'GET /x')).toThrow('the response to GET /x is not');
  });
});

describe('a member of a response', () => {
  it('has its ids as numbers', () => {
    expect(memberIn({ userId: '9', roleId: '7', email: null }, 'GET /x')).toEqual({
      userId: 9,
      roleId: 7,
      email: null,
    });
  });

  it('may have no role, and must have an id', () => {
    expect(memberIn({ userId: 9 }, 'GET /x')).toEqual({ userId: 9 });
    expect(() => memberIn({ roleId: 7 }, 'GET /x')).toThrow('the response to GET /x is not');
  });
});

describe('the shape of a response', () => {
  it.each<[unknown, boolean]>([
    [{}, true],
    [{ a: 1 }, true],
    [[], false],
    [null, false],
    ['x', false],
  ])('%j is an object: %s', (value, isObject) => {
    if (isObject) expect(record(value, 'GET /x')).toBe(value);
    else expect(() => record(value, 'GET /x')).toThrow('is not an object');
  });

  it.each<[unknown, boolean]>([
    [[], true],
    [[{}], true],
    [[{}, null], false],
    [[[]], false],
    [{}, false],
  ])('%j is a list of objects: %s', (value, isList) => {
    if (isList) expect(recordList(value, 'GET /x')).toBe(value);
    else expect(() => recordList(value, 'GET /x')).toThrow('is not a list of objects');
  });

  it.each<[unknown, boolean]>([
    [{}, true],
    [null, false],
    [[], false],
    ['x', false],
  ])('%j is an item of a list of objects: %s', (value, isItem) => {
    if (isItem) expect(recordItem(value, 'GET /x')).toBe(value);
    else expect(() => recordItem(value, 'GET /x')).toThrow('is not a list of objects');
  });
});
