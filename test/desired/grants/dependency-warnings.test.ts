import { describe, expect, it } from '@jest/globals';
import { dependencyWarnings } from '../../../src/desired/grants/dependency-warnings.js';
import { resolveGrants } from '../../../src/desired/grants/resolve-grants.js';
import type { Manifest, ManifestGrants } from '../../../src/manifest/manifest.js';
import { protectedGrants } from '../../../src/model/admin-level.js';
import { CATALOGUE, liveRole, snapshotOf, wantedRole } from '../../support/arbitraries.js';
import { contextOf, grantsMap } from '../../support/desired.js';
import { placeAt } from '../../support/places.js';

const LIVE = snapshotOf({ custom: [liveRole(100, 'A', ['b.edit']), liveRole(101, 'Half', ['b.edit'])] });

function warningsOf(grants: Partial<ManifestGrants> | null, more: Partial<Manifest> = {}): object[] {
  const roles = [wantedRole('A', { grants: grants && grantsMap(grants) }), ...(more.roles ?? [])];
  const context = contextOf({ ...more, roles }, LIVE);
  const input = { ...context, live: context.live.roles };
  const resolved = resolveGrants({ ...input, accepted: () => false });
  return dependencyWarnings({ ...input, grants: resolved.grants });
}

describe('dependencyWarnings', () => {
  it.each<[string, Partial<ManifestGrants> | null, object[]]>([
    ['grants that are not managed', null, []],
    ['a list that holds all it depends on', { add: ['b.edit', 'b.view'] }, []],
    ['a dependency that the catalogue does not list', { add: ['authorization.roles'] }, []],
    [
      'a grant without its dependency',
      { add: ['b.edit'] },
      [
        {
          code: 'missing-dependency',
          message: 'role "A" has "b.edit" without "b.view", which it depends on',
          where: placeAt('roles', 'A', 'grants', 'add', 'b.edit'),
          hint: 'add "b.view"',
        },
      ],
    ],
    [
      'an optional grant without its dependency',
      { optional: ['b.edit'] },
      [{ code: 'missing-dependency', where: placeAt('roles', 'A', 'grants', 'optional', 'b.edit') }],
    ],
    [
      'a grant of another role without its dependency',
      { from: ['Editor', 'Half'], remove: ['b.view'] },
      [
        {
          code: 'remove-needed',
          message: 'role "A" removes "b.view", which its "b.edit" needs',
          where: placeAt('roles', 'A', 'grants', 'remove', 'b.view'),
          hint: 'the instance may add it again by itself',
        },
      ],
    ],
    [
      'a grant taken over from the role that holds it',
      { from: ['Participant', 'Half'] },
      [{ code: 'missing-dependency', where: placeAt('roles', 'A', 'grants', 'from', 'Half') }],
    ],
    [
      'a grant that an additive role holds live',
      { mode: 'additive', add: ['a.view'] },
      [{ code: 'missing-dependency', where: placeAt('roles', 'A', 'grants') }],
    ],
    [
      'two dependencies of one grant',
      { add: ['a.admin'] },
      [
        { message: 'role "A" has "a.admin" without "a.edit", which it depends on' },
        { code: 'missing-dependency' },
      ],
    ],
  ])('%s', (_, grants, warnings) => {
    const found = warningsOf(grants);
    expect(found).toHaveLength(warnings.length);
    expect(found).toMatchObject(warnings);
  });

  it.each<[boolean | null, string]>([
    [true, '"b.view" is an admin-level grant; remove "b.edit" unless both are intended'],
    [false, 'add "b.view"'],
    [null, 'add "b.view"'],
  ])('advises by the instance’s own mark (%s)', (adminLevel, hint) => {
    const catalogue = CATALOGUE.map((entry) => (entry.grant === 'b.view' ? { ...entry, adminLevel } : entry));
    const roles = [wantedRole('A', { grants: grantsMap({ add: ['b.edit'] }) })];
    const context = contextOf({ roles }, { ...LIVE, catalogue });
    expect(context.adminLevel).toEqual(protectedGrants(catalogue, null));
    const grants = new Map([['#100' as const, ['b.edit']]]);
    expect(dependencyWarnings({ ...context, live: context.live.roles, grants })).toMatchObject([{ hint }]);
  });
});
