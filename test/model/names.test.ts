import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import {
  codePoints,
  instanceName,
  sameAddress,
  firstInvisible,
  nearDifference,
  nearName,
  quotedName,
  shortenedList,
} from '../../src/model/names.js';
import { anyText } from '../support/any-text.js';

describe('Near names', () => {
  it.each([
    ['Data Analyst', 'data analyst', 'case'],
    ['Data Analyst', 'Data  Analyst', 'blanks'],
    ['Data Analyst', ' DataAnalyst', 'blanks'],
    ['Data Analyst', 'data  analyst', 'blanks and case'],
    ['Straße', 'STRASSE', 'case'],
    ['Data Analyst', 'Data\u00a0Analyst', 'blanks: U+0020 in the one, U+00A0 in the other'],
    ['Data Analyst', 'Data\u200b Analyst', 'invisible characters: nothing in the one, U+200B in the other'],
    ['José', 'Jose\u0301', 'how letters are composed: U+00E9 in the one, U+0065 U+0301 in the other'],
    ['Team', 'Ｔeam', 'how letters are composed: U+0054 in the one, U+FF34 in the other'],
    ['Team', 'Team\u3164', 'invisible characters: nothing in the one, U+3164 in the other'],
    ['Team', 'Team\u2800', 'blanks: nothing in the one, U+2800 in the other'],
    [
      'Team \u200b',
      'team',
      'blanks and case and invisible characters: U+0054 U+0065 U+0061 U+006D U+0020 U+200B in the one, U+0074 U+0065 U+0061 U+006D in the other',
    ],
    ['aab', 'a ab', 'blanks'],
    ['ab\u200bb', 'abb', 'invisible characters: U+200B in the one, nothing in the other'],
    ['a\u200ba', 'aa', 'invisible characters: U+200B in the one, nothing in the other'],
  ])('%j and %j differ in %s', (one, other, difference) => {
    expect(nearName(one)).toBe(nearName(other));
    expect(nearDifference(one, other)).toBe(difference);
    expect(nearDifference(other, one).split(':')[0]).toBe(difference.split(':')[0]);
  });

  it.each([
    ['Team 1', 'Team 2'],
    ['Sınıf', 'Sinif'],
    ['José', 'Jose'],
  ])('%j and %j are two names', (one, other) => {
    expect(nearName(one)).not.toBe(nearName(other));
  });
});

describe('Invisible characters', () => {
  it.each([
    'Data Analyst',
    '👩\u200d💻 Team',
    '👨\u200d👩\u200d👧\u200d👦 Family',
    'ا\u200cب\u200cج',
    'Team ❤\ufe0f',
    '❤\ufe0f\u200d🔥',
    'می\u200cخواهم',
    '1\ufe0f\u20e3',
  ])('are not found in %j', (name) => {
    expect(firstInvisible(name)).toBeNull();
  });

  it.each([
    ['Data\u200bAnalyst', '\u200b'],
    ['\ufeffTeam', '\ufeff'],
    ['Team\u200d', '\u200d'],
    ['Team\u200d 1', '\u200d'],
    ['Team\ufe0f', '\ufe0f'],
    ['❤\ufe0f\u200d', '\ufe0f'],
    ['❤\ufe0f\ufe0f\ufe0f', '\ufe0f'],
    ['\ufe0f❤', '\ufe0f'],
    [' \u200da', '\u200d'],
    ['Te\u200d\u200dam', '\u200d'],
    ['Soft\u00adware', '\u00ad'],
    ['Team\u{e0041}', '\u{e0041}'],
    ['\u3164', '\u3164'],
    ['a\u202eb', '\u202e'],
  ])('are found in %j', (name, found) => {
    expect(firstInvisible(name)).toBe(found);
  });
});

describe('A quoted name', () => {
  it('is one clean line, and YAML for exactly that name', () => {
    fc.assert(
      fc.property(anyText(), (name) => {
        const quoted = quotedName(name);
        expect(quoted).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u);
        expect(parse(quoted)).toBe(name);
      }),
    );
  });

  it.each([
    ['Jose\u0301', '"Jose\\u0301"'],
    ['José', '"José"'],
    ['か\u3099', '"か\\u3099"'],
    ['ก\u0e48', '"ก\u0e48"'],
    ['a\u200bb', '"a\\u200bb"'],
    ['a"\n', '"a\\"\\n"'],
    ['\u{e0041}', '"\\U000e0041"'],
    ['a\ufffeb', '"a\\ufffeb"'],
    ['##[add-mask]a', '"\\u0023#[add-mask]a"'],
    ['## C# [a]', '"## C# [a]"'],
  ])('of %j is %s', (name, quoted) => {
    expect(quotedName(name)).toBe(quoted);
  });
});

describe('codePoints', () => {
  it.each([
    ['', 'nothing'],
    ['A', 'U+0041'],
    ['e\u0301', 'U+0065 U+0301'],
    ['\u{1f600}', 'U+1F600'],
    ['aaaaaaaa', Array.from({ length: 8 }, () => 'U+0061').join(' ')],
    ['aaaaaaaaa', `${Array.from({ length: 8 }, () => 'U+0061').join(' ')} …`],
  ])('of %j: %s', (text, shown) => {
    expect(codePoints(text)).toBe(shown);
  });
});

describe('comparison forms', () => {
  it.each([
    [' Ana@Acme.com ', 'ana@acme.com'],
    ['ana@acme.com', 'ana@acme.com'],
  ])('of the address %j: %s', (address, form) => {
    expect(sameAddress(address)).toBe(form);
  });

  it.each([
    [' Acme ', 'acme'],
    ['acme.domo.com', 'acme'],
    ['ACME.DOMO.COM', 'acme'],
    ['HTTPS://Acme.domo.com//', 'acme'],
    ['https://acme', 'acme'],
    ['http://acme.domo.com', 'http://acme'],
    ['acme.domo.com.eu', 'acme.domo.com.eu'],
    ['acmexdomo.com', 'acmexdomo.com'],
  ])('of the instance %j: %s', (text, form) => {
    expect(instanceName(text)).toBe(form);
  });
});

describe('A list in a sentence', () => {
  it.each<[number, string]>([
    [0, ''],
    [2, '1, 2'],
    [10, '1, 2, 3, 4, 5, 6, 7, 8, 9, 10'],
    [12, '1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more'],
  ])('of %d items', (count, text) => {
    expect(shortenedList(Array.from({ length: count }, (_, index) => String(index + 1)))).toBe(text);
  });
});
