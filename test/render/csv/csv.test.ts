import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csvText, type CsvCell } from '../../../src/render/csv/csv.js';
import { oneLine } from '../../../src/render/format/one-line.js';
import { HOSTILE_TEXTS } from '../../support/hostile-texts.js';
import { inputs } from '../../support/law.js';
import { readCsv, withoutGuard } from '../../support/read-csv.js';
import { anyText } from '../../support/any-text.js';

/** What a reader cannot see, other than a tab. */
const UNSEEN =
  /(?!\t)\p{Cc}|[\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u{2800}]|(?! )\p{Zs}|(?!\p{Variation_Selector})\p{Default_Ignorable_Code_Point}/u;

describe('CSV', () => {
  it.each<[string, CsvCell, string]>([
    ['a text', 'Ana Silva', 'Ana Silva'],
    ['a comma', 'Silva, Ana', '"Silva, Ana"'],
    ['a quote', 'Ana "A" Silva', '"Ana ""A"" Silva"'],
    ['a line end', 'a\nb', 'a\\nb'],
    ['a line end of Windows', 'a\r\nb', 'a\\r\\nb'],
    ['a carriage return', 'a\rb', 'a\\rb'],
    ['what looks like a row of its own', 'a"\nb,1', '"a""\\nb,1"'],
    ['surrounding spaces', ' a ', '" a "'],
    ['a number', 7, '7'],
    ['yes and no', true, 'true'],
    ['nothing', null, ''],
    ['a byte order mark', '\ufeffa', '\\u{feff}a'],
    ['a zero-width letter', 'Data\u200bAnalyst', 'Data\\u{200b}Analyst'],
    ['a blank that is no space', 'Data\u00a0Analyst', 'Data\\u{a0}Analyst'],
    ['a letter without a glyph', 'Data\u3164Analyst', 'Data\\u{3164}Analyst'],
    ['a command at the start of a line', '::error::x', '"::error::x"'],
    ['a command inside a line', 'a ##[add-mask]b', 'a \\u{23}#[add-mask]b'],
    ['a noncharacter', 'a\ufffeb', 'a\\u{fffe}b'],
    ['a formula', '=HYPERLINK("https://evil.example")', '"\'=HYPERLINK(""https://evil.example"")"'],
    ['a plus', '+1', "'+1"],
    ['a minus', '-1', "'-1"],
    ['a minus of a number', -1, "'-1"],
    ['an at sign', '@SUM(A1)', "'@SUM(A1)"],
    ['a tab', '\t=1', "'\t=1"],
    ['a carriage return first', '\r=1', '\\r=1'],
    ['a formula after a line end', '\n=1', '\\n=1'],
    ['a wide equals sign', '\uff1d1', "'\uff1d1"],
    ['a separate quote', "'a", "'a"],
    ['an equals sign within the text', 'a=b', 'a=b'],
    ['a terminal sequence', '\u001b[31mred', '\\u{1b}[31mred'],
    ['a mark that reverses the text after it', 'a\u202eb', 'a\\u{202e}b'],
    ['an unusual line end', 'a\u2028b', 'a\\u{2028}b'],
    ['half a character', 'a\ud800', 'a\\u{d800}'],
  ])('writes %s', (_, cell, written) => {
    expect(csvText(['x', 'y'], [[cell, 1]])).toBe(`x,y\n${written},1\n`);
  });

  it('also escapes the header', () => {
    expect(csvText(['role', '=evil'], [])).toBe("role,'=evil\n");
  });

  it('reads back to the same cells', () => {
    const hostile = fc.constantFrom(...HOSTILE_TEXTS.map(([, text]) => text));
    const odd = fc.string({ unit: fc.constantFrom(...'"\',;=+-@\t a\uff20'), maxLength: 6 });
    const cell = fc
      .oneof(odd, hostile, anyText({ maxLength: 8 }))
      .filter((text) => oneLine(text.replaceAll('\t', '')) === text.replaceAll('\t', ''))
      .filter((text) => withoutGuard(text) === text);
    const table = fc.integer({ min: 2, max: 4 }).chain((width) => {
      const row = fc.array(cell, { minLength: width, maxLength: width });
      return fc.array(row, { minLength: 1, maxLength: 5 });
    });
    fc.assert(
      fc.property(table, ([head = [], ...rows]) => {
        const back = readCsv(csvText(head, rows));
        expect(back.map((row) => row.map(withoutGuard))).toEqual([head, ...rows]);
        for (const one of back.flat()) expect(one).not.toMatch(/^[=+\-@\t\uff1d\uff0b\uff0d\uff20]/u);
      }),
      { numRuns: inputs(200) },
    );
  });

  it.each(HOSTILE_TEXTS)('shows what cannot be seen when a name %s', (_, text) => {
    const written = csvText([text, 'x'], [[text, text]]);
    const lines = written.split('\n');
    expect([lines.length, lines.at(-1)]).toEqual([3, '']);
    for (const line of lines) expect(line).not.toMatch(UNSEEN);
    expect(readCsv(written)).toHaveLength(2);
  });

  it('has one line per row, whatever is in the cells', () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'"\r\n,\u2028\u0085\v a'), maxLength: 6 }),
      anyText(),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 4 }), (rows) => {
        const lines = csvText(['a', 'b'], rows).split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/u);
        expect(lines).toHaveLength(rows.length + 2);
      }),
      { numRuns: inputs(100) },
    );
  });

  it('writes ten thousand rows quickly', () => {
    const rows = Array.from({ length: 10_000 }, (_, id): CsvCell[] => [`p${id}@acme.com`, `P, ${id}`, id]);
    expect(csvText(['email', 'name', 'id'], rows).length).toBeGreaterThan(200_000);
  });
});
