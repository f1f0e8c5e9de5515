import { describe, expect, it } from '@jest/globals';
import { grantsByTitle } from '../../../src/manifest/form/grant-titles.js';
import { emptyHint, valueHint } from '../../../src/manifest/form/value-hint.js';
import type { Place, YamlScalar, YamlValue } from '../../../src/manifest/yaml/yaml-values.js';

const at: Place = { file: 'm.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 };

function scalar(value: YamlScalar['value'], source = String(value)): YamlScalar {
  return { kind: 'scalar', at, value, source };
}

const hintFor = (value: YamlValue, form: string): string | null => valueHint(value, form, grantsByTitle());

describe('the hint for a text', () => {
  it.each<[string, string, string | null]>([
    ['12', '/roles/*/id', 'write it without quotes'],
    // Neither can be an id, with or without quotes.
    ['012', '/roles/*/id', null],
    ['99999999999999999', '/roles/*/id', null],
    ['Export DataSet', '/roles/*/grants/#', 'this is a title; write dataset.export'],
    ['export  dataset', '/roles/*/grants/#', 'this is a title; write dataset.export'],
    ['Make Coffee', '/roles/*/grants/#', 'write the id of the grant, not its title'],
    ['Coffee', '/roles/*/grants/#', null],
    ['2', '/policy/minAdmins', 'write it without quotes'],
    ['02', '/policy/minAdmins', null],
    ['5 %', '/policy/maxMoves', 'write "5%"'],
    ['100 %', '/policy/maxMoves', 'write "100%"'],
    ['101 %', '/policy/maxMoves', null],
    ['05%', '/policy/maxMoves', null],
    // Neither number of people can be a share.
    ['5%', '/policy/minAdmins', null],
    ['5%', '/policy/rules/*/maxPeople', null],
    ['5', '/policy/rules/*/maxPeople', 'write it without quotes'],
    ['5', 'Fleet/policy/minInstances', 'write it without quotes'],
    ['5 %', 'Fleet/waves/#/mayFail', 'write "5%"'],
    // The hint for a value must be valid at its place, and at least one instance runs at once.
    ['0', 'Fleet/waves/#/atOnce', null],
    ['exakt', '/roles/*/grants/mode', 'did you mean "exact"?'],
    ['whatever', '/roles/*/grants/mode', null],
    ['ana@acme.com', '/roles/*/members', 'write it as a list: [ana@acme.com]'],
    ['ana', '/roles/*/members', null],
    ['a.b', '/roles/*/grants', 'write it as a list: [a.b]'],
    ['a b', '/roles/*/grants', null],
    ['Data Analyst', '/removed', 'write it as a list: ["Data Analyst"]'],
    ['on', '/allowlist', 'list its roles, such as [Participant, Social]'],
    ['   ', '/removed', null],
    ['x'.repeat(81), '/removed', null],
  ])('%j at %s is %j', (text, form, hint) => {
    expect(hintFor(scalar(text), form)).toBe(hint);
  });
});

describe('the hint for a value that is not text', () => {
  it.each<[YamlScalar['value'], string, string, string | null]>([
    [7, '7', '/roles/*/members/#', 'for a user id write "id: 7"'],
    [7.5, '7.5', '/roles/*/members/#', null],
    [8, '010', '/roles/*/id', 'write it in plain digits, without a leading zero, a sign or an exponent'],
    [2027, '2027', '/defaultRole', 'put it in quotes: "2027"'],
    [8, '010', '/defaultRole', 'put it in quotes: "010"'],
    [true, 'true', '/allowlist', 'list its roles, such as [Participant, Social]'],
    [true, 'yes', '/defaultRole', 'put it in quotes: "yes"'],
    [true, 'true', '/roles/*/grants/mode', null],
    [1, '1'.repeat(81), '/defaultRole', null],
  ])('%j, written %s, at %s is %j', (value, source, form, hint) => {
    expect(hintFor(scalar(value, source), form)).toBe(hint);
  });

  it.each(['/roles', '/grantSets'])('explains that names are keys for a list at %s', (form) => {
    expect(hintFor({ kind: 'list', at, items: [] }, form)).toBe(
      'write each entry under its name, without a hyphen: a name is a key here',
    );
  });

  it('suggests quotes for a map in a list, which may be a text with a colon', () => {
    const map: YamlValue = { kind: 'map', at, entries: new Map() };
    expect(hintFor(map, '/removed/#')).toBe('a list item with a colon in it is read as a map');
    expect(hintFor(map, '/removed')).toBeNull();
  });

  it('is absent for a list', () => {
    expect(hintFor({ kind: 'list', at, items: [] }, '/defaultRole')).toBeNull();
  });
});

describe('the hint for an empty value', () => {
  it.each([
    ['~', '/defaultRole', 'put it in quotes: "~"'],
    ['null', '/removed/#', 'put it in quotes: "null"'],
    // There is no text to quote.
    ['', '/defaultRole', null],
    ['~', '/policy/minAdmins', null],
  ])('written as %j at %s is %j', (source, form, hint) => {
    expect(emptyHint(scalar(null, source), form)).toBe(hint);
  });
});
