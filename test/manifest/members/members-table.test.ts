import { describe, expect, it } from '@jest/globals';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { readMembersText } from '../../../src/manifest/members/members-file.js';
import { readMembersTable } from '../../../src/manifest/members/members-table.js';
import { csvText } from '../../../src/render/csv/csv.js';
import { inputs } from '../../support/law.js';

const read = (text: string, file = 'people.csv') =>
  (/\.(?:csv|tsv)$/iu.test(file) ? readMembersTable(text, file) : null) ?? readMembersText(text, file);

/** Everyone in a file: address, end and note. */
const people = (text: string, file?: string): unknown[] =>
  read(text, file).listed.map(({ email, until, note }) => [email, until, note]);

/** Problems of a file: severity, place and message, without the common part of all messages. */
const faults = (text: string, file?: string): string[] =>
  read(text, file).problems.map(({ severity, where, message }) =>
    `${severity} ${where?.line}:${where?.column} ${message}`.replace(/ line \d+ of this members file/u, ''),
  );

const emptyAsNull = (text: string): string | null => (text === '' ? null : text);

const ANA = ['ana@acme.com', null, null];

describe('a table of members', () => {
  it.each([
    ['a column for addresses', 'email\nana@acme.com\n', [ANA]],
    ['another name for it', 'E-Mail\nana@acme.com\n', [ANA]],
    ['the third name for it', ' MAIL \nana@acme.com\n', [ANA]],
    [
      'an end and a note',
      'email,until,note\nAna@Acme.com,2026-12-31,T-7\n',
      [['ana@acme.com', '2026-12-31', 'T-7']],
    ],
    [
      'a time as the end',
      'Until,email\n2026-12-31T18:00:00+01:00,ana@acme.com',
      [['ana@acme.com', '2026-12-31T18:00:00+01:00', null]],
    ],
    ['empty cells', 'email,until,note\nana@acme.com,,\n', [ANA]],
    ['missing cells', 'email,until,note\nana@acme.com\n', [ANA]],
    ['cells of spaces', 'email,until\n ana@acme.com , \n', [ANA]],
    ['semicolons', 'email;note\nana@acme.com;a, b\n', [['ana@acme.com', null, 'a, b']]],
    ['tabs', 'email\tnote\nana@acme.com\ta, b; c\n', [['ana@acme.com', null, 'a, b; c']]],
    [
      'a line that names the separator',
      'sep=;\r\nemail;note\r\nana@acme.com;x\r\n',
      [['ana@acme.com', null, 'x']],
    ],
    [
      'quotes',
      '"email","note"\n"ana@acme.com","said ""yes"", then left"\n',
      [['ana@acme.com', null, 'said "yes", then left']],
    ],
    ['a byte order mark', '\ufeffemail,note\nana@acme.com,x', [['ana@acme.com', null, 'x']]],
    [
      'mixed line ends',
      'email\r\nana@acme.com\rbo@acme.com\ncy@acme.com',
      [ANA, ['bo@acme.com', null, null], ['cy@acme.com', null, null]],
    ],
    ['empty lines and rows', '\nemail,note\n\n,\n" ",\nana@acme.com,\n\n', [ANA]],
    ['columns after the last one, all empty', 'email,note,,\nana@acme.com,,,\n', [ANA]],
    ['a note of two lines', 'email,note\nana@acme.com,"one\ntwo"\n', [['ana@acme.com', null, 'one two']]],
    [
      'a number sign, which is not a comment',
      'email,note\nana@acme.com,#7\n',
      [['ana@acme.com', null, '#7']],
    ],
    ['no rows', 'email,until\n', []],
    ['a guard against formulas', "email,note\n'+ana@acme.com,'=1+1\n", [['+ana@acme.com', null, '=1+1']]],
    [
      'a guard and spaces',
      'email,until\n\'-bo@acme.com,"\'\t2026-12-31"\n',
      [['-bo@acme.com', '2026-12-31', null]],
    ],
  ])('may have %s', (_what, text, found) => {
    expect(faults(text)).toEqual([]);
    expect(people(text)).toEqual(found);
    expect(people(text, 'lists/PEOPLE.TSV')).toEqual(found);
  });

  it.each([
    ['no address', 'email,note\n,x\n', ['error 2:1 has no address']],
    ['text that is not an address', 'note,email\nx,ana\n', ['error 2:3 has no valid address']],
    ['an address in brackets', 'email\n<ana@acme.com>\n', ['error 2:1 has no valid address']],
    ['an address with a scheme', 'email\nmailto:ana@acme.com\n', ['error 2:1 has no valid address']],
    ['an address in quotes', 'email\n"""ana@acme.com"""\n', ['error 2:1 has no valid address']],
    ['two addresses', 'email\n"ana@acme.com; bo@acme.com"\n', ['error 2:1 has no valid address']],
    ['a user id', 'email\nid: 7\n', ['error 2:1 has no valid address']],
    ['a date of another form', 'email,until\nana@acme.com,31.12.2026\n', ['error 2:14 has no valid date']],
    ['an invalid day', 'email,until\n"ana@acme.com",2026-02-30\n', ['error 2:16 has no valid date']],
    [
      'a time without a zone',
      'email,until\nana@acme.com,2026-12-31T10:00:00\n',
      ['error 2:14 has no valid date'],
    ],
    [
      'several problems',
      'email,until\nana,soon\n',
      ['error 2:1 has no valid address', 'error 2:5 has no valid date'],
    ],
    [
      'more cells than the first row',
      'email,note\nana@acme.com,a,b\n',
      ['error 2:16 has more cells than the first row'],
    ],
    [
      'a quote that is not closed',
      'email,note\nana@acme.com,"x\nbo@acme.com,\n',
      ['error 2:1 is too long, or has a quote that is not closed'],
    ],
    [
      'a quote that a later row closes',
      'email,note\nana@acme.com,"x\nbo@acme.com,y"\n',
      ['error 2:14 has a quoted cell with another row in it'],
    ],
    [
      'a quote in a cell',
      'email,note\n\nana@acme.com,5" x\nbo@acme.com,\n',
      ['error 3:1 has a quote in the middle of a cell'],
    ],
    [
      'text after a quote',
      'email,note\nana@acme.com,"5"x\n',
      ['error 2:1 has a quote in the middle of a cell'],
    ],
    [
      'a note that is too long',
      `email,note\nana@acme.com,${'x'.repeat(1001)}\n`,
      ['error 2:14 has a note that is too long'],
    ],
    [
      'a control character',
      'email,note\nana@acme.com,x\nbo@acme.com,\0\n',
      ['error 3:1 holds the control character U+0000'],
    ],
    [
      'two columns for addresses',
      'email,E-mail\nana@acme.com,\n',
      ['error 1:7 the columns "email" and "E-mail" of this members file are the same'],
    ],
    [
      'a column with a similar name',
      'email,untill\nana@acme.com,2026-12-31\n',
      ['error 1:7 the column "untill" of this members file is not known'],
    ],
    [
      'a column in full-width letters',
      'email,ｕｎｔｉｌ\nana@acme.com,2026-12-31\n',
      ['error 1:7 the column "ｕｎｔｉｌ" of this members file is not known'],
    ],
    [
      'a column with several invisible characters',
      'email,un\u200bt\u200bil\nana@acme.com,2026-12-31\n',
      [String.raw`error 1:7 the column "un\u200bt\u200bil" of this members file is not known`],
    ],
    [
      'a column with two letters swapped',
      'email,unitl\nana@acme.com,2026-12-31\n',
      ['error 1:7 the column "unitl" of this members file is not known'],
    ],
    [
      'two misspelled columns, below the line that names the separator',
      'sep=;\nNote;"Emal";notes\n',
      ['error 2:6 the column "Emal" of this members file is not known'],
    ],
    [
      'a column twice, with others',
      'note;email;"Note";mail;note\n',
      [
        'error 1:19 the columns "email" and "mail" of this members file are the same',
        'error 1:24 the columns "note" and "Note" and "note" of this members file are the same',
      ],
    ],
    [
      'a column with a name similar to that for addresses',
      'Emails,note\nana@acme.com,x\n',
      ['error 1:1 the column "Emails" of this members file is not known'],
    ],
    ...[
      'until,note',
      'until|note',
      '"until,note"',
      'until\tnote',
      'Untill | x',
      'team, until',
      'until；note',
    ].map((cell): [string, string, string[]] => [
      `the known column until in the cell ${cell}`,
      `email;${cell}\nana@acme.com;2026-12-31,x\n`,
      [
        `error 1:7 the column ${JSON.stringify(cell.replaceAll('"', ''))} of this members file holds several columns, among them "until"`,
      ],
    ]),
    [
      'several columns in quotes',
      'email,"until;note"\nana@acme.com,2026-12-31\n',
      ['error 1:7 the column "until;note" of this members file holds several columns, among them "until"'],
    ],
    [
      'a delimiter that no table has',
      'Team|E-mail|until\nx|ana@acme.com|2026-12-31\n',
      [
        'error 1:1 the column "Team|E-mail|until" of this members file holds several columns, among them "e-mail"',
      ],
    ],
    [
      'a row in a quoted column name',
      'email,"x\nana@acme.com,"\nbo@acme.com,x\n',
      ['error 1:7 has a quoted cell with another row in it'],
    ],
  ])('may not have %s', (_what, text, found) => {
    expect(faults(text)).toEqual(found);
  });

  it('reports every bad row with its line, and continues after wrong quotes', () => {
    const rows = ['ana@acme.com,', 'x,', 'bo@acme.com,"', 'y,', '"cy"@acme.com,', 'di@acme.com,"a\nb"', 'z,'];
    const { listed, problems } = read(`email,note\n${rows.join('\n')}\n`);
    expect(problems.map(({ where }) => where?.line)).toEqual([3, 4, 5, 6, 9]);
    expect(listed.map(({ email, where }) => [email, where?.line])).toEqual([
      ['ana@acme.com', 2],
      ['di@acme.com', 7],
    ]);
  });

  it('does not take a numbered column for a known one', () => {
    expect(faults('email,Email 2,Note 2\nana@acme.com,b@acme.com,x\n')).toEqual([
      'warning 1:7 columns of this members file that are not read: "Email 2", "Note 2"',
    ]);
  });

  it.each([
    ['Team, region', 'a delimiter in a column that is not known'],
    ['Mail | old, e-mail', 'the name of a column that has a cell of its own'],
    ['valid until; work', 'the name of a known column with other words'],
  ])('may have a column %s: %s', (column) => {
    expect(faults(`email,"${column}"\nana@acme.com,x\n`)).toEqual([
      `warning 1:7 columns of this members file that are not read: "${column}"`,
    ]);
  });

  it('does not take a comment before addresses for a row of columns', () => {
    expect(people('# ops | e-mail | until\nana@acme.com\n')).toHaveLength(1);
  });

  it('lists unread columns once, without empty ones', () => {
    const text = 'email,,Name,Team <b>\nana@acme.com,,Ana,x\nbo@acme.com,,Bo,x\n';
    expect(faults(text)).toEqual([
      'warning 1:8 columns of this members file that are not read: "Name", "Team <b>"',
    ]);
    expect(people(text)).toHaveLength(2);
  });

  it('has hints that lead to a valid row', () => {
    const hints = (text: string): (string | null)[] => read(text).problems.map(({ hint }) => hint ?? null);
    expect(hints('email,until\n<ana@acme.com>,2026/1/2\n')).toEqual([
      'write ana@acme.com',
      'write 2026-01-02',
    ]);
    expect(hints('email,until\nana@acme.com,2026-12-31T10:00:00\n')).toEqual([
      'add the zone: 2026-12-31T10:00:00Z for UTC',
    ]);
    expect(hints('email,untl\n')).toEqual([
      'did you mean "until"? Otherwise give it another name, and it is not read',
    ]);
  });

  it('is read as a list of addresses if its first row has no known column', () => {
    expect(people('ana@acme.com\nid: 7\n# email\n')).toEqual([ANA, [null, null, null]]);
    expect(people('ana@acme.com\n', 'people.tsv')).toEqual([ANA]);
    expect(faults('name,team\nAna,x\n')).toEqual([
      'error 1:1 is not an address',
      'error 2:1 is not an address',
    ]);
    expect(people("'+ana@acme.com\n'-bo@acme.com # x\n", 'people.txt')).toHaveLength(2);
  });

  it('is read as a table only from a file that is named like one', () => {
    expect(faults('email\nana@acme.com\n', 'people.txt')).toEqual(['error 1:1 is not an address']);
  });

  it('may be large, and is not checked completely if everything is wrong', () => {
    const rows = Array.from({ length: 5_000 }, (_, index) => `p${index}@acme.com,2026-12-31`);
    expect(read(`email,until\n${rows.join('\n')}`).listed).toHaveLength(5_000);
    const wrong = faults(`email\n${'x\n'.repeat(5000)}`);
    expect(wrong).toHaveLength(1001);
    expect(wrong.at(-1)).toBe(
      'error 1002:1 the rest of this members file is not checked, since it has so many problems',
    );
  });

  it.each([
    ['one row without an end', `email\n${'x'.repeat(1_000_000)}`],
    ['a quote without an end', `email\n"${'x\n'.repeat(12_000)}`],
    ['nothing but quotes', `email\n${'"\n'.repeat(20_000)}`],
    ['nothing but separators', `email\n${','.repeat(100_000)}`],
    ['nothing but line ends', `email\n${'\n'.repeat(100_000)}`],
  ])('is not read further after %s', (_what, text) => {
    const started = performance.now();
    expect(read(text).listed).toEqual([]);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('reads back what was written as CSV with the same columns, any separator and any line end', () => {
    const note = fc
      .string({ unit: 'grapheme', maxLength: 30 })
      .map((text) => text.replace(/[\p{Cc}@\s]+/gu, ' ').trim());
    const member = fc.record({
      email: fc.emailAddress().filter((one) => !/['`|]/u.test(one)),
      until: fc.constantFrom('', '2026-12-31'),
      note,
    });
    const format = fc.record({
      delimiter: fc.constantFrom(',', ';', '\t'),
      record_delimiter: fc.constantFrom('\n', '\r\n', '\r'),
      bom: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(member, { minLength: 1, maxLength: 8 }), format, (rows, options) => {
        const text = stringify(rows, {
          header: true,
          columns: ['email', 'note', 'until'],
          quoted_match: /^\s|\s$|'/u,
          ...options,
        });
        expect(faults(text)).toEqual([]);
        expect(people(text)).toEqual(
          rows.map((row) => [
            row.email.toLowerCase(),
            row.until === '' ? null : row.until,
            emptyAsNull(row.note.replace(/^'(?=[=+\-@])/u, '').trim()),
          ]),
        );
      }),
      { numRuns: inputs(100) },
    );
  });

  it('reads back what this program writes as CSV', () => {
    const addresses: string[] = [
      'ana@acme.com',
      '+bo@acme.com',
      '-cy@acme.com',
      '=di@acme.com',
      "o'neil@acme.com",
    ];
    const text = csvText(
      ['email', 'note'],
      addresses.map((email) => [email, '@team']),
    );
    expect(people(text)).toEqual(addresses.map((email) => [email, null, '@team']));
  });

  it('never throws, and reports places within the file', () => {
    const pieces = [
      'email',
      ',',
      ';',
      '\t',
      '"',
      '\n',
      '\r',
      "'",
      'ana@acme.com',
      'until',
      '2026-12-31',
      '\0',
      '\ufeff',
      '=',
      'sep=;',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 30 }), (parts) => {
        const text = parts.join('');
        const { listed, problems } = read(text);
        const lines = text.split(/\r\n?|\n/u).length;
        for (const { where } of [...listed, ...problems]) {
          expect(where?.line).toBeGreaterThanOrEqual(1);
          expect(where?.line).toBeLessThanOrEqual(lines);
        }
      }),
      { numRuns: inputs(300) },
    );
  });

  it('needs a column of addresses, as the hint at its first row says', () => {
    for (const [before, line] of [
      ['', 1],
      ['\n', 2],
      ['# people\n', 2],
    ] as const) {
      const { problems } = read(`${before}name;address\nAna;ana@acme.com\n`);
      expect(problems.map(({ where, hint }) => [where?.line, hint])).toEqual([
        [
          line,
          'the first row of a table needs a column email, e-mail or mail; without it, write one address per line',
        ],
        [line + 1, 'write ana@acme.com'],
      ]);
    }
    expect(read('name;address\n', 'people.txt').problems[0]?.hint).toContain('one e-mail address per line');
  });

  it('counts a single broken line more than are listed as one line', () => {
    const { problems } = read('x\n'.repeat(21), 'people.txt');
    expect(problems.at(-1)?.message).toBe('1 more line of this members file is not an address');
  });
});
