import { describe, expect, it } from '@jest/globals';
import type { RowStatus } from '../../../src/fleet/document.js';
import type { InstanceRoles } from '../../../src/fleet/instance-roles.js';
import { instanceMarks, MARK_TEXT, type InstanceDocuments } from '../../../src/render/fleet-page/marks.js';
import { creation, grantsSet, move, rename } from '../../support/changes.js';
import { fleetRow } from '../../support/fleet-rows.js';
import { fullDrift, planOf } from '../../support/plan-builder.js';

const NONE: InstanceDocuments = { document: null, outcome: null, roles: null, checks: null, problem: null };

const ROLES: InstanceRoles = {
  ...{ formatVersion: 1, kind: 'instance-roles', instance: 'acme', holders: [] },
  roles: ['Base', 'Made', 'Moved', 'Renamed', 'Written'].map((role) => ({ role, overlaid: false })),
};

const CHANGES = [
  creation('Made'),
  { ...grantsSet(7, ['a.b'], ['c.d']), role: 'Written' },
  { ...move(8, [1]), role: 'Moved' },
  rename(9, ['Old Name', 'Renamed']),
];

/** The marks of an instance as text, by role. `*` is any other role. */
function words(status: RowStatus, documents: Partial<InstanceDocuments>): Record<string, string> {
  const { roles, other } = instanceMarks(fleetRow('acme', status), { ...NONE, ...documents });
  const found = [...roles, ['*', other] as const].map(([role, mark]) => [role, MARK_TEXT[mark].text]);
  return Object.fromEntries(found) as Record<string, string>;
}

describe('the mark of a role on an instance', () => {
  it('is differs for a planned write, absent for a planned create, and otherwise as-base', () => {
    expect(words('changes', { document: planOf({ changes: CHANGES }), roles: ROLES })).toEqual({
      Base: 'as base',
      Made: 'absent',
      Written: 'differs',
      Moved: 'differs',
      Renamed: 'differs',
      '*': 'not in the overlay',
    });
  });

  it('is by-overlay if the instance equals what a layer above the base asks for', () => {
    const roles = { ...ROLES, roles: [{ role: 'Base', overlaid: true }] };
    expect(words('clean', { document: planOf(), roles })).toEqual({
      Base: 'as its overlay',
      '*': 'not in the overlay',
    });
  });

  it('is the same for drift and for a plan', () => {
    const marks = words('drift', { document: fullDrift(), roles: ROLES });
    expect(marks).toMatchObject({
      'Data Analyst': 'absent',
      'Report Author': 'differs',
      'Old Role': 'extra',
    });
    expect(marks).toMatchObject({ Base: 'as base' });
  });

  it('is unmanaged if only the instance has the role', () => {
    const unmanaged = { policy: 'report' as const, roles: [{ id: 9, name: 'Loose', people: 1, grants: 2 }] };
    expect(words('clean', { document: planOf({ unmanaged }), roles: ROLES })).toMatchObject({
      Loose: 'unmanaged',
    });
  });

  it('is as-base after a change, and differs if the change failed', () => {
    const document = planOf({ changes: CHANGES });
    expect(words('done', { document, roles: ROLES })).toMatchObject({ Made: 'as base', Written: 'as base' });
    const outcome = {
      changes: CHANGES.map(({ id, role }) => ({
        ...{ id: String(id), reason: null },
        status: role === 'Written' ? 'failed' : role === 'Moved' ? 'already' : 'done',
      })),
    };
    expect(words('incomplete', { document, roles: ROLES, outcome })).toMatchObject({
      Made: 'as base',
      Written: 'differs',
      Moved: 'as base',
      Renamed: 'as base',
    });
  });

  it.each<[RowStatus, string]>([
    ['failed', 'unreadable'],
    ['invalid', 'unreadable'],
    ['refused', 'unreadable'],
    ['missing', 'unreadable'],
    ['incomplete', 'unreadable'],
    ['suspended', 'not known'],
    ['not-started', 'not known'],
  ])('of an instance that is %s and has no document is %s', (status, expected) => {
    expect(words(status, {})).toEqual({ '*': expected });
  });

  it('is unknown beyond the changes if the run stored no roles', () => {
    expect(words('changes', { document: planOf({ changes: [creation('Made')] }) })).toEqual({
      Made: 'absent',
      '*': 'not known',
    });
  });
});
