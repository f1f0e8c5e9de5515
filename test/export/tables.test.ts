import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matrixCsv, peopleCsv } from '../../src/export/tables.js';
import { isOrdinary } from '../../src/model/person.js';
import { liveRole, person, snapshotOf } from '../support/arbitraries.js';
import { inputs } from '../support/law.js';
import { readCsv, withoutGuard } from '../support/read-csv.js';
import { hostileSnapshot } from './hostile.js';
import { instanceOfSize } from './support.js';

const SMALL = snapshotOf({
  custom: [liveRole(100, '=Team', ['a.view', 'not.listed']), liveRole(101, 'Zoo', [])],
  persons: [
    { ...person(7, 100), name: 'Silva, "A"' },
    person(8, 3, 'pending'),
    person(9, 3, 'support'),
    person(10, 3, 'system'),
    { ...person(11, 100), email: null },
  ],
});

describe('people as CSV', () => {
  it('are a row for each active or pending person, by address', () => {
    expect(peopleCsv(SMALL)).toBe(
      [
        'email,name,id,role,account',
        ",P 11,11,'=Team,active",
        'p1@acme.com,P 1,1,Admin,active',
        `p7@acme.com,"Silva, ""A""",7,'=Team,active`,
        'p8@acme.com,P 8,8,Editor,pending',
        '',
      ].join('\n'),
    );
  });

  it('contain only people of the selected roles', () => {
    expect(readCsv(peopleCsv(SMALL, { only: ['Editor'] })).map(([email]) => email)).toEqual([
      'email',
      'p8@acme.com',
    ]);
    expect(() => peopleCsv(SMALL, { only: ['Editr'] })).toThrow('there is no role "Editr"');
  });
});

describe('owners in a table', () => {
  const owners = new Map([[100, '=ops']]);

  it('are a column at the end of the people, empty for a role without one', () => {
    const [head, ...rows] = readCsv(peopleCsv(SMALL, { owners }));
    expect(head).toEqual(['email', 'name', 'id', 'role', 'account', 'owner']);
    expect(rows.map((row) => [row[2], row[5]])).toEqual([
      ['11', "'=ops"],
      ['1', ''],
      ['7', "'=ops"],
      ['8', ''],
    ]);
  });

  it('are a column after the role in the matrix', () => {
    const rows = readCsv(matrixCsv(SMALL, { owners, only: ['=Team', 'Zoo'] }));
    expect(rows.map((row) => row.slice(0, 2))).toEqual([
      ['role', 'owner'],
      ["'=Team", "'=ops"],
      ['Zoo', ''],
    ]);
    expect(new Set(rows.map(({ length }) => length)).size).toBe(1);
  });

  it('are no column without a manifest', () => {
    expect(peopleCsv(SMALL, { owners: null })).toBe(peopleCsv(SMALL));
    expect(matrixCsv(SMALL, { owners: null })).toBe(matrixCsv(SMALL));
  });
});

describe('roles and grants as CSV', () => {
  it('are a row for each role and a column for each grant, listed or held', () => {
    const [head, ...rows] = readCsv(matrixCsv(SMALL));
    expect(head).toEqual(['role', ...[...SMALL.catalogue.map(({ grant }) => grant), 'not.listed'].sort()]);
    expect(rows.map(([role]) => role)).toEqual([
      'Admin',
      'Privileged',
      'Editor',
      'Participant',
      'Social',
      "'=Team",
      'Zoo',
    ]);
    const team = rows[5]?.flatMap((cell, at) => (cell === 'x' ? [head?.[at]] : []));
    expect(team).toEqual(['a.view', 'not.listed']);
    expect(new Set(rows.flatMap(([, ...cells]) => cells))).toEqual(new Set(['x', '']));
  });

  it('distinguish roles with the same name', () => {
    const twins = snapshotOf({ custom: [liveRole(100, 'Twin'), liveRole(101, 'Twin')] });
    expect(readCsv(matrixCsv(twins, { only: ['Twin'] })).map(([role]) => role)).toEqual([
      'role',
      'Twin (id 100)',
      'Twin (id 101)',
    ]);
  });
});

describe('a table of any instance', () => {
  it('contains all people with their roles, and all roles with their grants', () => {
    fc.assert(
      fc.property(hostileSnapshot, (snapshot) => {
        const [, ...people] = readCsv(peopleCsv(snapshot));
        const ordinary = snapshot.people.list.filter(isOrdinary);
        expect(people.map(([, , id]) => Number(id)).sort((a, b) => a - b)).toEqual(
          ordinary.map(({ id }) => id).sort((a, b) => a - b),
        );
        const [head = [], ...rows] = readCsv(matrixCsv(snapshot));
        expect(rows).toHaveLength(snapshot.roles.length);
        for (const row of rows) expect(row).toHaveLength(head.length);
        // The first cell is the name of the role, which may be "x" as well.
        const held = rows.flatMap(([, ...cells]) => cells.filter((cell) => cell === 'x'));
        const grants = snapshot.roles.flatMap((role) => [...new Set(role.grants)]);
        expect(held).toHaveLength(grants.length);
        expect(head.slice(1).map(withoutGuard)).toEqual(expect.arrayContaining(['authorization.roles']));
      }),
      { numRuns: inputs(30) },
    );
  });

  it('is written quickly for a large one', () => {
    const large = instanceOfSize({ roles: 300, people: 3000 });
    expect(readCsv(matrixCsv(large)).length).toBeGreaterThan(300);
    expect(readCsv(peopleCsv(large)).length).toBeGreaterThan(2000);
  });
});
