import { describe, expect, it } from '@jest/globals';
import { noFindings, unknownRole } from '../../src/desired/findings.js';
import { placeAt } from '../support/places.js';

describe('noFindings', () => {
  it('returns a new collection each time', () => {
    expect(noFindings()).toEqual({ problems: [], refusals: [], warnings: [] });
    expect(noFindings().problems).not.toBe(noFindings().problems);
  });
});

describe('unknownRole', () => {
  it.each([
    ['Editr', 'did you mean "Editor"?'],
    ['Nowhere', 'it is neither in the manifest nor live, or this plan removes or renames it'],
  ])('of %s has the hint: %s', (name, hint) => {
    expect(unknownRole(name, ['Admin', 'Editor'], placeAt('defaultRole'))).toMatchObject({
      code: 'unknown-role',
      severity: 'error',
      message: `there is no role "${name}" in the end state`,
      where: placeAt('defaultRole'),
      hint,
    });
  });
});
