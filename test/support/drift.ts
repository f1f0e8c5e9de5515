import type { Drift } from '../../src/drift/drift.js';
import { makeDrift } from '../../src/drift/make-drift.js';
import { requestsFor } from '../../src/apply/requests-for-change.js';
import {
  exactGrants,
  liveRole,
  loadedOf,
  members,
  person,
  snapshotOf,
  wantedRole,
  WIDE_POLICY,
} from './arbitraries.js';

/** A role whose text and grants differ, and two people who were moved into it. */
export function everyDrift(): Drift {
  const live = snapshotOf({
    custom: [liveRole(100, 'Alpha', ['a.view', 'user.edit']), liveRole(101, 'Beta')],
    persons: [person(10, 100), person(11, 100)],
  });
  const loaded = loadedOf({
    roles: [
      wantedRole('Alpha', { description: 'As it was', grants: exactGrants('a.view') }),
      wantedRole('Beta', { members: members('additive', 10, 11) }),
    ],
    policy: WIDE_POLICY,
  });
  return makeDrift(loaded, live, { now: '2026-02-01T00:00:00.000Z', version: '0.0.0', requestsFor });
}
