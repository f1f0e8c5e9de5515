import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ProblemError } from '../../src/problem/problem.js';
import { catalogueFrom, grantsFrom } from '../../src/routes/parse-catalogue.js';
import { accountFrom, meFrom, memberIdsFrom, personFrom } from '../../src/routes/parse-people.js';
import { rolesFrom } from '../../src/routes/parse-roles.js';
import { allowlistFrom, defaultRoleFrom } from '../../src/routes/parse-settings.js';
import { idFrom } from '../../src/routes/parse-values.js';
import { inputs } from '../support/law.js';

/** The code of the problem that a function raises; null if it raises none. */
function codeOf(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof ProblemError) return error.problems[0]?.code ?? '';
    throw error;
  }
}

describe('an id', () => {
  it.each<[unknown, number]>([
    [7, 7],
    ['7', 7],
    ['810756122', 810756122],
    ['007', 7],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ])('%j is %i', (value, id) => {
    expect(idFrom(value, 'it')).toBe(id);
  });

  it.each([
    0,
    -1,
    1.5,
    NaN,
    2 ** 53,
    '9007199254740993',
    '1e3',
    ' 7',
    '',
    'x',
    null,
    undefined,
    true,
    [7],
    {},
    '0',
  ])('%j is none', (value) => {
    expect(codeOf(() => idFrom(value, 'it'))).toBe('bad-answer');
  });
});

describe('roles', () => {
  it('are sorted, with ids as numbers, trimmed descriptions and empty text for null', () => {
    expect(
      rolesFrom([
        { id: '20', name: ' B ', description: null, authorityCount: '4', userCount: -1 },
        { id: 3, name: 'A', description: ' d \n', userCount: 0, extra: { __proto__: null } },
      ]),
    ).toEqual([
      { id: 3, name: 'A', description: 'd', userCount: 0, grantCount: null },
      { id: 20, name: ' B ', description: '', userCount: null, grantCount: 4 },
    ]);
  });

  it('may have a name of blanks, since one such role must not hide all others', () => {
    expect(rolesFrom([{ id: 2, name: ' \t' }]).map(({ name }) => name)).toEqual([' \t']);
  });

  it.each([
    [[{ id: 1, name: null }]],
    [[{ name: 'A' }]],
    [[{ id: 1, name: 'A', description: 5 }]],
    [[{ id: 1, name: '' }]],
    [
      [
        { id: 1, name: 'A' },
        { id: '1', name: 'B' },
      ],
    ],
  ])('that are invalid are a bad answer: %j', (wire) => {
    expect(codeOf(() => rolesFrom(wire))).toBe('bad-answer');
  });
});

describe('the catalogue', () => {
  it('is sorted, has empty values for what older instances leave out, and yields the matrix', () => {
    const { catalogue, matrix } = catalogueFrom([
      {
        authority: 'b',
        title: 'B',
        authorityUIGroup: 'DATA',
        roleIds: ['1', 2, 2],
        dependsOnAuthorities: ['z', 'a', 'a'],
        dependsOnFeature: 'y x',
        adminLevel: false,
      },
      { authority: 'a', roleIds: [2] },
      { authority: 'a', title: 'again', roleIds: [3] },
      { authority: '__proto__', roleIds: null, dependsOnFeature: ['f', null], adminLevel: 'true' },
    ]);
    const empty = { group: '', dependsOn: [], adminLevel: null, features: [] };
    expect(catalogue).toEqual([
      { ...empty, grant: '__proto__', title: '__proto__', features: ['f'], adminLevel: true },
      { ...empty, grant: 'a', title: 'a' },
      {
        grant: 'b',
        title: 'B',
        group: 'DATA',
        dependsOn: ['a', 'z'],
        adminLevel: false,
        features: ['x', 'y'],
      },
    ]);
    expect(matrix).toEqual(
      new Map([
        [1, ['b']],
        [2, ['a', 'b']],
        [3, ['a']],
      ]),
    );
  });

  it('of an older instance has the known dependencies, and of others only its own', () => {
    const alert = { authority: 'alert.actions', roleIds: [1] };
    const dependencies = (...wire: Parameters<typeof catalogueFrom>[0][number][]): string[][] =>
      catalogueFrom(wire).catalogue.map(({ dependsOn }) => [...dependsOn]);
    expect(dependencies(alert)).toEqual([['alert.edit']]);
    expect(dependencies({ ...alert, dependsOnAuthorities: null })).toEqual([['alert.edit']]);
    expect(dependencies({ ...alert, dependsOnAuthorities: [] })).toEqual([[]]);
    expect(dependencies(alert, { authority: 'b', roleIds: [1], dependsOnAuthorities: [] })).toEqual([[], []]);
  });

  it.each([
    [[{ authority: 'a' }, { authority: 'b' }]],
    [[{ authority: '', roleIds: [] }]],
    [
      [
        { authority: 'a', roleIds: 'all' },
        { authority: 'b', roleIds: [] },
      ],
    ],
    [[{ authority: 'a', roleIds: [null] }]],
    [[{ authority: 'a', roleIds: [1], dependsOnAuthorities: [5] }]],
    [[{ authority: 'a', roleIds: [1], title: 5 }]],
    [[{ authority: 'a', roleIds: [1] }, { authority: 'b' }]],
    [[{ authority: 'a', roleIds: [1], adminLevel: 'yes' }]],
    [[{ authority: 'a', roleIds: [1], adminLevel: [] }]],
  ])('that cannot be relied on is a bad answer: %j', (wire) => {
    expect(codeOf(() => catalogueFrom(wire))).toBe('bad-answer');
  });

  it('may be empty', () => {
    expect(catalogueFrom([])).toEqual({ catalogue: [], matrix: new Map() });
  });
});

