import { describe, expect, it } from '@jest/globals';
import type { PersonRef } from '../../src/model/person.js';
import { byPerson, DEFAULT_POLICY } from '../../src/model/policy.js';

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

describe('byPerson', () => {
  it('sorts addresses first, then ids, then the addresses next to them', () => {
    const sorted: PersonRef[] = [
      { email: 'a@x.io' },
      { email: 'b@x.io' },
      { id: 2 },
      { id: 2, email: 'a@x.io' },
      { id: 2, email: 'b@x.io' },
      { id: 10, email: 'a@x.io' },
    ];
    expect([...sorted].reverse().sort(byPerson)).toEqual(sorted);
  });
});
