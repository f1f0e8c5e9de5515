import { describe, expect, it } from '@jest/globals';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { readInstanceTable } from '../../src/inventory/table.js';
import { LABEL_VALUE } from '../../src/inventory/select.js';
import { csvText } from '../../src/render/csv/csv.js';
import { inputs } from '../support/law.js';
import { PLACE, problemLine } from './support.js';

const read = (text: string, labels: readonly string[] = ['tier', 'region']) =>
  readInstanceTable(text, 't.csv', {
    file: { value: 't.csv', at: PLACE },
    labels: labels.map((value) => ({ value, at: PLACE })),
  });

/** Each row: its name, labels and manifest. */
const rowsOf = (text: string, labels?: readonly string[]): unknown[] =>
  read(text, labels).rows.map(({ name, labels: own, manifest }) => [
    name.value,
    Object.fromEntries([...own].map(([label, { value }]) => [label, value])),
    ...(manifest ? [manifest.value] : []),
  ]);

const faults = (text: string, labels?: readonly string[]): string[] =>
  read(text, labels).problems.map(problemLine);

describe('A table of instances', () => {
  it.each<[string, string, string[] | undefined, unknown[]]>([
    ['a column for names', 'name\nacme\n', [], [['acme', {}]]],
    ['labels', 'name,tier,region\nacme,test,eu\n', undefined, [['acme', { tier: 'test', region: 'eu' }]]],
    [
      'columns in any order',
      'region,name,tier\neu,acme,test',
      undefined,
      [['acme', { tier: 'test', region: 'eu' }]],
    ],
    [
      'columns that are ignored',
      'name,owner,tier\nacme,"Ana, Bo",test\n',
      ['tier'],
      [['acme', { tier: 'test' }]],
    ],
    ['a column whose label is not used', 'name,tier\nacme,test\n', [], [['acme', {}]]],
    ['an empty cell', 'name,tier,region\nacme,,eu\n', undefined, [['acme', { region: 'eu' }]]],
    ['a cell of spaces', 'name,tier,region\n acme , ,eu\n', undefined, [['acme', { region: 'eu' }]]],
    ['missing cells', 'name,tier,region\nacme\n', undefined, [['acme', {}]]],
    ['a manifest', 'name,manifest\nacme,x/{name}.yaml\n', [], [['acme', {}, 'x/{name}.yaml']]],
    ['a label like a manifest', 'name,Manifest\nacme,x\n', ['Manifest'], [['acme', { Manifest: 'x' }]]],
    ['a manifest beside a similar column', 'name,manifest,Manifest\nacme,,x\n', [], [['acme', {}]]],
    ['an empty manifest', 'name,manifest\nacme,\n', [], [['acme', {}]]],
    ['semicolons', 'name;tier\nacme;test\n', ['tier'], [['acme', { tier: 'test' }]]],
    ['tabs', 'name\ttier\nacme\ttest\n', ['tier'], [['acme', { tier: 'test' }]]],
    [
      'a comma in a header of semicolons',
      'name;"city, country";tier\nacme;x;test',
      ['tier'],
      [['acme', { tier: 'test' }]],
    ],
    [
      'a line that names the separator',
      'sep=;\nname;tier\nacme;test',
      ['tier'],
      [['acme', { tier: 'test' }]],
    ],
    ['a byte order mark', '\ufeffname,tier\nacme,test', ['tier'], [['acme', { tier: 'test' }]]],
    ['Windows line ends', 'name,tier\r\nacme,test\r\n', ['tier'], [['acme', { tier: 'test' }]]],
    ['quotes', '"name","tier"\n"acme","test"', ['tier'], [['acme', { tier: 'test' }]]],
    ['empty lines and rows', '\nname,tier\n\n,\nacme,test\n\n', ['tier'], [['acme', { tier: 'test' }]]],
    ['a quote before a formula', "name,tier\nacme,'-x\n", ['tier'], [['acme', { tier: '-x' }]]],
    ['a quote before other text', "name,tier\nacme,'x\n", ['tier'], [['acme', { tier: "'x" }]]],
    ['keys of a prototype', 'name,constructor\nacme,x', ['constructor'], [['acme', { constructor: 'x' }]]],
    ['a column with a delimiter and no known name', 'name,"owner, team"\nacme,x\n', [], [['acme', {}]]],
    ['columns without a name', 'name,,\nacme,x,y\n', [], [['acme', {}]]],
    ['no row', 'name\n', [], []],
  ])('reads %s', (_, text, labels, expected) => {
    expect(faults(text, labels)).toEqual([]);
    expect(rowsOf(text, labels)).toEqual(expected);
  });

  it.each<[string, string, string[], string[]]>([
    [
      'no column for names',
      'instance,tier\nacme,test\n',
      ['tier'],
      [
        'instance-table t.csv:1:1 the table has no column "name" | the first row must name the columns, one of them name',
      ],
    ],
    [
      'a column for names with another spelling',
      'Name\nacme\n',
      [],
      ['instance-table t.csv:1:1 the table has no column "name" | rename the column "Name" to name'],
    ],
    ...['Manifest', 'manifests', 'ｍａｎｉｆｅｓｔ', 'mani fest'].map(
      (column): [string, string, string[], string[]] => [
        `a column for manifests with another spelling (${column})`,
        `name,${column}\nacme,x.yaml\n`,
        [],
        [
          `instance-table t.csv:1:1 the column "${column}" of the table is not known | rename it to manifest; if it is something else, give it another name, and it is ignored`,
        ],
      ],
    ),
    ...['name;manifest,owner', 'name,manifest|owner', 'name;owner,Manifests'].map(
      (header): [string, string, string[], string[]] => {
        const cell = header.slice(5);
        return [
          `a column for manifests in the cell ${cell}`,
          `${header}\nacme;x.yaml,ana\n`,
          [],
          [
            `instance-table t.csv:1:1 the column "${cell}" of the table holds several columns, among them "manifest" | separate all cells with the same character: a comma, a semicolon or a tab; if it is one column, give it another name`,
          ],
        ];
      },
    ),
    [
      'a delimiter that no table has',
      'name|tier\nacme|test\n',
      ['tier'],
      [
        'instance-table t.csv:1:1 the column "name|tier" of the table holds several columns, among them "name" | separate all cells with the same character: a comma, a semicolon or a tab; if it is one column, give it another name',
      ],
    ],
    [
      'an empty file',
      '',
      [],
      [
        'instance-table t.csv:1:1 the table has no column "name" | the first row must name the columns, one of them name',
      ],
    ],
    [
      'a label without a column',
      'name,teir,x\nacme,test,y\n',
      ['tier', 'region'],
      [
        'instance-table fleet.yaml:1:1 the table "t.csv" has no column "tier" | did you mean "teir"?',
        'instance-table fleet.yaml:1:1 the table "t.csv" has no column "region" | its columns: "name", "teir", "x"',
      ],
    ],
    [
      'a duplicate column',
      'name,tier,tier\nacme,a,b\n',
      ['tier'],
      ['instance-table t.csv:1:1 two columns of the table are named "tier" | keep one of them'],
    ],
    [
      'rows without a name',
      'name,tier\n,test\nacme,test\n" ",prod\n',
      ['tier'],
      [
        'instance-table t.csv:2:1 line 2 of this table has no name | give the row a name, or remove it',
        'instance-table t.csv:4:1 line 4 of this table has no name | give the row a name, or remove it',
      ],
    ],
    [
      'a row with more cells than the header',
      'name,tier\nacme,test,eu\n',
      ['tier'],
      [
        'instance-table t.csv:2:1 line 2 of this table has more cells than the first row | quote cells that contain a separator',
      ],
    ],
    [
      'a quote that is not closed',
      'name,tier\nacme,"test\nglobex,test\n',
      ['tier'],
      [
        'instance-table t.csv:2:1 line 2 of this table is too long, or has a quote that is not closed | close the quote, or remove it',
      ],
    ],
    [
      'a quote within a cell',
      'name,tier\nacme,te"st\nglobex,test\n',
      ['tier'],
      [
        'instance-table t.csv:2:1 line 2 of this table has a quote in the middle of a cell | put the whole cell in quotes, and write each quote in it twice',
      ],
    ],
    [
      'a name over two lines',
      'name,tier\n"acme\nglobex",test\n',
      ['tier'],
      [
        'instance-table t.csv:2:1 line 2 of this table has a control character or a line break in a cell | write each row on one line, and close every quote',
      ],
    ],
    [
      'a manifest with a control character',
      'name,manifest\nacme,a\u0000b\n',
      [],
      [
        'instance-table t.csv:2:1 line 2 of this table has a control character or a line break in a cell | write each row on one line, and close every quote',
      ],
    ],
  ])('refuses %s', (_, text, labels, expected) => {
    expect(faults(text, labels)).toEqual(expected);
  });

  it('does not show the content of a file that is not a table of instances', () => {
    const secret = 'DOMO_ACCESS_TOKEN=s3cr3t';
    expect(JSON.stringify(read(`${secret}\n${secret}\n`))).not.toContain('s3cr3t');
  });

  it('has the place of every cell', () => {
    const [row] = read('name,tier,region\n\n"acme",test,eu\n').rows;
    const places = [row?.name, row?.labels.get('tier'), row?.labels.get('region')].map(
      (cell) => cell && [cell.at.line, cell.at.column],
    );
    expect(places).toEqual([
      [3, 1],
      [3, 8],
      [3, 13],
    ]);
  });

  it('counts the problems beyond the limit', () => {
    const found = faults(`name,tier\n${',x\n'.repeat(105)}`);
    expect(found).toHaveLength(102);
    expect(found.at(-1)).toBe('instance-table t.csv:102:1 this table has 5 more problems');
  });

  it('has equal sources for rows with equal labels and manifests', () => {
    const sourceOf = (text: string): string | undefined => read(text).rows[0]?.source;
    const plain = sourceOf('name,tier,region\nacme,test,eu\n');
    expect(sourceOf('region,name,tier,owner\neu,acme,test,Ana\n')).toBe(plain);
    expect(sourceOf('name,tier,region\nacme,test,us\n')).not.toBe(plain);
    expect(sourceOf('name,tier,region,manifest\nacme,test,eu,x.yaml\n')).not.toBe(plain);
  });

  it('reads what a CSV writer writes, including guarded cells', () => {
    const cell = fc.oneof(fc.stringMatching(LABEL_VALUE), fc.constant(''));
    const rows = fc.array(
      fc.tuple(fc.stringMatching(/^[a-z0-9]{1,8}$/u), cell, fc.string({ maxLength: 5 })),
      {
        maxLength: 5,
      },
    );
    const expectedOf = ([name, tier]: [string, string, string]): unknown => [
      name,
      tier === '' ? {} : { tier },
    ];
    const isPlain = (text: string): boolean => !/[\r\n]/u.test(text);
    fc.assert(
      fc.property(rows, fc.constantFrom(',', ';', '\t'), (all, delimiter) => {
        const wanted = all.map(expectedOf);
        const records = [['name', 'tier', 'other'], ...all.filter(([, , other]) => isPlain(other))];
        const same = wanted.filter((_, index) => isPlain(all[index]?.[2] ?? ''));
        expect(rowsOf(stringify(records, { delimiter }), ['tier'])).toEqual(same);
        expect(
          rowsOf(
            csvText(
              ['name', 'tier'],
              all.map(([name, tier]) => [name, tier]),
            ),
            ['tier'],
          ),
        ).toEqual(wanted);
      }),
      { numRuns: inputs(50) },
    );
  });
});
