import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { noFindings } from '../../../src/desired/findings.js';
import { describeUnmanaged, matchRoles } from '../../../src/desired/roles/match-roles.js';
import type { Manifest, ManifestRole } from '../../../src/manifest/manifest.js';
import { isSystemRole } from '../../../src/model/role.js';
import {
  anyManifest,
  anySnapshot,
  liveRole,
  loadedOf,
  person,
  snapshotOf,
  wantedRole,
} from '../../support/arbitraries.js';
import { codesOf } from '../../support/desired.js';
import { placeAt, withPlaces } from '../../support/places.js';

/** A wanted role in short: its name, its old names, its id. */
type Wanted = [name: string, old?: string[], id?: number];

interface Row {
  reason: string;
  roles: Wanted[];
  /** Names of live custom roles; ids are 100, 101, … */
  live: string[];
  removed?: string[];
  leftAlone?: string[];
  keys: Record<string, string>;
  codes?: string[];
  gone?: string[];
}

const ROWS: Row[] = [
  { reason: 'an exact name', roles: [['A']], live: ['A'], keys: { A: '#100' } },
  { reason: 'a name that is not live', roles: [['A']], live: ['B'], keys: { A: 'new:A' } },
  { reason: 'a system role', roles: [['Editor']], live: [], keys: { Editor: '#3' } },
  { reason: 'an id: the live name differs', roles: [['A', [], 100]], live: ['B'], keys: { A: '#100' } },
  { reason: 'an id before a name', roles: [['A', [], 101]], live: ['B', 'C'], keys: { A: '#101' } },
  {
    reason: 'an id whose role would get the name of another live role',
    roles: [['A', [], 101]],
    live: ['A', 'B'],
    keys: { A: '#101' },
    codes: ['ambiguous-name'],
  },
  {
    reason: 'an id that is not live',
    roles: [['A', [], 404]],
    live: ['A'],
    keys: {},
    codes: ['unknown-pin'],
  },
  { reason: 'the id of a system role', roles: [['A', [], 4]], live: [], keys: {}, codes: ['system-role'] },
  {
    reason: 'the id of a system role under its name',
    roles: [['Editor', [], 3]],
    live: [],
    keys: { Editor: '#3' },
  },
  {
    reason: 'two live roles of the name',
    roles: [['A']],
    live: ['A', 'A'],
    keys: { A: '#100' },
    codes: ['ambiguous-name'],
  },
  { reason: 'an id among two of the name', roles: [['A', [], 101]], live: ['A', 'A'], keys: { A: '#101' } },
  {
    reason: 'two of the name, one with an id elsewhere',
    roles: [['A'], ['B', [], 100]],
    live: ['A', 'A'],
    keys: { A: '#101', B: '#100' },
  },
  { reason: 'an old name', roles: [['A', ['B']]], live: ['B'], keys: { A: '#100' } },
  { reason: 'the second of two old names', roles: [['A', ['B', 'C']]], live: ['C'], keys: { A: '#100' } },
  {
    reason: 'two old names, both live',
    roles: [['A', ['B', 'C']]],
    live: ['B', 'C'],
    keys: { A: 'new:A' },
    codes: ['ambiguous-rename'],
  },
  {
    reason: 'the name and the old name, both live',
    roles: [['A', ['B']]],
    live: ['A', 'B'],
    keys: { A: '#100' },
    codes: ['ambiguous-rename'],
  },
  {
    reason: 'both live, and an id decides',
    roles: [['A', ['B'], 100]],
    live: ['A', 'B'],
    keys: { A: '#100' },
  },
  {
    reason: 'both live, and the manifest wants the old one',
    roles: [['A', ['B']], ['B']],
    live: ['A', 'B'],
    keys: { A: '#100', B: '#101' },
  },
  {
    reason: 'both live, and the old one is removed',
    roles: [['A', ['B']]],
    live: ['A', 'B'],
    removed: ['B'],
    keys: { A: '#100' },
    gone: ['#101'],
  },
  {
    reason: 'an old name that is removed: renamed',
    roles: [['A', ['B']]],
    live: ['B'],
    removed: ['B'],
    keys: { A: '#100' },
    gone: [],
  },
  { reason: 'an old name of a system role', roles: [['A', ['Editor']]], live: [], keys: { A: 'new:A' } },
  {
    reason: 'an old name that no live role has',
    roles: [['A', ['B']]],
    live: [],
    keys: { A: 'new:A' },
    codes: ['old-name-not-live'],
  },
  {
    reason: 'an old name that another role keeps',
    roles: [['A', ['B']], ['B']],
    live: ['B'],
    keys: { A: 'new:A', B: '#100' },
    codes: ['new-name-instead'],
  },
  {
    reason: 'an old name that another role gives up by its own old name',
    roles: [
      ['A', ['B']],
      ['B', ['C']],
    ],
    live: ['B', 'C'],
    keys: { A: '#100', B: '#101' },
  },
  {
    reason: 'a chain of three',
    roles: [
      ['A', ['B']],
      ['B', ['C']],
      ['C', ['D']],
    ],
    live: ['B', 'C', 'D'],
    keys: { A: '#100', B: '#101', C: '#102' },
  },
  {
    reason: 'an old name whose role would give it up, but its own old name is not live',
    roles: [
      ['A', ['B']],
      ['B', ['C']],
    ],
    live: ['B'],
    keys: { A: 'new:A', B: '#100' },
    codes: ['new-name-instead'],
  },
  {
    reason: 'a name that no taker needs: it is live itself',
    roles: [
      ['A', ['B']],
      ['B', ['C']],
    ],
    live: ['A', 'B', 'C'],
    keys: { A: '#100', B: '#101' },
    codes: ['ambiguous-rename'],
  },
  {
    reason: 'an old name that another role gives up by its id',
    roles: [
      ['A', ['B']],
      ['B', [], 101],
    ],
    live: ['B', 'C'],
    keys: { A: '#100', B: '#101' },
  },
  {
    reason: 'an old name of a role that its id keeps',
    roles: [
      ['A', ['B']],
      ['B', [], 100],
    ],
    live: ['B', 'C'],
    keys: { A: 'new:A', B: '#100' },
    codes: ['new-name-instead'],
  },
  {
    reason: 'an old name whose role another role pins',
    roles: [
      ['A', ['B']],
      ['C', [], 100],
    ],
    live: ['B'],
    keys: { A: 'new:A', C: '#100' },
    codes: ['new-name-instead'],
  },
  {
    reason: 'an old name of a role whose id is not live',
    roles: [
      ['A', ['B']],
      ['B', [], 404],
    ],
    live: ['B'],
    keys: { A: 'new:A' },
    codes: ['unknown-pin', 'new-name-instead'],
  },
  {
    reason: 'an old name whose role the taker names by id',
    roles: [['A', ['B'], 100], ['B']],
    live: ['B'],
    keys: { A: '#100', B: 'new:B' },
  },
  {
    reason: 'two names exchanged by id',
    roles: [
      ['A', ['B'], 101],
      ['B', ['A'], 100],
    ],
    live: ['A', 'B'],
    keys: { A: '#101', B: '#100' },
  },
  {
    reason: 'an old name whose role is left alone',
    roles: [['A', ['B']]],
    live: ['B'],
    leftAlone: ['B'],
    keys: { A: 'new:A' },
    codes: ['new-name-instead'],
  },
  {
    reason: 'an id whose role is left alone',
    roles: [['A', [], 100]],
    live: ['B'],
    leftAlone: ['B'],
    keys: { A: '#100' },
    codes: ['ambiguous-rename'],
  },
  {
    reason: 'a near name of a role that is left alone',
    roles: [['a']],
    live: ['A'],
    leftAlone: ['A'],
    keys: { a: 'new:a' },
  },
  {
    reason: 'a name that is left alone if only a near one is live',
    roles: [],
    live: ['A'],
    leftAlone: ['a'],
    keys: {},
    codes: ['ambiguous-name'],
  },
  { reason: 'a removed role', roles: [], live: ['A', 'B'], removed: ['A'], keys: {}, gone: ['#100'] },
  {
    reason: 'two removed roles of one name',
    roles: [],
    live: ['A', 'A'],
    removed: ['A'],
    keys: {},
    gone: ['#100', '#101'],
  },
  { reason: 'a removed name that is not live', roles: [], live: ['A'], removed: ['B'], keys: {}, gone: [] },
  { reason: 'a removed name of a system role', roles: [], live: [], removed: ['Editor'], keys: {}, gone: [] },
  {
    reason: 'a removed role that an id keeps',
    roles: [['B', [], 100]],
    live: ['A'],
    removed: ['A'],
    keys: { B: '#100' },
    gone: [],
  },
  {
    reason: 'a name that only resembles a live one',
    roles: [['a']],
    live: ['A'],
    keys: { a: 'new:a' },
    codes: ['ambiguous-name'],
  },
];

