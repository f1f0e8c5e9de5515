import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonLine, jsonText, parsedOrNull } from '../../src/model/json-text.js';
import { anyText } from '../support/any-text.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';
import { inputs } from '../support/law.js';

describe('JSON text', () => {
  it.each([
    ['the start of a terminal sequence', 'a\u009b31mb', '"a\\u009b31mb"\n'],
    ['delete', 'a\u007fb', '"a\\u007fb"\n'],
    ['a mark that reverses the text after it', 'a\u202eb\u2066c\u061cd', '"a\\u202eb\\u2066c\\u061cd"\n'],
    ['a line end that is not a line feed', 'a\u2028b\u2029c', '"a\\u2028b\\u2029c"\n'],
    ['commands of CI runners', 'a ##[add-mask]b ##vso[x]c', '"a \\u0023#[add-mask]b \\u0023#vso[x]c"\n'],
    ['number signs', 'C# ## [x] #1', '"C# ## [x] #1"\n'],
    ['letters and symbols', 'Zoë 数据 👩‍💻', '"Zoë 数据 👩‍💻"\n'],
  ])('escapes what acts on its surroundings and nothing else: %s', (_, value, text) => {
    expect(jsonText(value)).toBe(text);
  });

  it('is read as the same value, and holds no such character, for any names and values', () => {
    const hostile = fc.constantFrom(...HOSTILE_TEXTS.map(([, text]) => text));
    const text = fc.oneof(hostile, anyText({ maxLength: 12 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 4 }), (pairs) => {
        const document = pairs.map(([name, value]) => ({ name, [`x${name}`]: value }));
        const printed = jsonText(document);
        expect(JSON.parse(printed)).toEqual(document);
        expect(printed).not.toMatch(/(?!\n)\p{Cc}|\p{Bidi_Control}|[\u2028\u2029]|##\w*\[/u);
        expect(JSON.parse(jsonLine(document))).toEqual(document);
        expect(jsonLine(document)).not.toMatch(/(?!\n$)\p{Cc}|\p{Bidi_Control}|[\u2028\u2029]|##\w*\[/u);
      }),
      { numRuns: inputs(200) },
    );
  });
});

describe('text that may be JSON', () => {
  it.each<[string, unknown]>([
    ['{"a": [1]}', { a: [1] }],
    ['null', null],
    ['{"a": ', null],
    ['', null],
  ])('%j', (text, value) => {
    expect(parsedOrNull(text)).toEqual(value);
  });
});
