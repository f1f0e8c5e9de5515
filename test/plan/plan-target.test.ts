import { describe, expect, it } from '@jest/globals';
import { isSameTarget, targetLabel } from '../../src/plan/plan-target.js';

const acme = { instance: 'acme', sandbox: false };

describe('the instance of a plan', () => {
  it.each([
    ['the same', { ...acme }, true],
    ['another name', { ...acme, instance: 'nova' }, false],
    ['a sandbox of that name', { ...acme, sandbox: true }, false],
  ])('is compared with %s', (_, other, expected) => {
    expect(isSameTarget(acme, other)).toBe(expected);
  });

  it('is named in messages, a sandbox without its name', () => {
    expect(targetLabel(acme)).toBe('"acme"');
    expect(targetLabel({ ...acme, sandbox: true })).toBe('the sandbox');
  });
});
