import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { digestOf } from '../../src/plan/digest.js';
import { fingerprintsOf } from '../../src/plan/fingerprint.js';
import { objectText } from '../../src/plan/object-ref.js';
import type { ObjectRef } from '../../src/plan/object-ref.js';
import { liveRole, person, snapshotOf } from '../support/arbitraries.js';
import { inputs } from '../support/law.js';

const snapshot = snapshotOf({
  custom: [liveRole(100, 'role:5', ['a.view']), liveRole(101, 'name:role:5')],
  persons: [person(1, 1), person(10, 100)],
});

describe('the fingerprint of an object', () => {
  it.each<[ObjectRef, string, string, Record<string, unknown>]>([
    [
      { kind: 'role', roleId: 100 },
      'role:100',
      'role "role:5"',
      { name: 'role:5', description: '', grants: ['a.view'] },
    ],
    [{ kind: 'role', roleId: 7 }, 'role:7', 'role 7', { name: null, description: null, grants: null }],
    [{ kind: 'members', roleId: 100 }, 'members:100', 'role "role:5"', { people: [10] }],
    [{ kind: 'name', name: 'role:5' }, 'name:role:5', 'the name "role:5"', { roleId: 100 }],
    [{ kind: 'name', name: 'name:role:5' }, 'name:name:role:5', 'the name "name:role:5"', { roleId: 101 }],
    [{ kind: 'name', name: 'defaultRole' }, 'name:defaultRole', 'the name "defaultRole"', { roleId: null }],
    [{ kind: 'person', personId: 10 }, 'person:10', 'p10@acme.com', { roleId: 100, kind: 'active' }],
    [{ kind: 'members', roleId: 7 }, 'members:7', 'role 7', { people: [] }],
    [{ kind: 'person', personId: 77 }, 'person:77', 'person 77', { roleId: null, kind: null }],
    [{ kind: 'defaultRole' }, 'defaultRole', 'the default role', { roleId: snapshot.defaultRoleId }],
    [{ kind: 'allowlist' }, 'allowlist', 'the roles allowlist', { roleIds: 'off' }],
  ])('%j', (of, object, label, fields) => {
    expect(fingerprintsOf(snapshot, [of, of])).toMatchObject([{ of, object, label, fields }]);
  });
});

describe('fingerprints', () => {
  it('are unique and sorted by object', () => {
    const refs: ObjectRef[] = [
      { kind: 'role', roleId: 100 },
      { kind: 'allowlist' },
      { kind: 'role', roleId: 100 },
    ];
    expect(fingerprintsOf(snapshot, refs).map(({ object }) => object)).toEqual(['allowlist', 'role:100']);
  });

  it('of an allowlist do not depend on its order', () => {
    const of = (allowlist: number[]): unknown =>
      fingerprintsOf({ ...snapshot, allowlist }, [{ kind: 'allowlist' }]);
    expect(of([101, 5, 100])).toEqual(of([5, 100, 101]));
    expect(of([5, 100])).not.toEqual(of([5, 101]));
  });

  it('contain the digest of their fields', () => {
    const [one] = fingerprintsOf(snapshot, [{ kind: 'person', personId: 10 }]);
    expect(one?.digest).toBe(digestOf(one?.fields));
    expect(one?.digest).toBe(digestOf({ kind: 'active', roleId: 100 }));
    expect(one?.digest).toMatch(/^sha256:[0-9a-f]{64}$/u);
    expect(one?.digest).not.toBe(digestOf({ kind: 'pending', roleId: 100 }));
  });
});

describe('the text of an object', () => {
  const anyName = fc.constantFrom('role:5', '5', 'name:5', 'person:5', 'defaultRole', 'members:5', ':', '');
  const anyId = fc.integer({ min: 4, max: 6 });
  const anyRef: fc.Arbitrary<ObjectRef> = fc.oneof(
    fc.record({ kind: fc.constantFrom('role' as const, 'members' as const), roleId: anyId }),
    fc.record({ kind: fc.constant('name' as const), name: anyName }),
    fc.record({ kind: fc.constant('person' as const), personId: anyId }),
    fc.record({ kind: fc.constantFrom('defaultRole' as const, 'allowlist' as const) }),
  );

  it('is unique for any role names', () => {
    fc.assert(
      fc.property(anyRef, anyRef, (one, other) => {
        expect(objectText(one) === objectText(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
      { numRuns: inputs(1000) },
    );
  });
});
