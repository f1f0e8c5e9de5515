import { describe, expect, it } from '@jest/globals';
import { startCycles } from '../../../src/desired/grants/start-cycles.js';
import type { ManifestRole } from '../../../src/manifest/manifest.js';
import { liveRole, snapshotOf, wantedRole } from '../../support/arbitraries.js';
import { contextOf, grantsMap } from '../../support/desired.js';
import { placeAt } from '../../support/places.js';

const LIVE = snapshotOf({ custom: [liveRole(100, 'A', []), liveRole(101, 'B', []), liveRole(102, 'C', [])] });

const from = (name: string, ...roles: string[]): ManifestRole =>
  wantedRole(name, { grants: grantsMap({ from: roles }) });
const based = (name: string, basedOn: string, grants: ManifestRole['grants'] = null): ManifestRole =>
  wantedRole(name, { basedOn, grants });

function cycles(roles: readonly ManifestRole[]): ReturnType<typeof startCycles> {
  const context = contextOf({ roles }, LIVE);
  return startCycles({ ...context, live: context.live.roles });
}

describe('startCycles', () => {
  it.each<[string, ManifestRole[]]>([
    ['without a list', [based('New', 'C'), from('C', 'New')]],
    [
      'with an additive list',
      [from('C', 'New'), based('New', 'C', grantsMap({ mode: 'additive', add: ['a.view'] }))],
    ],
    ['based on another new role', [from('C2', 'New'), based('New', 'C2')]],
    [
      'based on a role that takes its list through a third one',
      [from('C', 'B'), from('B', 'New'), based('New', 'C')],
    ],
    ['based on a role that is based on it', [based('New', 'Other'), based('Other', 'New')]],
  ])('reports a new role %s', (_, roles) => {
    expect(cycles(roles)).toEqual([
      expect.objectContaining({ code: 'from-cycle', where: placeAt('roles', 'New', 'basedOn') }),
    ]);
  });

  it.each<[string, ManifestRole[]]>([
    ['is live', [based('A', 'C'), from('C', 'A')]],
    ['is based on a live role that is based on it', [based('A', 'New'), based('New', 'A')]],
    ['has an exact list', [based('New', 'C', grantsMap({ add: ['a.view'] })), from('C', 'New')]],
    ['is based on a role that does not take its list', [based('New', 'C'), from('C', 'B')]],
    ['is based on a role outside the manifest', [based('New', 'B'), from('C', 'New')]],
  ])('reports nothing if the role %s', (_, roles) => {
    expect(cycles(roles)).toEqual([]);
  });

  it('names the roles of the cycle', () => {
    expect(cycles([based('New', 'C'), from('C', 'New')])).toMatchObject([
      { message: 'basedOn closes a cycle: "C", "New"', hint: 'remove basedOn, or use another role' },
    ]);
  });
});
