import { describe, expect, it } from '@jest/globals';
import { lastChanges } from '../../src/drift/last-changes.js';
import type { ObjectRef } from '../../src/plan/object-ref.js';

const NOW = Date.parse('2026-02-01T00:00:00.000Z');

type Wire = Record<string, unknown> & { objectType: string };

/** A log with one event. */
function whoChanged(of: ObjectRef, event: Wire): Promise<string[]> {
  const wire = { userName: 'Ines', time: NOW - 1000, actionType: 'UPDATED', objectId: '100', ...event };
  const getAuditLog = ({ objectType }: { objectType?: string }) =>
    Promise.resolve({
      status: 200,
      isSuccess: true,
      parentClass: null,
      response: objectType === wire.objectType ? [wire] : [],
    });
  const stale = { of, label: 'it', field: 'grants' as const, before: null, now: null };
  return lastChanges([stale], { getAuditLog }, NOW);
}

const role: ObjectRef = { kind: 'role', roleId: 100 };
const someone: ObjectRef = { kind: 'person', personId: 10 };

describe('the last change of an object of a stale plan', () => {
  it.each<[string, ObjectRef, Wire, boolean]>([
    ['a change of the role', role, { objectType: 'ROLE' }, true],
    ['a change of its grants', role, { objectType: 'AUTHORITY' }, true],
    ['its delete', role, { objectType: 'ROLE', actionType: 'DELETED' }, true],
    ['a view of the role', role, { objectType: 'ROLE', actionType: 'VIEWED' }, false],
    ['a change of another role', role, { objectType: 'ROLE', objectId: '1000' }, false],
    [
      'a change of the role, for its members',
      { kind: 'members', roleId: 100 },
      { objectType: 'ROLE' },
      false,
    ],
    ['a move of the person', someone, { objectType: 'USER', objectId: '10', eventText: 'moved to A' }, true],
    ['their delete', someone, { objectType: 'USER', objectId: '10', actionType: 'DELETED' }, true],
    [
      'another change of the person',
      someone,
      { objectType: 'USER', objectId: '10', eventText: 'changed a phone' },
      false,
    ],
    [
      'the default role',
      { kind: 'defaultRole' },
      { objectType: 'CUSTOMER_STATE', objectId: 'user.roleid.default' },
      true,
    ],
    [
      'another state, for the default role',
      { kind: 'defaultRole' },
      { objectType: 'CUSTOMER_STATE', objectId: 'logo' },
      false,
    ],
    [
      'the allowlist',
      { kind: 'allowlist' },
      { objectType: 'CUSTOMER_STATE', objectId: 'user.roleid.allowlist' },
      true,
    ],
    [
      'the default role, for the allowlist',
      { kind: 'allowlist' },
      { objectType: 'CUSTOMER_STATE', objectId: 'user.roleid.default' },
      false,
    ],
    ['any role, for a name', { kind: 'name', name: 'A' }, { objectType: 'ROLE', objectName: 'A' }, false],
  ])('%s', async (_, of, event, isNamed) => {
    const expected = isNamed ? ['it was last changed by Ines at 2026-01-31T23:59:59.000Z'] : [];
    await expect(whoChanged(of, event)).resolves.toEqual(expected);
  });
});
