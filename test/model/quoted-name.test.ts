import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { quotedName } from '../../src/model/quoted-name.js';
import { anyText } from '../support/any-text.js';

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
