import { describe, expect, it } from '@jest/globals';
import { ownersOfLive } from '../../../src/desired/roles/role-owners.js';
import { resolveDesiredState } from '../../../src/desired/resolve.js';
import { exactGrants, liveRole, loadedOf, snapshotOf, wantedRole } from '../../support/arbitraries.js';

const grants = exactGrants('content.card.edit');
const live = [liveRole(100, 'A'), liveRole(101, 'Old'), liveRole(102, 'Z')];
const roles = [
  wantedRole('A', { owner: 'x', grants }),
  wantedRole('B', { owner: 'y', renamedFrom: ['Old'], grants }),
  wantedRole('C', { owner: 'x', grants }),
  wantedRole('D', { grants }),
  wantedRole('Editor', { owner: 'it' }),
];

describe('The owners of a manifest', () => {
  it('go with a role by its id, renamed or new', () => {
    const { findings } = resolveDesiredState(loadedOf({ roles }), snapshotOf({ custom: live }), {
      now: '2026-01-01T00:00:00Z',
    });
    expect(findings.owners).toEqual([
      { role: 'A', roleId: 100, owner: 'x' },
      { role: 'B', roleId: 101, owner: 'y' },
      { role: 'C', roleId: 'new:C', owner: 'x' },
      { role: 'Editor', roleId: 3, owner: 'it' },
    ]);
  });

  it('are those of live roles in an access review', () => {
    expect([...ownersOfLive(loadedOf({ roles }), snapshotOf({ custom: live }).roles)]).toEqual([
      [100, 'x'],
      [101, 'y'],
      [3, 'it'],
    ]);
  });

  it('leave out a pin that is not live', () => {
    const pinned = loadedOf({ roles: [wantedRole('A', { id: 404, owner: 'x', grants })] });
    expect(ownersOfLive(pinned, live).size).toBe(0);
    const { findings } = resolveDesiredState(pinned, snapshotOf({ custom: live }), {
      now: '2026-01-01T00:00:00Z',
    });
    expect(findings.owners).toEqual([]);
  });
});
