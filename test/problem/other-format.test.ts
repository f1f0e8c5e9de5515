import { describe, expect, it } from '@jest/globals';
import { changedOrOther, formatMismatch } from '../../src/problem/other-format.js';

describe('otherFormat', () => {
  it('returns nothing for the current format', () => {
    expect(formatMismatch(2, 2, 'the plan file')).toBeNull();
  });

  it.each([
    [3, 'has format 3', 'upgrade domo-roles, or make it again with this version'],
    [1, 'has format 1', 'make it again with this version'],
    ['2', 'has format "2"', 'make it again with this version'],
    [null, 'has format null', 'make it again with this version'],
    [undefined, 'has no format version', 'make it again with this version'],
  ])('names %p, the supported format and what to do', (found, has, hint) => {
    expect(formatMismatch(found, 2, 'the plan file')).toEqual({
      message: `the plan file ${has}, and this version of domo-roles reads format 2`,
      hint,
    });
  });
});

describe('a document that was edited, or that another version made', () => {
  const facts = { what: 'the plan file', why: 'a key is missing', again: 'make it again' };
  const unclear = {
    message: 'the plan file was changed after it was made, or another version made it: a key is missing',
    hint: 'make it again',
  };

  it.each([
    ['domo-roles 0.1.0', '0.1.0'],
    ['0.1.0', '0.1.0'],
    ['domo-roles 3.0.0-rc.1', '3.0.0-rc.1'],
  ])('names the other version that made it, older or newer: %p', (madeBy, other) => {
    expect(changedOrOther({ ...facts, madeBy, version: '2.0.0' })).toEqual({
      message: `the plan file was changed after it was made, or domo-roles ${other} made it in another form: a key is missing`,
      hint: `make it again with this version, or use it with domo-roles ${other}`,
    });
  });

  it.each([
    ['domo-roles 2.0.0', '2.0.0'],
    ['domo-roles 1.0.0', undefined],
    ['a tool 1.0.0', '2.0.0'],
    ['domo-roles 1.0.0\nand more', '2.0.0'],
    [`domo-roles 1.0.0-${'x'.repeat(50)}`, '2.0.0'],
    [7, '2.0.0'],
    [undefined, '2.0.0'],
  ])('names none if it names %p and this is %p', (madeBy, version) => {
    expect(changedOrOther({ ...facts, madeBy, version })).toEqual(unclear);
  });
});
