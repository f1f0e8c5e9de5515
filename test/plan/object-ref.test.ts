import { describe, expect, it } from '@jest/globals';
import { objectText } from '../../src/plan/object-ref.js';
import type { ObjectRef } from '../../src/plan/object-ref.js';

describe('an object as text', () => {
  it.each<[string, ObjectRef]>([
    ['role:810756122', { kind: 'role', roleId: 810756122 }],
    ['members:810756122', { kind: 'members', roleId: 810756122 }],
    ['person:27', { kind: 'person', personId: 27 }],
    ['name:Data: Steward', { kind: 'name', name: 'Data: Steward' }],
    ['defaultRole', { kind: 'defaultRole' }],
    ['allowlist', { kind: 'allowlist' }],
  ])('%s', (text, ref) => expect(objectText(ref)).toBe(text));
});
