import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asRunId, newRunId } from '../../src/journal/run-id.js';

const HEX = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 6, maxLength: 32 });
const TIME = fc.integer({ min: Date.UTC(1970, 0), max: Date.UTC(9999, 0) });

describe('the id of a run', () => {
  it('contains the time and a random text', () => {
    expect(newRunId({ now: Date.UTC(2026, 0, 31, 8, 15, 0, 7), random: () => '1a2b3c' })).toBe(
      '20260131T081500007Z-1a2b3c',
    );
  });

  it.each(['', '12345', 'ABCDEF', '../../x', 'a'.repeat(33), '12345\n'])('cannot contain %j', (random) => {
    expect(() => newRunId({ now: 0, random: () => random })).toThrow(TypeError);
  });

  it.each([
    '',
    '..',
    '20260131T081500007Z',
    '20260131T081500007Z-',
    '20260131T081500007Z-1a2b3c/..',
    'x20260131T081500007Z-1a2b3c',
    '20260131T081500Z-1a2b3c',
    '20260131T081500007Z-1A2B3C',
    '20260131T081500007Z-1a2b3c\n',
  ])('is not %j', (text) => {
    expect(asRunId(text)).toBeNull();
  });

  it('is read back unchanged, and sorts by time', () => {
    fc.assert(
      fc.property(TIME, TIME, HEX, HEX, (one, other, a, b) => {
        const first = newRunId({ now: Math.min(one, other), random: () => a });
        const second = newRunId({ now: Math.max(one, other), random: () => b });
        expect(asRunId(first)).toBe(first);
        if (one !== other) expect(first < second).toBe(true);
      }),
    );
  });
});
