import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseInParts, withItemsRead } from '../../src/http/list-in-parts.js';
import { inputs } from '../support/law.js';

const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);
const withMark = { key: 'users', read: (item: unknown): unknown => ({ read: item }) };

const inParts = (text: string, partBytes: number, reader = withMark): { value: unknown } | null =>
  parseInParts(Buffer.from(text), reader, { decode, partBytes });
const asWhole = (text: string): unknown => withItemsRead(JSON.parse(text), withMark);

/** Values with the texts that a wrong end of a part would have to come from. */
const TRICKY = ['},{"id":', '"users":[{', '],"users":[{"id":1}', '\\', '"', '\u2028', 'ä', '🎭', ''];
const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>(...TRICKY, null, true, 1.5, -0, 1e21),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('id', 'users', '__proto__', 'a"users'), tie('value'), { maxKeys: 3 }),
  ),
})).value;
const anyItem = fc.record({ id: fc.nat(), name: anyValue, users: anyValue });

describe('A long list that is parsed in parts', () => {
  it('contains what it contains when it is parsed as a whole', () => {
    let splits = 0;
    fc.assert(
      fc.property(
        fc.array(anyItem, { minLength: 1, maxLength: 12 }),
        fc.array(fc.tuple(fc.constantFrom('count', 'more', 'a"users'), anyValue)),
        fc.integer({ min: 1, max: 80 }),
        (users, others, partBytes) => {
          const entries = [...others.slice(1), ['users', users] as const, ...others.slice(0, 1)];
          const text = JSON.stringify(Object.fromEntries(entries));
          const found = inParts(text, partBytes);
          if (!found) return;
          splits += 1;
          expect(found.value).toEqual(asWhole(text));
        },
      ),
      { numRuns: inputs(500) },
    );
    expect(splits).toBeGreaterThan(inputs(100));
  });

  it('is never accepted where JSON.parse rejects the body, and never read differently', () => {
    const pieces = [
      ...'{}[],:"\\ 1',
      '{"id":1}',
      ',{"id":2}',
      '"users":[',
      '{"users":[{"id":0}',
      ']}',
      '\uFEFF',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces), { maxLength: 14 }),
        fc.integer({ min: 1, max: 20 }),
        (chosen, partBytes) => {
          const text = `{"users":[{"id":0}${chosen.join('')}`;
          const found = inParts(text, partBytes);
          if (found) expect(found.value).toEqual(asWhole(text));
        },
      ),
      { numRuns: inputs(5000) },
    );
  });

  it.each<[string, string]>([
    ['short', '{"users":[{"id":1}]}'],
    ['empty', '{"users":[]}'],
    ['missing', '{"people":[{"id":1},{"id":2},{"id":3}]}'],
    ['not of objects', '{"users":[1,2,3,4,5,6,7,8,9]}'],
    ['indented', '{\n "users": [\n  {"id": 1},\n  {"id": 2},\n  {"id": 3}\n ]\n}'],
    ['inside another object', '{"page":{"users":[{"id":1},{"id":2},{"id":3}]}}'],
    ['inside an object, and empty outside it', '{"page":{"users":[{"id":1},{"id":2},{"id":3}]},"users":[]}'],
    ['followed by another under the same key', '{"users":[{"id":1},{"id":2},{"id":3}],"users":[{"id":4}]}'],
    ['cut short', '{"users":[{"id":1},{"id":2},{"id":3'],
    ['under a longer key', '{"a\\"users":[{"id":1},{"id":2},{"id":3}]}'],
    ['followed by another list', '{"users":[{"id":1}],"more":[{"id":2},{"id":3}]}'],
    ['behind a byte order mark', '{"users":[\uFEFF{"id":1},{"id":2},{"id":3}]}'],
    ['of items behind byte order marks', '{"users":[\uFEFF{"id":1},\uFEFF{"id":2},\uFEFF{"id":3}]}'],
  ])('is left to the whole parser if it is %s', (_, text) => {
    expect(inParts(text, 9)).toBeNull();
  });

  it.each<[string, (text: string) => string]>([
    ['after', (text) => `{"page":{"users":[{"id":1},{"id":2}]},"users":["${text}"]}`],
    ['before', (text) => `{"users":["${text}"],"a\\"users":[{"id":1},{"id":2}]}`],
  ])('is not mistaken for a list %s it that begins with a text, however long', (_, bodyWith) => {
    for (let length = 0; length < 100; length += 1)
      expect(inParts(bodyWith('-'.repeat(length)), 5)).toBeNull();
  });

  it('is left to the whole parser if a text is not UTF-8', () => {
    const text = Buffer.from('{"users":[{"id":1},{"id":"\u00ff"},{"id":3}]}', 'latin1');
    expect(parseInParts(text, withMark, { decode, partBytes: 5 })).toBeNull();
  });

  it('is left to the whole parser if an item cannot be read, which then raises the error', () => {
    const reader = {
      key: 'users',
      read: (): unknown => {
        throw new RangeError('no');
      },
    };
    const text = '{"users":[{"id":1},{"id":2},{"id":3}]}';
    expect(inParts(text, 5, reader)).toBeNull();
    expect(() => withItemsRead(JSON.parse(text), reader)).toThrow(RangeError);
  });

  it('is read part by part, so that the first items are read before the last are parsed', () => {
    const held: string[] = [];
    const reader = {
      key: 'users',
      read: (item: unknown) => held.push(`read ${(item as { id: number }).id}`),
    };
    const logged = (bytes: Uint8Array): string => {
      const text = decode(bytes);
      held.push(text);
      return text;
    };
    const text = Buffer.from('{"users":[{"id":1},{"id":2},{"id":3}]}');
    parseInParts(text, reader, { decode: logged, partBytes: 12 });
    expect(held.slice(0, 3)).toEqual(['{"id":1},{"id":2}', 'read 1', 'read 2']);
    expect(held.at(-1)).toBe('read 3');
  });
});

it.each<[unknown]>([[null], [[]], ['text'], [{ users: null }], [{ users: {} }], [{}]])(
  'a body without the list is returned unchanged: %j',
  (body) => {
    expect(withItemsRead(body, withMark)).toBe(body);
  },
);