describe('a person', () => {
  const wire = (flags: Record<string, unknown>, rest: object = {}): Record<string, unknown> => ({
    id: '5',
    displayName: 'Ana',
    emailAddress: ' Ana@ACME.com ',
    attributes: Object.entries({ roleId: [2], ...flags }).map(([key, values]) => ({ key, values })),
    ...rest,
  });

  it('has a number, an address in lower case and a role', () => {
    expect(personFrom(wire({ isActive: [true] }))).toEqual({
      id: 5,
      email: 'ana@acme.com',
      name: 'Ana',
      roleId: 2,
      kind: 'active',
    });
  });

  it.each<[string, Record<string, unknown>, string | null]>([
    ['no flag', {}, 'active'],
    ['active', { isActive: [true] }, 'active'],
    ['active as text', { isActive: ['true'] }, 'active'],
    ['active, bare', { isActive: 'TRUE' }, 'active'],
    ['not active', { isActive: [false] }, null],
    ['not active as text', { isActive: ['false'] }, null],
    ['pending', { isActive: [false], isPending: [true] }, 'pending'],
    ['pending as text', { isActive: ['false'], isPending: ['True'] }, 'pending'],
    ['system', { isSystemUser: [true], isActive: [true] }, 'system'],
    ['system, not active', { isSystemUser: ['true'], isActive: [false] }, 'system'],
    ['system and pending', { isSystemUser: [true], isPending: [true] }, 'system'],
    ['empty lists', { isActive: [], isPending: [], isSystemUser: [] }, 'active'],
    ['nulls', { isActive: null, isPending: [null] }, 'active'],
    ['numbers', { isActive: [1], isPending: ['0'], isSystemUser: [0] }, 'active'],
  ])('with these flags: %s, is %#', (_, flags, kind) => {
    expect(personFrom(wire(flags))?.kind ?? null).toBe(kind);
  });

  it('is a support account if only a search for support accounts finds them', () => {
    expect(personFrom(wire({}), 'support')?.kind).toBe('support');
    expect(personFrom(wire({ isSystemUser: [true] }), 'support')?.kind).toBe('system');
    expect(personFrom(wire({ isPending: [true] }), 'support')?.kind).toBe('support');
  });

  it('may have flags and role as top-level keys', () => {
    expect(personFrom({ id: 5, roleId: '7', isPending: true, isActive: false })).toEqual({
      id: 5,
      email: null,
      name: '',
      roleId: 7,
      kind: 'pending',
    });
  });

  it('may have an attribute twice with the same value', () => {
    const attributes = ['roleId', 'roleId', 'title'].map((key) => ({ key, values: [7] }));
    expect(personFrom({ id: 5, attributes })?.roleId).toBe(7);
  });

  it('has the kind gone if the account is deleted', () => {
    expect(accountFrom(wire({ isActive: [false] }), 'active')).toEqual({ id: 5, kind: 'gone' });
  });

  it('is listed by id in a role', () => {
    expect(memberIdsFrom([{ userId: 9 }, { userId: 3 }], 7)).toEqual([3, 9]);
  });

  it('without a role is a bad response, unless it is a system account', () => {
    expect(codeOf(() => personFrom({ id: 5 }))).toBe('bad-answer');
    expect(codeOf(() => personFrom(wire({ roleId: ['x'] })))).toBe('bad-answer');
    expect(personFrom({ id: 5, isSystemUser: true })).toBeNull();
  });
});

