import { describe, expect, it } from '@jest/globals';
import { resolveGrants } from '../../../src/desired/grants/resolve-grants.js';
import type { ResolvedGrants } from '../../../src/desired/grants/resolve-grants.js';
import type { ManifestRole } from '../../../src/manifest/manifest.js';
import type { RoleKey } from '../../../src/model/role.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import { liveRole, snapshotOf, wantedRole } from '../../support/arbitraries.js';
import { codesOf, contextOf, grantsMap } from '../../support/desired.js';
import { placeAt } from '../../support/places.js';

const LIVE = snapshotOf({
  custom: [
    liveRole(100, 'A', ['a.edit', 'a.view']),
    liveRole(101, 'B', ['b.view']),
    liveRole(102, 'C', ['c.use']),
  ],
});

interface Resolved extends ResolvedGrants {
  codes: string[];
  problems: readonly object[];
}

function resolved(
  roles: readonly ManifestRole[],
  accepted: readonly string[] = [],
  live: Snapshot = LIVE,
): Resolved {
  const context = contextOf({ roles }, live);
  const input = { ...context, live: context.live.roles, accepted: (name: string) => accepted.includes(name) };
  const found = resolveGrants(input);
  return { ...found, codes: codesOf(context.findings), problems: context.findings.problems };
}

const exact = (name: string, ...add: string[]): ManifestRole =>
  wantedRole(name, { grants: grantsMap({ add }) });
const additive = (name: string, ...add: string[]): ManifestRole =>
  wantedRole(name, { grants: grantsMap({ mode: 'additive', add }) });
const from = (name: string, ...roles: string[]): ManifestRole =>
  wantedRole(name, { grants: grantsMap({ from: roles }) });

describe('resolveGrants', () => {
  it.each<[string, ManifestRole[], RoleKey, string[]]>([
    ['a role that is not in the manifest', [], '#100', ['a.edit', 'a.view']],
    ['a role whose grants are not managed', [wantedRole('A')], '#100', ['a.edit', 'a.view']],
    ['an exact list', [exact('A', 'b.view')], '#100', ['b.view']],
    ['an empty exact list', [exact('A')], '#100', []],
    ['an exact list that is live', [exact('A', 'a.edit', 'a.view')], '#100', ['a.edit', 'a.view']],
    ['an additive list', [additive('A', 'b.view')], '#100', ['a.edit', 'a.view', 'b.view']],
    [
      'remove in an additive list: it only affects the grants of the list itself',
      [
        wantedRole('A', {
          grants: grantsMap({ mode: 'additive', add: ['b.view'], remove: ['a.view', 'b.view'] }),
        }),
      ],
      '#100',
      ['a.edit', 'a.view'],
    ],
    ['the list of a live role', [from('A', 'B')], '#100', ['b.view']],
    [
      'the list of a role in the manifest, as it will be',
      [from('A', 'B'), exact('B', 'c.use')],
      '#100',
      ['c.use'],
    ],
    [
      'the list of an additive role with all that it keeps',
      [from('A', 'B'), additive('B', 'c.use')],
      '#100',
      ['b.view', 'c.use'],
    ],
    ['a chain', [from('A', 'B'), from('B', 'C'), exact('C', 'b.export')], '#100', ['b.export']],
    ['a cycle: the live grants are used', [from('A', 'B'), from('B', 'A')], '#100', ['a.edit', 'a.view']],
    ['a new role without grants: those of Social', [wantedRole('New')], 'new:New', ['c.use']],
    ['a new role with an exact list', [exact('New', 'a.view')], 'new:New', ['a.view']],
    ['a new role with an additive list', [additive('New', 'a.view')], 'new:New', ['a.view', 'c.use']],
    ['a new role based on a live one', [wantedRole('New', { basedOn: 'B' })], 'new:New', ['b.view']],
    [
      'a new role based on one that changes',
      [wantedRole('New', { basedOn: 'B' }), exact('B', 'b.export')],
      'new:New',
      ['b.export'],
    ],
    [
      'a new additive role based on a live one',
      [{ ...additive('New', 'a.view'), basedOn: 'B' }],
      'new:New',
      ['a.view', 'b.view'],
    ],
    [
      'a new role based on an unknown one: those of Social',
      [wantedRole('New', { basedOn: 'Gone' })],
      'new:New',
      ['c.use'],
    ],
  ])('%s', (_, roles, key, list) => {
    expect(resolved(roles).grants.get(key)).toEqual(list);
  });

  it('leaves a role with an accepted difference unchanged, but not a new role', () => {
    expect(resolved([exact('A', 'b.view')], ['A']).grants.get('#100')).toEqual(['a.edit', 'a.view']);
    expect(resolved([exact('New', 'b.view')], ['New']).grants.get('new:New')).toEqual(['b.view']);
  });

  it('reports an unknown base at its place', () => {
    expect(resolved([wantedRole('New', { basedOn: 'Gone' })]).problems).toMatchObject([
      { code: 'unknown-role', where: placeAt('roles', 'New', 'basedOn') },
    ]);
  });

  it('warns about grants without their dependencies', () => {
    expect(resolved([exact('B', 'a.edit')]).codes).toEqual(['missing-dependency']);
  });
});

