import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { dataText, documentText, textNode } from '../../src/export/yaml-document.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';
import { inputs } from '../support/law.js';

const UNSEEN = /[\p{Cf}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u;

describe('data as YAML', () => {
  it.each(HOSTILE_TEXTS.filter(([, text]) => !/\p{Cs}/u.test(text)))(
    'reads back if a text %s, and shows all of it',
    (_, text) => {
      const data = [{ name: text, [text]: 1 }];
      expect(parse(dataText(data))).toEqual(data);
      expect(dataText(data)).not.toMatch(UNSEEN);
    },
  );

  it.each([
    '::error::x',
    'a\n::error::x\r',
    'long '.repeat(30) + '\n  ::error::x',
    'a ##[add-mask]x ##vso[a]b',
  ])('has no line that a CI runner reads as a command: %j', (text) => {
    const data = [{ name: text, [text]: 1 }];
    const entries = [{ key: text, value: textNode(text), above: [text] }];
    for (const yaml of [dataText(data), documentText(entries, { above: [text] })])
      expect(yaml).not.toMatch(/^\s*(?:- )?::|##\w*\[/mu);
    expect(parse(dataText(data))).toEqual(data);
    expect(parse(documentText(entries, { above: [] }))).toEqual({ [text]: text });
  });

  it('reads back any data', () => {
    const odd = fc.string({
      unit: fc.constantFrom(...'a: -#"\'\n\t\r\u009b\u0085\u2028\ufeff\u202e\u3164\u2065\ufe0f'),
      maxLength: 8,
    });
    fc.assert(
      fc.property(fc.array(fc.record({ id: fc.nat(), name: odd, on: fc.boolean() })), (data) => {
        const text = dataText(data);
        expect(parse(text)).toEqual(data);
        expect(text).not.toMatch(/[\u007f-\u009f\u2028\ufeff\u202e\u3164\u2065]|\ufe0f/u);
      }),
      { numRuns: inputs(100) },
    );
  });

  it('of plain texts equals the output of the library', () => {
    const data = [{ id: 1, name: 'Ana', description: 'one\ntwo', email: null }, { name: 'no one' }];
    expect(dataText(data)).toBe(stringify(data, { lineWidth: 0 }));
  });

  it.each(['no', 'Yes', 'y', 'off', '2024-01-01', '1:30', '0o7', '1_000', '0x1F', '<<', '=', 'a\tb'])(
    'quotes %j, which a YAML 1.1 parser reads as another type or not at all',
    (name) => {
      expect(dataText({ name })).toBe(`name: ${JSON.stringify(name)}\n`);
    },
  );
});
