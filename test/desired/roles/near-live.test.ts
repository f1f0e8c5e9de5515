import { describe, expect, it } from '@jest/globals';
import { noFindings } from '../../../src/desired/findings.js';
import { matchRoles } from '../../../src/desired/roles/match-roles.js';
import { refuseNearNames, roleItem } from '../../../src/desired/roles/near-live.js';
import type { Manifest } from '../../../src/manifest/manifest.js';
import type { LiveRole } from '../../../src/model/snapshot.js';
import { liveRole, loadedOf, snapshotOf, wantedRole } from '../../support/arbitraries.js';
import { withPlaces } from '../../support/places.js';

function judged(
  parts: Partial<Manifest>,
  custom: readonly LiveRole[],
): {
  refusals: readonly object[];
  warnings: readonly object[];
  meant: object;
} {
  const loaded = withPlaces(loadedOf(parts));
  const live = snapshotOf({ custom }).roles;
  const { keys, removed } = matchRoles(loaded, live, noFindings());
  const byName = new Map<string, LiveRole[]>();
  for (const role of live) byName.set(role.name, [...(byName.get(role.name) ?? []), role]);
  const findings = noFindings();
  const meant = refuseNearNames({ loaded, live, keys, removed, byName, findings });
  return { ...findings, meant: Object.fromEntries(meant) };
}

const TEAM = liveRole(100, 'Team');

describe('refuseNearNames', () => {
  it.each<[string, Partial<Manifest>, LiveRole[], string, string]>([
    [
      'a wanted name',
      { roles: [wantedRole('team')] },
      [TEAM],
      'role "team" is not live, but a live role has nearly this name: "Team" differs only in case',
      'if it is the same role, write `renamedFrom: ["Team"]` or pin it with `id: 100`',
    ],
    [
      'a wanted name near two live roles',
      { roles: [wantedRole('team')] },
      [TEAM, liveRole(101, 'TEAM')],
      'role "team" is not live, but a live role has nearly this name: "Team" differs only in case; "TEAM" differs only in case',
      'if it is one of these roles, pin it with its `id:`',
    ],
    [
      'a name that a live role is to get',
      { roles: [wantedRole('team', { id: 101 })] },
      [TEAM, liveRole(101, 'X')],
      'role "team" is to get this name, but a live role has nearly this name: "Team" differs only in case',
      'choose another name, or put the live role under `roles` or `removed` by its exact name',
    ],
    [
      'a name that another live role has',
      { roles: [wantedRole('Team', { id: 101 })] },
      [TEAM, liveRole(101, 'X')],
      'role "Team" would get the name of another live role',
      'rename or remove the other role first, in a separate plan',
    ],
    [
      'a removed name',
      { removed: ['team'] },
      [TEAM],
      'removed names "team" (removed/team:1:1), which is not live, but a live role has nearly this name: "Team" differs only in case',
      'if this is the role that is meant, write "Team"',
    ],
    [
      'a name that is left alone',
      { leftAlone: ['team'] },
      [TEAM],
      'roles names "team" (roles/team:1:1), which is not live, but a live role has nearly this name: "Team" differs only in case',
      'if this is the role that is meant, write "Team"',
    ],
    [
      'a removed name near a system role',
      { removed: ['editor'] },
      [],
      'removed names "editor" (removed/editor:1:1), which is not live, but a live role has nearly this name: "Editor" differs only in case',
      '"Editor" is a system role, which cannot be removed: remove the name',
    ],
    [
      'an old name near a system role',
      { roles: [wantedRole('New', { renamedFrom: ['editor'] })] },
      [],
      'renamedFrom names "editor" (roles/New/renamedFrom/editor:1:1), which is not live, but a live role has nearly this name: "Editor" differs only in case',
      '"Editor" is a system role, which cannot be renamed: remove the name',
    ],
    [
      'a reference near a system role',
      { defaultRole: 'editor' },
      [],
      'defaultRole names "editor" (defaultRole:1:1), which is not live, but a live role has nearly this name: "Editor" differs only in case',
      'if this is the role that is meant, write "Editor"',
    ],
    [
      'a reference near two live roles',
      { allowlist: ['team'] },
      [TEAM, liveRole(101, 'TEAM')],
      'allowlist names "team" (allowlist/team:1:1), which is not live, but a live role has nearly this name: "Team" differs only in case; "TEAM" differs only in case',
      'if this is the role that is meant, write "Team" or "TEAM"',
    ],
    [
      'a reference to a name of two live roles',
      { defaultRole: 'Team' },
      [TEAM, liveRole(101, 'Team')],
      'defaultRole names "Team" (defaultRole:1:1), and 2 live roles have this name',
      'put the one you mean under `roles` with its `id`, and give the other another name',
    ],
  ])('%s', (_, parts, live, message, hint) => {
    const { refusals } = judged(parts, live);
    expect(refusals).toMatchObject([{ code: 'ambiguous-name', message, hint }]);
  });

  it.each<[string, Partial<Manifest>, LiveRole[]]>([
    [
      'the base of a role that is live',
      { roles: [wantedRole('New', { id: 101, basedOn: 'team' })] },
      [TEAM, liveRole(101, 'New')],
    ],
    ['a near role that is left alone', { roles: [wantedRole('team')], leftAlone: ['Team'] }, [TEAM]],
    ['two roles of a name that is left alone', { leftAlone: ['Team'] }, [TEAM, liveRole(101, 'Team')]],
    ['a near role that is wanted', { removed: ['team'], roles: [wantedRole('Team')] }, [TEAM]],
    ['an exact match next to a near one', { defaultRole: 'Team' }, [TEAM, liveRole(101, 'team')]],
    ['a name that is removed twice', { removed: ['Team'] }, [TEAM, liveRole(101, 'Team')]],
  ])('does not judge %s', (_, parts, live) => {
    expect(judged(parts, live).refusals).toEqual([]);
  });

  it.each<[string, Partial<Manifest>, LiveRole[], object]>([
    ['a reference', { defaultRole: 'team' }, [TEAM], { team: '#100' }],
    ['a reference near two', { defaultRole: 'team' }, [TEAM, liveRole(101, 'TEAM')], {}],
    ['a removed name', { removed: ['team'] }, [TEAM], {}],
    ['an exact name', { defaultRole: 'Team' }, [TEAM], {}],
  ])('suggests the role that %s seems to mean', (_, parts, live, meant) => {
    expect(judged(parts, live).meant).toEqual(meant);
  });

  it.each<[string, Partial<Manifest>, LiveRole[], number]>([
    ['no name is live', { roles: [wantedRole('New', { renamedFrom: ['Old'] })] }, [], 1],
    ['an old name is nearly live', { roles: [wantedRole('New', { renamedFrom: ['team'] })] }, [TEAM], 0],
    ['an old name is live', { roles: [wantedRole('New', { renamedFrom: ['Team'] })] }, [TEAM], 0],
    ['there is no old name', { roles: [wantedRole('New')] }, [], 0],
    ['the role has a live id', { roles: [wantedRole('New', { id: 100, renamedFrom: ['Old'] })] }, [TEAM], 0],
  ])('warns of old names: %s', (_, parts, live, count) => {
    expect(judged(parts, live).warnings).toHaveLength(count);
  });
});

describe('roleItem', () => {
  it('shows name and id', () => {
    expect(roleItem(TEAM)).toBe('Team (id 100)');
  });
});
