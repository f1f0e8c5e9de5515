import { describe, expect, it } from '@jest/globals';
import { refusal } from '../../src/model/refusal.js';

describe('refusal', () => {
  it('uses null or an empty list for what is not given', () => {
    expect(refusal('max-moves', 'm')).toEqual({
      code: 'max-moves',
      message: 'm',
      figure: null,
      limit: null,
      key: null,
      flag: null,
      items: [],
      hint: null,
    });
  });

  it('keeps what is given, including zero, and sorts a copy of the items', () => {
    const items = ['b', 'a'];
    const rest = { figure: 0, limit: 0, key: 'k', flag: 'f', hint: 'h' };
    expect(refusal('max-moves', 'm', { ...rest, items })).toMatchObject({ ...rest, items: ['a', 'b'] });
    expect(items).toEqual(['b', 'a']);
  });
});
