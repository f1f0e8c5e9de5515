import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { oneLine } from '../../src/render/format/one-line.js';
import {
  andMore,
  clip,
  cut,
  formatNumber,
  itemText,
  personLabel,
  plural,
  nameText,
  alternatives,
  series,
  signed,
  timeText,
} from '../../src/render/format/phrases.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';
import { anyText } from '../support/any-text.js';

describe('a number', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1234567, '1,234,567'],
  ])('%d is %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

describe('the items that are not shown', () => {
  it.each([
    [0, ''],
    [1, ' and 1 more'],
    [1200, ' and 1,200 more'],
  ])('%d are %j', (more, text) => {
    expect(andMore(more)).toBe(text);
  });
});

describe('a count', () => {
  it.each<[string, number, [string, string?], string]>([
    ['zero takes the plural', 0, ['role'], '0 roles'],
    ['one takes the singular', 1, ['role'], '1 role'],
    ['two take the plural', 2, ['role'], '2 roles'],
    ['thousands have a comma', 1200, ['role'], '1,200 roles'],
    ['a noun has its own plural', 2, ['person', 'people'], '2 people'],
    ['one never takes the plural', 1, ['person', 'people'], '1 person'],
  ])('%s', (_why, value, noun, text) => {
    expect(plural(value, ...noun)).toBe(text);
  });
});

describe('a series', () => {
  it.each<[readonly string[], string]>([
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c'], 'a, b and c'],
  ])('%j is %j, and alternatives have "or"', (parts, text) => {
    expect([series(parts), alternatives(parts)]).toEqual([text, text.replace(' and ', ' or ')]);
  });
});

describe('a truncated list', () => {
  it.each<[string, number, readonly string[], number]>([
    ['shows all below the limit', 4, ['a', 'b', 'c'], 0],
    ['shows all at the limit', 3, ['a', 'b', 'c'], 0],
    ['counts what is beyond the limit', 2, ['a', 'b'], 1],
    ['shows nothing at zero', 0, [], 3],
    ['shows nothing below zero', -1, [], 3],
    ['shows all without a limit', Infinity, ['a', 'b', 'c'], 0],
  ])('%s', (_why, limit, shown, more) => {
    expect(cut(['a', 'b', 'c'], limit)).toEqual({ shown, more });
  });
});

describe('a clipped text', () => {
  it.each([
    ['shorter than the length', 'abc', 4, 'abc'],
    ['as long as the length', 'abcd', 4, 'abcd'],
    ['longer than the length', 'abcde', 4, 'abc…'],
    ['with a surrogate pair at the end', 'ab👩cd', 4, 'ab…'],
  ])('is right when it is %s', (_why, text, length, clipped) => {
    expect(clip(text, length)).toBe(clipped);
  });

  it('is never longer than asked, and never ends in half a character', () => {
    fc.assert(
      fc.property(anyText(), fc.integer({ min: 1, max: 20 }), (text, length) => {
        const clipped = clip(text, length);
        expect(clipped.length).toBeLessThanOrEqual(Math.max(length, 1));
        expect(clipped).not.toMatch(/[\ud800-\udbff]…$/);
      }),
    );
  });
});

describe('a name', () => {
  it.each([
    ['plain', 'Data Analyst', 'Data Analyst'],
    ['an address', 'ana@acme.com', 'ana@acme.com'],
    ['empty', '', '""'],
    ['with two spaces', 'two  blanks', '"two  blanks"'],
    ['with a space at the end', 'Admin ', '"Admin "'],
    ['with a space at the start', ' Admin', '" Admin"'],
    ['like an arrow', 'Admin → Social', '"Admin → Social"'],
    ['with quotes', 'say "x"', '"say \\"x\\""'],
    ['with a comma', 'a, b', '"a, b"'],
    ['with a line end', 'a\nb', '"a\\nb"'],
  ])('that is %s is shown in quotes', (_what, name, text) => {
    expect(nameText(name)).toBe(text);
  });

  it.each(HOSTILE_TEXTS)('stays on one line, all of it visible, when it %s', (_what, text) => {
    expect(nameText(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(oneLine(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });
});

describe('an item on a line of its own', () => {
  it.each([
    ['new people in "Sales, EMEA" gain a.b', 'new people in "Sales, EMEA" gain a.b'],
    ['a\u200bb\n', 'a\\u{200b}b\\n'],
    [' a', '" a"'],
    ['a  b', '"a  b"'],
    ['', '""'],
  ])('%j is %j', (item, text) => expect(itemText(item)).toBe(text));
});

describe('an invisible character', () => {
  it.each([
    ['line end', 'a\nb', 'a\\nb'],
    ['carriage return', 'a\rb', 'a\\rb'],
    ['tab', 'a\tb', 'a\\tb'],
    ['escape', '\u001b[31m', '\\u{1b}[31m'],
    ['right-to-left override', '\u202eb', '\\u{202e}b'],
    ['zero-width space', 'a\u200bb', 'a\\u{200b}b'],
    ['no-break space', 'a\u00a0b', 'a\\u{a0}b'],
    ['lone surrogate', 'a\ud800', 'a\\u{d800}'],
    ['Hangul filler', '\u3164', '\\u{3164}'],
    ['line separator', 'a\u2028b', 'a\\u{2028}b'],
    ['variation selector after a letter', 'a\ufe0fb', 'a\\u{fe0f}b'],
    ['second variation selector', '❤\ufe0f\ufe0f', '❤\ufe0f\\u{fe0f}'],
    ['code point that is reserved for what is not drawn', 'a\u2065b', 'a\\u{2065}b'],
    ['Mongolian selector', 'a\u180fb', 'a\\u{180f}b'],
  ])('is made visible: %s', (_what, text, visible) => {
    expect(oneLine(text)).toBe(visible);
  });

  it.each(['a b', 'é', '日本', '👩', '❤\ufe0f', '1\ufe0f\u20e3', '葛\u{e0100}'])(
    'is not found in %j',
    (text) => {
      expect(oneLine(text)).toBe(text);
    },
  );
});

describe('a person, a time, a sign', () => {
  it.each([
    [{ id: 7, email: 'ana@acme.com' }, 'ana@acme.com'],
    [{ id: 7, email: null }, 'person 7'],
    [{ id: 7, email: 'a b → c' }, '"a b → c"'],
  ])('the person %j is %s', (person, text) => {
    expect(personLabel(person)).toBe(text);
  });

  it.each([
    ['2026-01-31T08:15:00.000Z', '2026-01-31 08:15 UTC'],
    ['2026-01-31T08:15:59Z', '2026-01-31 08:15 UTC'],
    ['2026-01-31T08:15Z', '2026-01-31 08:15 UTC'],
    ['2026-01-31T08:15:00+01:00', '2026-01-31T08:15:00+01:00'],
    ['long ago\n', 'long ago\\n'],
  ])('the time %j is %s', (time, text) => {
    expect(timeText(time)).toBe(text);
  });

  it.each([
    ['+', '+4 grants'],
    ['-', '−4 grants'],
    ['~', '~4 grants'],
  ] as const)('the sign %s comes before its text', (sign, text) => {
    expect(signed(sign, '4 grants')).toBe(text);
  });
});
