import { describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY } from '../../src/model/policy.js';

describe('DEFAULT_POLICY', () => {
  it('reports unmanaged roles, requires one administrator and limits every plan', () => {
    expect(DEFAULT_POLICY).toEqual({
      unmanagedRoles: 'report',
      removedMembersTo: null,
      minAdmins: 1,
      requiredAdmins: [],
      protectedGrants: null,
      maxDeletes: { percent: 20, floor: 1 },
      maxMoves: { percent: 30, floor: 10 },
      maxGrantChanges: { percent: 30, floor: 20 },
      acceptedDrift: [],
      rules: [],
    });
  });
});
