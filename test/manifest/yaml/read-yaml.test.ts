import { describe, expect, it } from '@jest/globals';
import { readYaml } from '../../../src/manifest/yaml/read-yaml.js';
import { stride } from '../../support/law.js';
import { codeAndMark, parsed, unmark } from '../support.js';

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe('a valid YAML 1.2 text', () => {
  it.each([
    [
      'keys as written',
      '123: a\ntrue: b\n~: c\n1e3: d\n0x1F: e',
      { '123': 'a', true: 'b', '~': 'c', '1e3': 'd', '0x1F': 'e' },
    ],
    [
      'off, yes and days as text',
      'a: off\nb: yes\nc: 2027-01-31\nd: 012',
      { a: 'off', b: 'yes', c: '2027-01-31', d: 12 },
    ],
    [
      'aliases as the values they refer to',
      'a: &x [1, 2]\nb: *x\nc: {d: *x}',
      { a: [1, 2], b: [1, 2], c: { d: [1, 2] } },
    ],
    ['a redefined anchor', 'a: &x 1\nb: &x 2\nc: *x', { a: 1, b: 2, c: 2 }],
    ['a quoted merge key as a name', '"<<": 1', { '<<': 1 }],
    ['a byte order mark', '\u{feff}a: 1', { a: 1 }],
    ['line ends of Windows', 'a: 1\r\nb:\r\n  - c\r\n', { a: 1, b: ['c'] }],
    ['JSON', '{"a": [1, {"b": null}]}', { a: [1, { b: null }] }],
  ])('is read with %s', (_, text, value) => {
    expect(plain(parsed(text))).toEqual(value);
  });

  it('keeps prototype keys as plain keys', () => {
    const value = parsed('__proto__: {polluted: 1}\nconstructor: {prototype: {polluted: 1}}') as Record<
      string,
      unknown
    >;
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(value)).toBeNull();
    expect('polluted' in {}).toBe(false);
  });
});

describe('an invalid YAML text', () => {
  it.each([
    ['a quote that is not closed', 'a: ⟦"⟧b\\"\nc: d\n', ['yaml-syntax']],
    ['a single quote that is not closed', "a: 'it''s'\nb: ⟦'⟧it''\nc: d\n", ['yaml-syntax']],
    ['a quote that is not closed in a list', 'a: ""\nb: [c, "d\\\\", ⟦"⟧e]\nf: g\nh: i\n', ['yaml-syntax']],
    ['a duplicate key', 'a: 1\n⟦a⟧: 2', ['duplicate-key']],
    [
      'a nested key that appears three times',
      'r:\n  x: 1\n  ⟦x⟧: 2\n  ⟦"x"⟧: 3',
      ['duplicate-key', 'duplicate-key'],
    ],
    ['a merge key', 'a: &x {b: 1}\nc:\n  ⟦<<⟧: *x', ['yaml-syntax']],
    ['a key that is a list', '⟦[a]⟧: 1', ['yaml-syntax']],
    ['an alias without an anchor', 'a: ⟦*x⟧', ['yaml-syntax']],
    ['an alias within its own anchor', 'a: &x [⟦*x⟧]', ['yaml-syntax']],
    ['a control character', 'a: b⟦\u{0}⟧', ['yaml-syntax']],
    ['an ANSI sequence', 'a: ⟦\u{1b}⟧[31m', ['yaml-syntax']],
    ['more than one document', 'a: 1\n⟦⟧---\nb: 2', ['yaml-syntax']],
    ['YAML 1.1', '⟦⟧%YAML 1.1\n---\na: 1', ['yaml-syntax']],
    ['a tag that is not known', 'a: ⟦!secret⟧ b', ['yaml-syntax']],
    ['a tag of YAML 1.1', 'until: ⟦!!timestamp⟧ 2026-12-31', ['yaml-syntax']],
    ['a list of pairs', 'a: ⟦!!omap⟧ [b: 1]', ['yaml-syntax']],
    ['nothing', '⟦⟧', ['yaml-syntax']],
    ['a comment alone', '⟦⟧# nothing', ['yaml-syntax']],
  ])('is reported: %s', async (_, marked, codes) => {
    const { text, marks } = unmark(marked);
    const { problems } = await readYaml(text, 'm.yaml');
    expect(problems.map(codeAndMark)).toEqual(codes.map((code, index) => [code, marks[index]]));
  });

  it.each([
    ['a list above the first key', '  - a\nb: c\nr [d]\np: {u: v}\n', [2]],
    ['a closing brace too many', 'a: {b: c}}\nd: [e]\nf: g\n', [1]],
    ['a list that is open twice', 'a: {b: [[c\nd: e\nf: g\n', [2, 2]],
  ])('is reported once, although the parser loses the rest of the file: %s', async (_, text, lines) => {
    const { problems } = await readYaml(text, 'm.yaml');
    expect(problems.map(({ where }) => where?.line)).toEqual(lines);
    expect(problems.map(({ hint }) => hint ?? '').every((hint) => hint !== '')).toBe(true);
  });

  it('is reported at the missing bracket', async () => {
    const [first] = (await readYaml('a: [1, 2\nb: 3\n', 'm.yaml')).problems;
    expect(first).toMatchObject({ code: 'yaml-syntax', where: { file: 'm.yaml', line: 2 } });
  });
});

describe('a hostile text', () => {
  const BOMB = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let n = 1; n <= 12; n++)
    BOMB.push(
      `a${n}: &a${n} [${Array<string>(10)
        .fill(`*a${n - 1}`)
        .join(', ')}]`,
    );
  const CHAIN = ['a0: &a0 [x]'];
  for (let n = 1; n <= 20_000 / stride(2); n++) CHAIN.push(`a${n}: &a${n} [*a${n - 1}]`);

  it.each([
    ['an alias bomb', BOMB.join('\n'), 'alias-bomb'],
    ['a chain of aliases', CHAIN.join('\n'), 'alias-bomb'],
    ['a million open brackets', '['.repeat(1_000_000), 'yaml-syntax'],
    ['a million open braces', '{a: '.repeat(1_000_000), 'yaml-syntax'],
    ['a million nested lists', '- '.repeat(1_000_000), 'yaml-syntax'],
    ['a million nested keys', '? '.repeat(1_000_000), 'yaml-syntax'],
  ])('stops being read early: %s', async (_, text, code) => {
    const { problems } = await readYaml(text, 'm.yaml');
    expect(problems.map((one) => one.code)).toEqual([code]);
  });

  it('may contain a key of a million characters', () => {
    const value = parsed(`"${'k'.repeat(999_990)}": 1`);
    expect(JSON.stringify(value)).toContain('1024');
    const [[key, one] = []] = Object.entries(parsed(`? ${'k'.repeat(999_990)}\n: 1`) as object);
    expect([key?.length, one]).toEqual([999_990, 1]);
  });
});
