import { describe, expect, it } from '@jest/globals';
import { warnOfLikelyRenames } from '../../../src/desired/roles/likely-rename.js';
import { resolveDesiredState } from '../../../src/desired/resolve.js';
import type { ManifestRole } from '../../../src/manifest/manifest.js';
import {
  exactGrants,
  liveRole,
  members,
  person,
  snapshotOf,
  wantedRole,
  WIDE_POLICY,
} from '../../support/arbitraries.js';
import { contextOf } from '../../support/desired.js';
import { placeAt } from '../../support/places.js';

const LIVE = snapshotOf({
  custom: [
    liveRole(100, 'Old', ['a.view']),
    liveRole(101, 'Same', ['a.view']),
    liveRole(102, 'Empty'),
    liveRole(103, 'Full', ['b.view']),
  ],
  persons: [person(10, 103), person(11, 103), person(12, 103, 'support'), person(13, 102, 'system')],
});

function warningsOf(role: ManifestRole, unmanaged: number[]): readonly object[] {
  const policy = { ...WIDE_POLICY, removedMembersTo: 'Participant' };
  const context = contextOf({ roles: [role], policy }, LIVE);
  const { state } = resolveDesiredState(context.loaded, LIVE, { now: '2027-01-01T00:00:00.000Z' }).target;
  const live = LIVE.roles.filter(({ id }) => unmanaged.includes(id));
  warnOfLikelyRenames({ ...context, unmanaged: live, state });
  return context.findings.warnings;
}

const grants = exactGrants('a.view');
const fromOld = { ...exactGrants(), from: ['Old'] };

describe('warnOfLikelyRenames', () => {
  it.each<[string, Partial<ManifestRole>, number[], number]>([
    ['equal grants', { grants }, [100], 1],
    ['the grants of a role that it names in from', { grants: fromOld }, [100], 0],
    [
      'the grants of a role that it names in from, and its people',
      { grants: fromOld, members: members('exact') },
      [100],
      1,
    ],
    ['other grants', { grants: exactGrants('b.view') }, [100], 0],
    [
      'equal grants and people',
      { grants: exactGrants('b.view'), members: members('exact', 11, 10) },
      [103],
      1,
    ],
    ['equal people, grants not managed', { members: members('exact', 10, 11) }, [103], 1],
    [
      'equal grants, other people',
      { grants: exactGrants('b.view'), members: members('exact', 10) },
      [103],
      0,
    ],
    ['equal people, other grants', { grants, members: members('exact', 10, 11) }, [103], 0],
    ['equal grants and no people on either side', { grants, members: members('exact') }, [100], 1],
    [
      'no grants and no people on either side',
      { grants: exactGrants(), members: members('exact') },
      [102],
      0,
    ],
    ['no people on either side, grants not managed', { members: members('exact') }, [102], 0],
    ['no grants on either side, members not managed', { grants: exactGrants() }, [102], 0],
    ['neither grants nor members in the manifest', {}, [100], 0],
    ['no unmanaged role', { grants }, [], 0],
  ])('%s', (_, parts, unmanaged, count) => {
    expect(warningsOf(wantedRole('New', parts), unmanaged)).toHaveLength(count);
  });

  it('does not warn of a role that is live', () => {
    expect(warningsOf(wantedRole('Same', { grants }), [100])).toEqual([]);
  });

  it('names every such role and suggests to pin one by its id', () => {
    expect(warningsOf(wantedRole('New', { grants }), [100, 101])).toMatchObject([
      {
        code: 'looks-like-rename',
        message:
          'role "New" would be created, but looks like a rename of the live role "Old" (id 100) and "Same" (id 101)',
        where: placeAt('roles', 'New'),
        hint: 'if it is one of these roles, pin it with its `id:`',
      },
    ]);
  });
});
