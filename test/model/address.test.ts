import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressHint, addressesIn, isAddress, sameAddress } from '../../src/model/address.js';

describe('isAddress', () => {
  it.each([
    ['ana@acme.com', 'an ordinary address'],
    ["o'neil@acme.com", 'an apostrophe within the name'],
    ['ana+test@acme.com', 'a plus sign'],
    ['ána@ácme.com', 'letters beyond ASCII'],
    ['ana@localhost', 'a host without a dot'],
    [`${'a'.repeat(311)}@acme.com`, '320 characters'],
    [`${'\u{1f600}'.repeat(311)}@acme.com`, '320 characters of two code units each'],
  ])('accepts %s: %s', (text) => {
    expect(isAddress(text)).toBe(true);
  });

  it.each([
    ['', 'nothing'],
    ['ana', 'no @'],
    ['@acme.com', 'nothing before the @'],
    ['ana@', 'nothing after the @'],
    ['ana@acme.com.', 'a full stop at the end'],
    ['ana@b@acme.com', 'two @'],
    [' ana@acme.com', 'a blank before it'],
    ['ana@acme.com ', 'a blank after it'],
    ['a na@acme.com', 'a blank within it'],
    ['ana@ac me.com', 'a blank in the host'],
    ['ana\u0000@acme.com', 'a control character'],
    ['ana\u200b@acme.com', 'an invisible character'],
    ['ana\ud800@acme.com', 'half a surrogate pair'],
    ['"ana"@acme.com', 'quotes'],
    ['“ana”@acme.com', 'curly quotes'],
    ["'ana@acme.com", 'an apostrophe before it'],
    ["ana@acme.com'", 'an apostrophe after it'],
    ["ana@ac'me.com", 'an apostrophe in the host'],
    ['`ana@acme.com', 'a backquote before it'],
    ['ana@ac`me.com', 'a backquote in the host'],
    ['|ana@acme.com', 'a bar before it'],
    ['ana@acme.com|', 'a bar after it'],
    ['ana@acme.com,bo@acme.com', 'a comma'],
    ['ana@acme.com;', 'a semicolon'],
    ['<ana@acme.com>', 'angle brackets'],
    ['mailto:ana@acme.com', 'a scheme'],
    ['(ana)@acme.com', 'parentheses'],
    ['[ana]@acme.com', 'brackets'],
    ['ana\\@acme.com', 'a backslash'],
    [`${'a'.repeat(312)}@acme.com`, '321 characters'],
  ])('refuses %j: %s', (text) => {
    expect(isAddress(text)).toBe(false);
  });
});

describe('addressesIn', () => {
  it.each<[string, string[]]>([
    ['<ana@acme.com>', ['ana@acme.com']],
    ['Ana Lee <Ana@Acme.com>', ['ana@acme.com']],
    ['"ana@acme.com"', ['ana@acme.com']],
    ['mailto:ana@acme.com', ['ana@acme.com']],
    ['MAILTO:ana@acme.com?subject=x', ['ana@acme.com']],
    ['ana@acme.com, bo@acme.com', ['ana@acme.com', 'bo@acme.com']],
    ['ana@acme.com; ANA@acme.com', ['ana@acme.com']],
    ['| ana@acme.com | bo@acme.com |', ['ana@acme.com', 'bo@acme.com']],
    ['ana@acme.com\tAnalyst', ['ana@acme.com']],
    [' ana@acme.com. ', ['ana@acme.com']],
    ["'ana@acme.com'", ['ana@acme.com']],
    ['Ana Lee', []],
    ['ana@acme.com bo@acme.com', []],
    ['', []],
  ])('of %j: %j', (text, addresses) => {
    expect(addressesIn(text)).toEqual(addresses);
  });

  it.each([
    [6400, 1],
    [6401, 0],
  ])('of a text of %d characters: %d', (length, count) => {
    expect(addressesIn(`${' '.repeat(length - 12)}ana@acme.com`)).toHaveLength(count);
  });

  it('finds only what a manifest accepts', () => {
    const piece = fc.constantFrom(
      'ana@acme.com',
      '<',
      '>',
      '"',
      ' ',
      ',',
      ';',
      'x',
      '@',
      'mailto:',
      '|',
      "'",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        expect(addressesIn(pieces.join('')).every(isAddress)).toBe(true);
      }),
    );
  });
});

describe('addressHint', () => {
  const many = (count: number): string =>
    Array.from({ length: count }, (_, index) => `p${index}@acme.com`).join(', ');

  it.each<[string, string | null]>([
    ['Ana', null],
    ['<ana@acme.com>', 'write ana@acme.com'],
    [many(2), `write one entry for each address: ${many(2)}`],
    [many(5), `write one entry for each address: ${many(5)}`],
    [many(6), `write one entry for each address: ${many(5)}, …`],
  ])('for %j: %j', (text, hint) => {
    expect(addressHint(text)).toBe(hint);
  });
});

describe('the compared form of an address', () => {
  it.each([
    [' Ana@Acme.com ', 'ana@acme.com'],
    ['ana@acme.com', 'ana@acme.com'],
  ])('of %j: %s', (address, form) => {
    expect(sameAddress(address)).toBe(form);
  });
});
