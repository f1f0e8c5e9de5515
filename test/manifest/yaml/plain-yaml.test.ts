import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseYaml } from '../../../src/manifest/yaml/parse-yaml.js';
import { readPlainYaml } from '../../../src/manifest/yaml/plain-yaml.js';
import { inputs } from '../../support/law.js';
import { anyYaml } from '../../support/any-yaml.js';

const GOLDEN = join(import.meta.dirname, '../golden');

/** A tree as text, with all places. */
function shown(tree: unknown): string {
  return JSON.stringify(tree, (_, value: unknown) => (value instanceof Map ? [...value] : value));
}

/** Reads a text, and expects the same result as from the library. */
function readAsLibrary(text: string): boolean {
  const root = readPlainYaml(text, 'm.yaml');
  if (root) expect(shown({ root, problems: [] })).toBe(shown(parseYaml(text, 'm.yaml')));
  return root !== null;
}

describe('a text that is read without the YAML library', () => {
  it.each([
    ['maps in maps', 'a:\n  b:\n    c: d\n  e: f\ng: h'],
    ['lists in the column of their key, and indented', 'a:\n- b\n- c\nd:\n   - e\n   -  f\n'],
    ['lists of maps', 'a:\n  - b: c\n    d: [e]\n  -   f: g\n      h: i\n'],
    ['maps in lists of maps', 'a:\n  - b:\n      c: d\n    e:\n    - f\n'],
    ['lists and maps in brackets', 'a: [b, {c: d, "e f": [g]}, [], {}, h , ]\ni: { j: k }\n'],
    ['brackets over several lines', 'a: [\n  b,\n\n    c\n  , d\n]\ne: {\n  f: g\n  }\n'],
    ['brackets over several lines in a list', 'a:\n - x: 1\n - [\n  y\n ]\n'],
    ['scalars of every type', 'a: true\nb: NULL\nc: 12\nd: 0\ne: 2027-01-31\nf: 10%\ng: 3 d\nh: "1"\n'],
    [
      'texts with special characters',
      'a: x:y#z - "q" \'s\' & * ! | > % @ `\nb: http://x.y/z?a=b\nc: ./x\nd: ../y\n',
    ],
    ['quotes', '"a: b": \'c # d\'\n\'e\': "f, ]"\n'],
    ['names in many scripts', 'é: 日本\n日本: 😀\n'],
    ['spaces at line ends', 'a: b  \nc: [d]   \ne:  \n  f: g \n   \n'],
    ['no line end after the last line', 'a: b\nc:\n  - d'],
    ['comments next to values', '# a\na: b # c\nd: # e\n  - f # g\n  - [h] # i\n#'],
    ['comments that are indented further', 'a:\n  b: c\n    # d\n\n   # e\n # f\n    # g\nh: i\n'],
    ['comments in the column of a map', 'a:\n  b:\n    c: d\n    # e\n    # f\n  # g\nh: i\n'],
    ['comments in the column of a list', 'a:\n- b\n# c\nd:\n  - e\n  # f\n\n # g\nh:\n  i: j\n  # k'],
    ['a comment at the end, in the column of a list', 'a:\n- b\n# c\n'],
    ['a comment before a value of the same indentation', 'a:\n  b:\n    - c\n  # d\n  e: f\n'],
    ['prototype keys', 'constructor: {toString: b, hasOwnProperty: [c]}\n'],
  ])('has %s', (_, text) => {
    expect(readAsLibrary(text)).toBe(true);
  });

  it.each(['whole/base.yaml', 'misspelt/domo-roles.yaml', 'everything-wrong/domo-roles.yaml'])(
    'is %s',
    (name) => {
      expect(readAsLibrary(readFileSync(join(GOLDEN, name), 'utf8'))).toBe(true);
    },
  );

  it('may be any text, and is read as the library reads it', () => {
    fc.assert(
      fc.property(anyYaml(), (text) => {
        readAsLibrary(text);
      }),
      { numRuns: inputs(600) },
    );
  });

  it('may be a mutated manifest', () => {
    const whole = readFileSync(join(GOLDEN, 'everything-wrong/domo-roles.yaml'), 'utf8');
    const piece = fc.constantFrom(
      '',
      ' ',
      '  ',
      '\n',
      '# ',
      ': ',
      '- ',
      ', ',
      '[',
      '}',
      '"',
      "'",
      'x',
      '\n\n',
    );
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(6), piece, (at, drop, put) => {
        readAsLibrary(whole.slice(0, at) + put + whole.slice(at + drop));
      }),
      { numRuns: inputs(200) },
    );
  });
});

