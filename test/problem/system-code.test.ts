import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { systemCodeOf } from '../../src/problem/system-code.js';

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe("the system's code of an error", () => {
  it('is the one of a failed call', () => {
    expect(systemCodeOf(thrownBy(() => readFileSync('/no/such/file')))).toBe('ENOENT');
  });

  it.each([[new Error('no code')], [{ code: 7 }], [null], [undefined], ['ENOENT']])(
    'is null for %p',
    (error: unknown) => {
      expect(systemCodeOf(error)).toBeNull();
    },
  );
});