describe('settings, grants and the acting person', () => {
  it('have an allowlist of sorted ids, off or unreadable', () => {
    const list = (allowlistRoleIds: unknown) => allowlistFrom({ allowlistRoleIds });
    expect(list(null)).toBe('off');
    expect(list(undefined)).toBe('unreadable');
    expect(allowlistFrom(null)).toBe('unreadable');
    expect(list(['7', 3, 7])).toEqual([3, 7]);
    expect(codeOf(() => list('all'))).toBe('bad-answer');
    expect(codeOf(() => list([null]))).toBe('bad-answer');
  });

  it('have a default role, which a response may lack', () => {
    expect(defaultRoleFrom({ defaultRoleId: '7' })).toBe(7);
    expect(defaultRoleFrom({ defaultRoleId: null })).toBeNull();
    expect(defaultRoleFrom(null)).toBeNull();
    expect(codeOf(() => defaultRoleFrom({ defaultRoleId: 'x' }))).toBe('bad-answer');
  });

  it('have a sorted list of grants without duplicates', () => {
    expect(grantsFrom(['b', 'a', 'b'], 'it')).toEqual(['a', 'b']);
    expect(codeOf(() => grantsFrom(['a', 1], 'it'))).toBe('bad-answer');
    expect(codeOf(() => grantsFrom('a', 'it'))).toBe('bad-answer');
  });

  it('have an acting person under any of the known keys', () => {
    expect(meFrom({ id: 1, displayName: 'A', userName: 'A@b.c' })).toEqual({
      id: 1,
      email: 'a@b.c',
      name: 'A',
    });
    expect(meFrom({ id: 1, userName: 'ana' })).toEqual({ id: 1, email: null, name: '' });
  });
});

describe('an arbitrary response', () => {
  const wire = fc.array(
    fc.dictionary(
      fc.constantFrom(
        'id',
        'name',
        'description',
        'authority',
        'roleIds',
        'title',
        'attributes',
        'roleId',
        'isActive',
        'dependsOnFeature',
        '__proto__',
      ),
      fc.jsonValue(),
    ),
    { maxLength: 4 },
  );
  it('yields a value or a bad-answer problem, never another error', () => {
    const functions = [
      rolesFrom,
      catalogueFrom,
      (list: Record<string, unknown>[]) => list.map((one) => personFrom(one)),
      (list: Record<string, unknown>[]) => list.map(meFrom),
    ];
    fc.assert(
      fc.property(wire, (list) => {
        for (const clean of functions) expect([null, 'bad-answer']).toContain(codeOf(() => clean(list)));
      }),
      { numRuns: inputs(200) },
    );
  });
});

describe('an unexpected value', () => {
  const grant = { authority: 'a.b', roleIds: [1] };
  const somebody = { id: 7, roleId: 4 };
  const withAttributes = (key: string, ...values: unknown[]): Record<string, unknown> => ({
    ...somebody,
    attributes: values.map((value) => ({ key, values: [value] })),
  });
  it.each<[string, () => unknown]>([
    ['the title of grant a.b is not text', () => catalogueFrom([{ ...grant, title: 7 }])],
    ['the group of grant a.b is not text', () => catalogueFrom([{ ...grant, authorityUIGroup: {} }])],
    [
      'the dependencies of grant a.b are not a list',
      () => catalogueFrom([{ ...grant, dependsOnAuthorities: 'x' }]),
    ],
    [
      'the dependencies of grant a.b contain something that is not a grant',
      () => catalogueFrom([{ ...grant, dependsOnAuthorities: [7] }]),
    ],
    ['the features of grant a.b is not text', () => catalogueFrom([{ ...grant, dependsOnFeature: [7] }])],
    [
      'the roles of grant a\\u{1b} are not a list',
      () => catalogueFrom([grant, { authority: 'a\u001b', roleIds: 7 }]),
    ],
    ['the role of person 7 has an invalid id', () => personFrom({ id: 7, roleId: 'x' })],
    [
      'the admin level of grant a.b is neither true nor false',
      () => catalogueFrom([{ ...grant, adminLevel: 2 }]),
    ],
    ['grant a.c does not list the roles that hold it', () => catalogueFrom([grant, { authority: 'a.c' }])],
    ...['', 'yes', 2, [], {}, [true, false]].map((value): [string, () => unknown] => [
      'isSystemUser of person 7',
      () => personFrom({ ...somebody, attributes: [{ key: 'isSystemUser', values: [value] }] }),
    ]),
    ['isPending of person 7 has two values', () => personFrom(withAttributes('isPending', true, false))],
    ['roleId of person 7 has two values', () => personFrom(withAttributes('roleId', 4, 1))],
    [
      'roleId of person 7 has two values',
      () => personFrom({ ...somebody, attributes: [{ key: 'roleId', values: [4, 1] }] }),
    ],
    [
      'the attributes of person 7 are not a list',
      () => personFrom({ ...somebody, attributes: 'isSystemUser' }),
    ],
    ['an attribute of person 7 has no key', () => personFrom({ ...somebody, attributes: ['isSystemUser'] })],
    [
      'an attribute of person 7 has no key',
      () => personFrom({ ...somebody, attributes: [{ key: 7, values: [true] }] }),
    ],
    ['the address of person 7 is not text', () => personFrom({ ...somebody, emailAddress: 7 })],
    ['the name of person 7 is not text', () => personFrom({ ...somebody, displayName: ['Ana'] })],
    ['the address of the acting person is not text', () => meFrom({ id: 7, emailAddress: {} })],
    ['the name of the acting person is not text', () => meFrom({ id: 7, displayName: true })],
  ])('is named: %s', (text, work) => {
    expect(work).toThrow(text);
  });
});
