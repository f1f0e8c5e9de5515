import { describe, expect, it } from '@jest/globals';
import { assertNever } from '../../src/model/exhaustive.js';

describe('assertNever', () => {
  it('raises an error of the program that shows the value', () => {
    expect(() => assertNever({ kind: 'new' } as never)).toThrow(new TypeError('unexpected {"kind":"new"}'));
  });
});