function manifestOf({
  roles,
  removed = [],
  leftAlone = [],
}: Pick<Row, 'roles' | 'removed' | 'leftAlone'>): Partial<Manifest> {
  return {
    roles: roles.map(([name, renamedFrom = [], id = null]): ManifestRole =>
      wantedRole(name, { renamedFrom, id }),
    ),
    removed,
    leftAlone,
  };
}

describe('matchRoles', () => {
  it.each(ROWS)('$reason', (row) => {
    const { live, keys, codes = [], gone = [], leftAlone = [] } = row;
    const snapshot = snapshotOf({ custom: live.map((name, index) => liveRole(100 + index, name)) });
    const findings = noFindings();
    const match = matchRoles(loadedOf(manifestOf(row)), snapshot.roles, findings);
    expect(Object.fromEntries(match.keys)).toEqual(keys);
    expect([...match.removed]).toEqual(gone);
    expect(codesOf(findings)).toEqual(codes);
    const used = new Set([...match.keys.values(), ...match.removed]);
    const rest = snapshot.roles.filter(
      ({ id, name }) => !isSystemRole(id) && !used.has(`#${id}`) && !leftAlone.includes(name),
    );
    expect(match.unmanaged).toEqual(rest);
  });

  it.each<[string, Wanted, string[], object]>([
    [
      'unknown-pin of a name that is not live',
      ['A', [], 404],
      [],
      {
        message: 'role "A" is pinned to id 404, which is not a live role',
        hint: 'an id never creates a role; remove it to have the role created',
        where: placeAt('roles', 'A', 'id'),
      },
    ],
    ['unknown-pin of a live name', ['A', [], 404], ['A'], { hint: 'the live role of that name has id 100' }],
    [
      'system-role',
      ['A', [], 4],
      [],
      {
        message: 'id 4 is the system role "Participant", which cannot be renamed to "A"',
        where: placeAt('roles', 'A', 'id'),
      },
    ],
  ])('reports %s', (_, wanted, live, problem) => {
    const findings = noFindings();
    const roles = live.map((name, index) => liveRole(100 + index, name));
    const snapshot = snapshotOf({ custom: roles });
    matchRoles(withPlaces(loadedOf(manifestOf({ roles: [wanted] }))), snapshot.roles, findings);
    expect(findings.problems).toMatchObject([problem]);
  });

  it.each<[string, Wanted[], string[], object]>([
    [
      'the live roles of one name',
      [['A']],
      ['A', 'A'],
      {
        message: '2 live roles are named "A"',
        items: ['A (id 100)', 'A (id 101)'],
        hint: 'pin the one you mean with `id:`',
      },
    ],
    [
      'the live roles of several old names',
      [['A', ['B', 'C']]],
      ['B', 'C'],
      {
        message: 'role "A" could be any of 2 live roles',
        items: ['B (id 100)', 'C (id 101)'],
        hint: 'pin the one you mean with `id:`, or put the other name under `removed`',
      },
    ],
    [
      'the live roles of the name and of old names',
      [['A', ['B', 'C']]],
      ['A', 'B', 'C'],
      { message: 'role "A" could be any of 3 live roles' },
    ],
  ])('lists %s in the refusal', (_, roles, live, refusal) => {
    const findings = noFindings();
    const all = live.map((name, index) => liveRole(100 + index, name));
    matchRoles(loadedOf(manifestOf({ roles })), all, findings);
    expect(findings.refusals).toMatchObject([refusal]);
  });

  it('warns of a kept old name at its place, and suggests the id', () => {
    const findings = noFindings();
    const roles: Wanted[] = [['A', ['B']], ['B']];
    matchRoles(withPlaces(loadedOf(manifestOf({ roles }))), [liveRole(100, 'B')], findings);
    expect(findings.warnings).toMatchObject([
      {
        message: 'role "A" is created: the manifest gives its old name "B" to another role, which keeps it',
        where: placeAt('roles', 'A', 'renamedFrom', 'B'),
        hint: 'pin the live role with `id: 100` to have it renamed instead',
      },
    ]);
  });

  it('gives every wanted role a unique key', () => {
    fc.assert(
      fc.property(anyManifest, anySnapshot, (loaded, snapshot) => {
        const { keys, removed } = matchRoles(loaded, snapshot.roles, noFindings());
        expect([...keys.keys()].sort()).toEqual(loaded.manifest.roles.map(({ name }) => name).sort());
        expect(new Set(keys.values()).size).toBe(keys.size);
        for (const key of keys.values()) expect(removed.has(key)).toBe(false);
      }),
    );
  });
});

describe('describeUnmanaged', () => {
  const roles = [
    { ...liveRole(101, 'B', ['a.view', 'b.view']), userCount: 9 },
    { ...liveRole(100, 'A'), userCount: null },
  ];
  const list = [person(10, 101), person(11, 101, 'pending'), person(12, 101, 'support'), person(13, 4)];

  it.each([
    ['all', 0, 2],
    ['admins', null, 9],
  ] as const)('counts people by what was read (%s), in the order of names', (scope, a, b) => {
    const snapshot = { ...snapshotOf({}), people: { scope, list } };
    expect(describeUnmanaged(roles, snapshot)).toEqual([
      { id: 100, name: 'A', people: a, grants: 0 },
      { id: 101, name: 'B', people: b, grants: 2 },
    ]);
  });
});
