import { describe, expect, it } from '@jest/globals';
import { composeGrants, addsOnly } from '../../../src/desired/grants/compose-grants.js';
import { UNKNOWN_GRANT } from '../../../src/manifest/rules/against-catalogue.js';
import type { ManifestGrants } from '../../../src/manifest/manifest.js';
import type { Catalogue } from '../../../src/model/grant.js';
import type { RoleKey } from '../../../src/model/role.js';
import { CATALOGUE, liveRole, snapshotOf, wantedRole } from '../../support/arbitraries.js';
import { contextOf, grantsMap } from '../../support/desired.js';
import { placeAt } from '../../support/places.js';

const LISTS: Record<string, string[]> = { '#3': ['a.view', 'b.view'], '#4': ['a.view', 'c.use'] };
const listOf = (key: RoleKey): readonly string[] => LISTS[key] ?? [];

function composed(
  grants: Partial<ManifestGrants> | null,
  catalogue: Catalogue = CATALOGUE,
): { list: readonly string[]; problems: object[] } {
  const role = wantedRole('A', { grants: grants && grantsMap(grants) });
  const snapshot = snapshotOf({
    catalogue,
    custom: [liveRole(100, 'A'), liveRole(101, 'Holder', ['kept.grant'])],
  });
  const context = contextOf({ roles: [role] }, snapshot);
  const list = composeGrants(role, { ...context, live: context.live.roles }, listOf);
  return { list, problems: context.findings.problems };
}

/** The grants of a role that inherits, lowest layer first. */
function layers(...each: Partial<ManifestGrants>[]): Partial<ManifestGrants> {
  const all = each.map((one) => grantsMap(one));
  return {
    from: all.flatMap(({ from }) => from),
    add: all.flatMap(({ add }) => add),
    remove: all.flatMap(({ remove }) => remove),
    layers: all,
  };
}

describe('composeGrants', () => {
  it.each<[string, Partial<ManifestGrants> | null, string[]]>([
    ['no grants', null, []],
    ['an empty list', {}, []],
    ['a plain list', { add: ['a.view', 'b.view'] }, ['a.view', 'b.view']],
    ['the list of another role', { from: ['Editor'] }, ['a.view', 'b.view']],
    ['the lists of two roles, joined', { from: ['Participant', 'Editor'] }, ['a.view', 'b.view', 'c.use']],
    [
      'another list and its own grants',
      { from: ['Editor'], add: ['a.edit'] },
      ['a.edit', 'a.view', 'b.view'],
    ],
    ['another list without a grant', { from: ['Editor'], remove: ['b.view'] }, ['a.view']],
    ['a grant both added and removed', { add: ['a.view', 'b.view'], remove: ['b.view'] }, ['a.view']],
    ['an optional grant that the instance has', { optional: ['c.use'] }, ['c.use']],
    ['an optional grant that it does not have', { optional: ['gone.use'] }, []],
    ['an optional grant that a live role holds but the catalogue lacks', { optional: ['kept.grant'] }, []],
    ['an optional grant that is removed', { optional: ['c.use'], remove: ['c.use'] }, []],
    [
      'a grant that a lower layer removes and a higher one adds again',
      layers({ from: ['Editor'], remove: ['a.view', 'b.view'] }, { add: ['b.view'] }),
      ['b.view'],
    ],
    [
      'a grant that a lower layer removes and a higher one takes over again',
      layers({ from: ['Editor'], remove: ['a.view'] }, { from: ['Participant'] }),
      ['a.view', 'b.view', 'c.use'],
    ],
    [
      'a grant that a higher layer removes from all lower ones',
      layers({ from: ['Editor'], remove: ['b.view'] }, { add: ['b.view', 'a.edit'], remove: ['a.view'] }),
      ['a.edit', 'b.view'],
    ],
    ['the removal of a grant that it lacks', { add: ['a.view'], remove: ['b.view'] }, ['a.view']],
    ['a grant that only a live role holds', { add: ['kept.grant'] }, ['kept.grant']],
  ])('%s', (_, grants, list) => {
    expect(composed(grants)).toEqual({ list, problems: [] });
  });

  it.each<[string, Partial<ManifestGrants>, object]>([
    [
      'an unknown role',
      { from: ['Editr'] },
      {
        code: 'unknown-role',
        where: placeAt('roles', 'A', 'grants', 'from', 'Editr'),
        hint: 'did you mean "Editor"?',
      },
    ],
    [
      'an unknown grant: at its own entry',
      { add: ['a.view', 'b.veiw'] },
      {
        code: 'unknown-grant',
        message: 'role "A" names the grant "b.veiw", which this instance does not have',
        where: placeAt('roles', 'A', 'grants', 'add', 'b.veiw'),
        hint: 'did you mean "b.view"?',
      },
    ],
    [
      'an unknown grant under remove: at its own entry',
      { add: ['a.view'], remove: ['gone.use'] },
      {
        code: 'unknown-grant',
        where: placeAt('roles', 'A', 'grants', 'remove', 'gone.use'),
        hint: UNKNOWN_GRANT,
      },
    ],
  ])('reports %s', (_, grants, problem) => {
    expect(composed(grants).problems).toMatchObject([problem]);
  });

  it.each<[string, boolean | null, string]>([
    ['marked as admin-level', true, UNKNOWN_GRANT],
    ['marked as ordinary', false, 'did you mean "c.use"?'],
    ['not marked', null, 'did you mean "c.use"?'],
  ])('suggests a grant that the instance has %s: %s', (_, adminLevel, hint) => {
    const catalogue = CATALOGUE.map((entry) => (entry.grant === 'c.use' ? { ...entry, adminLevel } : entry));
    expect(composed({ add: ['c.usee'] }, catalogue).problems).toMatchObject([{ hint }]);
  });

  it('never suggests a grant of the shipped list unless the catalogue marks it as harmless', () => {
    const marked = (adminLevel: boolean | null): Catalogue =>
      CATALOGUE.map((entry) => (entry.grant === 'user.edit' ? { ...entry, adminLevel } : entry));
    expect(composed({ add: ['user.edti'] }, marked(null)).problems).toMatchObject([
      { hint: expect.not.stringContaining('user.edit') },
    ]);
    expect(composed({ add: ['user.edti'] }, marked(false)).problems).toMatchObject([
      { hint: 'did you mean "user.edit"?' },
    ]);
  });
});

describe('isPlain', () => {
  it.each<[Partial<ManifestGrants>, boolean]>([
    [{}, true],
    [{ add: ['a.view'] }, true],
    [{ from: ['Editor'] }, false],
    [{ remove: ['a.view'] }, false],
    [{ optional: ['a.view'] }, false],
  ])('%j: %s', (grants, expected) => {
    expect(addsOnly(grantsMap(grants))).toBe(expected);
  });
});
