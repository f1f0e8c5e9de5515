import { describe, expect, it } from '@jest/globals';
import { assertNever } from '../../src/model/exhaustive.js';

describe('assertNever', () => {
  it('throws an internal error that shows the value', () => {
    expect(() => assertNever({ kind: 'new' } as never)).toThrow(new TypeError('unexpected {"kind":"new"}'));
  });
});
