import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { oneLine, openRedactor } from '../../src/http/redact.js';
import type { Redactor } from '../../src/http/redact.js';

/** A redactor that knows these secrets. */
function redactorOf(...secrets: readonly string[]): Redactor {
  const redactor = openRedactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor;
}

describe('a redactor', () => {
  const secret = 'p"a/s s+w';
  it.each([
    ['as it is', secret],
    ['within JSON', JSON.stringify(secret).slice(1, -1)],
    ['within a URL', encodeURIComponent(secret)],
    ['within the URL of a form', new URLSearchParams({ s: secret }).toString().slice(2)],
    ['within a URL in lower case', encodeURIComponent(secret).replace(/%../gu, (code) => code.toLowerCase())],
    ['within JSON within a URL', encodeURIComponent(JSON.stringify(secret).slice(1, -1))],
    ['as base64', Buffer.from(secret).toString('base64')],
    ['as base64url', Buffer.from(secret).toString('base64url')],
  ])('replaces a secret %s', (_, form) => {
    expect(redactorOf(secret).redact(`<${form}>`)).toBe('<[secret]>');
  });

  it.each([
    ['HTML', 'a&amp;&lt;b&gt;&quot;c&#39;d'],
    ['HTML with numbers', 'a&amp;&lt;b&gt;&#34;c&#39;d'],
    ['HTML with hexadecimal numbers', 'a&amp;&lt;b&gt;&quot;c&#x27;d'],
    ['HTML of text', 'a&amp;&lt;b&gt;"c\'d'],
    ['JSON that escapes what HTML does', String.raw`a\u0026\u003cb\u003e\"c\u0027d`],
    ['JSON within HTML', 'a&amp;&lt;b&gt;\\&quot;c&#39;d'],
  ])('replaces a secret within %s', (_, form) => {
    expect(redactorOf(`a&<b>"c'd`).redact(`<${form}>`)).toBe('<[secret]>');
  });

  it('replaces the longer of two secrets first, so that no part remains', () => {
    expect(redactorOf('abc', 'abcdef').redact('abcdef abc')).toBe('[secret] [secret]');
    expect(redactorOf('abcdef', 'abc').redact('abcdef abc')).toBe('[secret] [secret]');
  });

  it('replaces every occurrence, also of secrets that were added later', () => {
    const redactor = openRedactor();
    expect(redactor.redact('one')).toBe('one');
    redactor.add('one');
    expect(redactor.redact('one and one')).toBe('[secret] and [secret]');
  });

  it('ignores an empty secret', () => {
    expect(redactorOf('').redact('text')).toBe('text');
  });

  it('leaves no secret in any text, in any of its forms', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 9 }), fc.string(), fc.string(), (secret, before, after) => {
        const { redact } = redactorOf(secret);
        const forms = [
          secret,
          Buffer.from(secret, 'utf8').toString('base64'),
          JSON.stringify(secret).slice(1, -1),
        ];
        return forms.every((form) => !redact(before + form + after).includes(form));
      }),
    );
  });

  it('accepts half a surrogate pair as a secret', () => {
    expect(() => redactorOf('\ud800')).not.toThrow();
  });

  it('leaves no secret in any text', () => {
    const parts = fc.string({ minLength: 6, maxLength: 12 }).filter((one) => !'[secret]'.includes(one));
    fc.assert(
      fc.property(parts, fc.string(), fc.string(), (hidden, before, after) => {
        fc.pre(!`${before}[secret]${after}`.includes(hidden));
        expect(redactorOf(hidden).redact(`${before}${hidden}${after}`)).not.toContain(hidden);
      }),
    );
  });
});

describe('one line', () => {
  it.each([
    ['a  b\n\tc ', 200, 'a b c'],
    ['', 200, ''],
    ['a\u001bb', 200, 'a\\u{1b}b'],
    ['a\u202eb', 200, 'a\\u{202e}b'],
    ['a\u200bb', 200, 'a\\u{200b}b'],
    ['a\ud800b', 200, 'a\\u{d800}b'],
    ['12345', 5, '12345'],
    ['123456', 5, '1234…'],
    // No space before the ellipsis.
    ['123 456', 5, '123…'],
  ])('of %j with at most %i characters is %j', (text, most, line) => {
    expect(oneLine(text, most)).toBe(line);
  });
});
