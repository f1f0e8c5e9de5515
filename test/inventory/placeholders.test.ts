import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fillPlaceholders } from '../../src/inventory/placeholders.js';
import { LABEL_VALUE } from '../../src/inventory/select.js';
import { inputs } from '../support/law.js';
import { PLACE } from './support.js';

const fill = (path: string, labels: Readonly<Record<string, string>> = {}) =>
  fillPlaceholders({ value: path, at: PLACE }, { name: 'acme', labels: new Map(Object.entries(labels)) });

describe('Placeholders of a path', () => {
  it.each([
    ['base.yaml', {}, 'base.yaml'],
    ['instances/{name}.yaml', {}, 'instances/acme.yaml'],
    ['{tier}/{region}/{name}.yaml', { tier: 'test', region: 'eu' }, 'test/eu/acme.yaml'],
    ['{tier}-{tier}.yaml', { tier: 'test' }, 'test-test.yaml'],
    ['{ tier }.yaml', { tier: 'test' }, 'test.yaml'],
    ['{name}.yaml', { name: 'other' }, 'acme.yaml'],
    ['{a}.yaml', { a: '$&' }, '$&.yaml'],
  ])('fills %p with %p', (path, labels, expected) => {
    expect(fill(path, labels)).toEqual({ value: expected, at: PLACE });
  });

  it.each([
    ['{tier}.yaml', {}, '"acme" has no label "tier" for {tier}', 'it has: name'],
    ['{teir}.yaml', { tier: 'test' }, '"acme" has no label "teir" for {teir}', 'did you mean {tier}?'],
    ['{}.yaml', { tier: 'test' }, '"acme" has no label "" for {}', 'it has: name, tier'],
    ['{constructor}.yaml', {}, '"acme" has no label "constructor" for {constructor}', 'it has: name'],
    ['{__proto__}.yaml', {}, '"acme" has no label "__proto__" for {__proto__}', 'it has: name'],
    [
      '{tier.yaml',
      { tier: 'test' },
      'the path "{tier.yaml" has an unmatched brace',
      'write {name}, or the name of a label in braces',
    ],
    [
      'tier}.yaml',
      { tier: 'test' },
      'the path "tier}.yaml" has an unmatched brace',
      'write {name}, or the name of a label in braces',
    ],
    [
      '{{tier}}.yaml',
      { tier: 'test' },
      'the path "{{tier}}.yaml" has an unmatched brace',
      'write {name}, or the name of a label in braces',
    ],
  ])('cannot fill %p with %p', (path, labels, message, hint) => {
    expect(fill(path, labels)).toMatchObject({ code: 'missing-label', message, hint, where: PLACE });
  });

  it('cannot make a path leave its folder', () => {
    const value = fc.stringMatching(LABEL_VALUE);
    fc.assert(
      fc.property(value, value, (tier, region) => {
        const found = fill('tiers/{tier}/{region}', { tier, region });
        const parts = 'value' in found ? found.value.split('/') : [];
        expect(parts).toEqual(['tiers', tier, region]);
        expect(parts.some((part) => part === '..' || part === '.' || part === '')).toBe(false);
      }),
      { numRuns: inputs(100) },
    );
  });
});