describe('a text that needs the YAML library', () => {
  const LONG = 'k'.repeat(1001);

  it.each([
    ['nothing', ''],
    ['comments alone', '# a\n'],
    ['a list', '- a\n'],
    ['a scalar', 'a\n'],
    ['brackets', '{a: b}'],
    ['a duplicate key', 'a: b\na: c\n'],
    ['a key twice in brackets', 'a: {b: c, "b": d}\n'],
    ['an anchor', 'a: &b c\n'],
    ['an alias', 'a: [*b]\n'],
    ['a merge key', '<<: a\n'],
    ['a tag', 'a: !b c\n'],
    ['a text of several lines', 'a: b\n  c\n'],
    ['quotes of several lines', 'a: "b\n  c"\n'],
    ['an escape', 'a: "\\t"\n'],
    ['a doubled quote', "a: 'b''c'\n"],
    ['text after quotes', 'a: "b" c\n'],
    ['a comment without a space', 'a: "b"#c\n'],
    ['a key without a value', 'a:\nb: c\n'],
    ['a key without a value at the end', 'a: b\nc:'],
    ['a key alone', 'a: b\nc\n'],
    ['a key in a value', 'a: b: c\n'],
    ['a key with a question mark', '? a\n: b\n'],
    ['a key in brackets without a value', 'a: {b}\n'],
    ['a key in a list in brackets', 'a: [b: c]\n'],
    ['brackets that do not match', 'a: [b}\n'],
    ['unclosed brackets', 'a: [b\n'],
    ['nothing between commas', 'a: [b,, c]\n'],
    ['brackets that continue too far left', 'a:\n  b: [c,\n  d]\n'],
    ['a comment in brackets', 'a: [b, # c\n  d]\n'],
    ['a line between two columns', 'a:\n    b: c\n  d: e\n'],
    ['a line too far right', 'a: [b]\n  c: d\n'],
    ['a dash among keys', 'a: b\n- c\n'],
    ['a dash without a value', 'a:\n  -\n  - b\n'],
    ['a list in a list', 'a:\n  - - b\n'],
    ['a list next to its key', 'a: - b\n'],
    ['a tab', 'a:\tb\n'],
    ['a line end of Windows', 'a: b\r\n'],
    ['a byte order mark', '\u{feff}a: b\n'],
    ['a control character', 'a: b\u{1}\n'],
    ['two documents', 'a: b\n---\nc: d\n'],
    ['an end of the document', 'a: b\n...\n'],
    ['a directive', '%YAML 1.1\n---\na: b\n'],
    ['a number in an ambiguous notation', 'a: 012\n'],
    ['a number with a fraction', 'a: 1.5\n'],
    ['a large number', 'a: 1234567890123456\n'],
    ['a null sign', 'a: ~\n'],
    ['a long key', `${LONG}: a\n`],
    ['many levels', Array.from({ length: 13 }, (_, n) => `${' '.repeat(n)}a:`).join('\n') + ' b\n'],
    ['many brackets', `a: ${'['.repeat(9)}b${']'.repeat(9)}\n`],
    ['a million tokens between blank lines', `a: b\n${'\n'.repeat(90_000)}`],
    ['a million tokens in brackets', `a: [${'{},'.repeat(130_000)}]\n`],
    ['a million tokens between blank lines in brackets', `a: [${'\n'.repeat(260_000)}  ]\n`],
  ])('has %s', (_, text) => {
    expect(readPlainYaml(text, 'm.yaml')).toBeNull();
  });
});