describe('grants that the list itself needs', () => {
  const live = snapshotOf({ custom: [liveRole(100, 'A', ['a.edit', 'a.view']), liveRole(101, 'B')] });

  it.each<[string, ManifestRole[], string[], object[]]>([
    [
      'are kept, and listed with the grants that need them',
      [exact('A', 'a.edit')],
      ['a.edit', 'a.view'],
      [{ role: 'A', grants: [{ grant: 'a.view', neededBy: ['a.edit'] }] }],
    ],
    ['are removed if another grant is added', [exact('A', 'a.edit', 'b.view')], ['a.edit', 'b.view'], []],
    ['do not include grants that nothing needs', [exact('A', 'a.view')], ['a.view'], []],
    ['are none if the list equals the live one', [exact('A', 'a.edit', 'a.view')], ['a.edit', 'a.view'], []],
    ['are kept by additive lists like all others', [additive('A', 'a.edit')], ['a.edit', 'a.view'], []],
  ])('%s', (_, roles, list, retained) => {
    const found = resolved(roles, [], live);
    expect(found.grants.get('#100')).toEqual(list);
    expect(found.retained).toEqual(retained);
  });

  it('are not removed for a grant that no grant in the list needs', () => {
    const more = snapshotOf({ custom: [liveRole(100, 'A', ['a.edit', 'a.view', 'c.use'])] });
    const found = resolved([exact('A', 'a.edit')], [], more);
    expect(found.grants.get('#100')).toEqual(['a.edit']);
    expect(found.retained).toEqual([]);
  });

  it('are not inherited by other roles', () => {
    expect(resolved([exact('A', 'a.edit'), from('B', 'A')], [], live).grants.get('#101')).toEqual(['a.edit']);
  });

  it('are inherited from an additive role, which passes on everything it holds', () => {
    const roles = [additive('A', 'a.edit'), from('B', 'A')];
    expect(resolved(roles, [], live).grants.get('#101')).toEqual(['a.edit', 'a.view']);
  });

  it('are listed by role', () => {
    const both = snapshotOf({
      custom: [liveRole(100, 'Z', ['a.edit', 'a.view']), liveRole(101, 'B', ['b.edit', 'b.view'])],
    });
    const found = resolved([exact('Z', 'a.edit'), exact('B', 'b.edit')], [], both);
    expect(found.retained.map(({ role }) => role)).toEqual(['B', 'Z']);
  });
});

describe('the initial grants of a new role', () => {
  it.each<[string, ManifestRole[], [number, string[]]]>([
    ['Social', [wantedRole('New')], [5, ['c.use']]],
    ['Social, under an exact list too', [exact('New', 'a.view')], [5, ['c.use']]],
    ['the live role that it is based on', [wantedRole('New', { basedOn: 'B' })], [101, ['b.view']]],
    [
      'the same under a new name',
      [wantedRole('New', { basedOn: 'B2' }), wantedRole('B2', { id: 101 })],
      [101, ['b.view']],
    ],
    [
      'Social, where the base changes',
      [wantedRole('New', { basedOn: 'B' }), exact('B', 'c.use', 'b.view')],
      [5, ['c.use']],
    ],
    [
      'Social, where the base is new',
      [wantedRole('New', { basedOn: 'Base' }), exact('Base', 'b.view')],
      [5, ['c.use']],
    ],
    ['Social, where the base is unknown', [wantedRole('New', { basedOn: 'Gone' })], [5, ['c.use']]],
  ])('is %s', (_, roles, [id, grants]) => {
    const start = resolved(roles).starts.get('new:New');
    expect([start?.from.id, start?.grants]).toEqual([id, grants]);
  });

  it('is any live role, without counting its grants, on an instance without Social', () => {
    const bare = { ...LIVE, roles: LIVE.roles.filter(({ id }) => id !== 5) };
    const start = resolved([wantedRole('New')], [], bare).starts.get('new:New');
    expect([start?.from.id, start?.grants]).toEqual([1, []]);
  });

  it('is known only for new roles', () => {
    expect([...resolved([exact('A', 'a.view'), exact('New')]).starts.keys()]).toEqual(['new:New']);
  });
});

describe('a role that takes the list of a role that is based on it', () => {
  const based = (name: string, basedOn: string, grants: ManifestRole['grants'] = null): ManifestRole =>
    wantedRole(name, { basedOn, grants });
  const FIXED = grantsMap({ add: ['a.view'] });

  // The order of names must not decide.
  it.each<[string, string, RoleKey]>([
    ['New', 'Other', 'new:Other'],
    ['Other', 'New', 'new:New'],
    ['New', 'C', '#102'],
  ])('holds all of it, if the list is exact and the start has no effect (%s, %s)', (name, source, key) => {
    const { grants, problems } = resolved([based(name, source, FIXED), from(source, name)]);
    expect([problems, grants.get(key)]).toEqual([[], ['a.view']]);
  });

  it('is refused if its list needs the start of the new role, and the start needs its list', () => {
    const { problems } = resolved([based('New', 'C'), from('C', 'New')]);
    expect(problems).toMatchObject([{ code: 'from-cycle' }]);
  });
});
