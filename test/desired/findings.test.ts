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
    ['Editr', '', 'did you mean "Editor"?'],
    ['Nowhere', '', 'it is neither in the manifest nor live'],
    // Not the near name of another role, which would be a different list of grants.
    ['Editors', ': it is renamed to "Authors"', 'write "Authors"'],
    ['Admins', ': it is deleted', 'use a role that stays'],
  ])('of %s ends with "%s" and has the hint: %s', (name, end, hint) => {
    const byName = new Set(['Admin', 'Editor']);
    const gone = new Map([
      ['Editors', 'Authors'],
      ['Admins', null],
    ]);
    expect(unknownRole(name, { byName, gone }, placeAt('defaultRole'))).toMatchObject({
      code: 'unknown-role',
      severity: 'error',
      message: `there is no role "${name}" in the end state${end}`,
      where: placeAt('defaultRole'),
      hint,
    });
  });
});
