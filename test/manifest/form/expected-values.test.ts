import { describe, expect, it } from '@jest/globals';
import { choicesAt } from '../../../src/manifest/form/choices.js';
import { EMPTY_HINTS, EXPECTED, expectedAt, keysAt } from '../../../src/manifest/form/expected-values.js';
import { placeForm } from '../../../src/manifest/form/place-form.js';

describe('the form of a place', () => {
  it.each<[readonly (string | number)[], string]>([
    [[], ''],
    [['defaultRole'], '/defaultRole'],
    [['roles', 'A'], '/roles/*'],
    [['roles', 'A', 'grants', 'add', 3], '/roles/*/grants/add/#'],
    // Only the second key is a name. A role may have the name of a key.
    [['roles', 'roles', 'members'], '/roles/*/members'],
    [['grantSets', 'X', 0], '/grantSets/*/#'],
    [['policy', 'acceptedDrift', 0, 'until'], '/policy/acceptedDrift/#/until'],
    [['policy', 'roles'], '/policy/roles'],
    [['removed', 0], '/removed/#'],
  ])('of %j is %s', (keys, form) => {
    expect(placeForm(keys)).toBe(form);
  });
});

describe('the keys at a place', () => {
  it.each<[string, readonly string[]]>([
    ['/roles/*/members', ['inherit', 'mode', 'users', 'file', 'remove']],
    ['/roles/*/grants', ['inherit', 'from', 'sets', 'add', 'remove', 'optional', 'mode']],
    ['/roles/*/members/#', ['email', 'id', 'until', 'note']],
    ['/roles', []],
    ['/defaultRole', ['unmanaged']],
    ['/nowhere', []],
  ])('%s are %j', (form, keys) => {
    expect(keysAt(form)).toEqual(keys);
  });

  it('at the top are all of a manifest', () => {
    expect(keysAt('')).toEqual(expect.arrayContaining(['apiVersion', 'kind', 'roles', 'policy']));
    expect(keysAt('').some((key) => key.includes('/'))).toBe(false);
  });
});

describe('the choices at a place', () => {
  it.each<[string, readonly string[]]>([
    ['/kind', ['Roles']],
    ['/roles/*/grants/mode', ['exact', 'additive']],
    ['/policy/unmanagedRoles', ['ignore', 'report', 'fail', 'delete']],
    ['/roles/*/description', []],
    ['/nowhere', []],
  ])('%s are %j', (form, choices) => {
    expect(choicesAt(form)).toEqual(choices);
  });

  it('are all in the description of the place', () => {
    const forms = Object.keys(EXPECTED).filter((form) => choicesAt(form).length > 1);
    expect(forms.length).toBeGreaterThan(2);
    for (const form of forms) for (const one of choicesAt(form)) expect(expectedAt(form).text).toContain(one);
  });
});

it('has a hint for emptiness only at places that it describes', () => {
  expect(Object.keys(EMPTY_HINTS).filter((form) => EXPECTED[form] === undefined)).toEqual([]);
});
