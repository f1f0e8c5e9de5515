import { asChangeId } from '../support/change-ids.js';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Change, PlannedRequest } from '../../src/plan/change.js';
import {
  defaultRoleRequests,
  moveMembersRequests,
  MAX_PEOPLE_PER_REQUEST,
  settingsRequest,
} from '../../src/routes/requests.js';
import { requestsFor } from '../../src/apply/requests-for-change.js';

const base = {
  id: asChangeId('x'),
  role: 'X',
  step: null,
  dependsOn: [],
  risk: { level: 'low', reasons: [] },
  requests: [],
} as const;
const ROLES = '/api/authorization/v1/roles';
const OTHER_FORM = { when: 'first-form-unknown' } as const;
const person = { email: null, from: 'Social', fromId: 5, why: 'listed', until: null } as const;

describe('the requests of a change', () => {
  it.each<[Change, PlannedRequest[]]>([
    [
      {
        ...base,
        kind: 'role.create',
        roleId: 'new:A/B {c}',
        before: null,
        after: {
          name: 'A/B {c}',
          description: 'd',
          startsFrom: { name: 'Social', roleId: 5 },
          grants: ['a'],
        },
      },
      [
        { method: 'POST', path: ROLES, body: { name: 'A/B {c}', description: 'd', fromRoleId: 5 } },
        { method: 'PUT', path: `${ROLES}/{new:A/B {c}}/authorities`, body: ['a'], when: 'start-differs' },
        { method: 'PATCH', path: `${ROLES}/{new:A/B {c}}/authorities`, body: ['a'], ...OTHER_FORM },
      ],
    ],
    [
      {
        ...base,
        kind: 'role.update',
        roleId: 12,
        before: { name: 'A', description: '' },
        after: { name: 'B', description: 'b' },
      },
      [{ method: 'PUT', path: `${ROLES}/12`, body: { id: 12, name: 'B', description: 'b' } }],
    ],
    [
      {
        ...base,
        kind: 'grants.set',
        roleId: 12,
        before: [],
        after: ['b', 'a', 'b'],
        stage: 'last',
        note: null,
      },
      [
        { method: 'PUT', path: `${ROLES}/12/authorities`, body: ['a', 'b'] },
        { method: 'PATCH', path: `${ROLES}/12/authorities`, body: ['a', 'b'], ...OTHER_FORM },
      ],
    ],
    [
      {
        ...base,
        kind: 'members.move',
        roleId: 'new:A/B {c}',
        before: [],
        after: { role: 'A/B {c}', people: 2 },
        people: [
          { id: 30, ...person },
          { id: 4, ...person },
        ],
      },
      [{ method: 'PUT', path: `${ROLES}/{new:A/B {c}}/users`, body: [4, 30] }],
    ],
    [
      { ...base, kind: 'defaultRole.set', roleId: 'new:N', before: 'A', after: 'N', allowlistIds: 'off' },
      [
        {
          method: 'PUT',
          path: '/api/content/v1/customer-states/user.roleid.default',
          body: { name: 'user.roleid.default', value: '{new:N}' },
        },
        { method: 'PUT', path: `${ROLES}/settings`, body: { defaultRoleId: '{new:N}' }, ...OTHER_FORM },
      ],
    ],
    [
      { ...base, kind: 'defaultRole.set', roleId: 4, before: 'A', after: 'N', allowlistIds: 'unreadable' },
      [
        {
          method: 'PUT',
          path: '/api/content/v1/customer-states/user.roleid.default',
          body: { name: 'user.roleid.default', value: '4' },
        },
      ],
    ],
    [
      {
        ...base,
        kind: 'defaultRole.set',
        roleId: 'new:N',
        before: 'A',
        after: 'N',
        allowlistIds: ['new:M', 12, 5],
      },
      [
        {
          method: 'PUT',
          path: `${ROLES}/settings`,
          body: { defaultRoleId: '{new:N}', allowlistRoleIds: [5, 12, '{new:M}', '{new:N}'] },
        },
        {
          method: 'PUT',
          path: '/api/content/v1/customer-states/user.roleid.default',
          body: { name: 'user.roleid.default', value: '{new:N}' },
          ...OTHER_FORM,
        },
      ],
    ],
    [
      {
        ...base,
        kind: 'allowlist.set',
        role: null,
        roleId: null,
        before: 'off',
        after: ['Social', 'N'],
        afterIds: ['new:N', 5],
        defaultRoleId: 5,
      },
      [
        {
          method: 'PUT',
          path: `${ROLES}/settings`,
          body: { defaultRoleId: 5, allowlistRoleIds: [5, '{new:N}'] },
        },
      ],
    ],
    [
      {
        ...base,
        kind: 'allowlist.set',
        role: null,
        roleId: null,
        before: ['Social'],
        after: 'off',
        afterIds: null,
        defaultRoleId: 5,
      },
      [{ method: 'PUT', path: `${ROLES}/settings`, body: { defaultRoleId: 5, allowlistRoleIds: null } }],
    ],
    [
      {
        ...base,
        kind: 'role.delete',
        roleId: 12,
        before: { name: 'A', description: '', grants: [] },
        after: null,
      },
      [{ method: 'DELETE', path: `${ROLES}/12`, body: null }],
    ],
  ])('are plain data: %#', (change, requests) => {
    expect(requestsFor(change, [change])).toEqual(requests);
  });

  it('do not set the first grants of a new role if a later change writes its grants', () => {
    const create: Change = {
      ...base,
      kind: 'role.create',
      roleId: 'new:N',
      before: null,
      after: { name: 'N', description: '', startsFrom: { name: 'Social', roleId: 5 }, grants: ['a'] },
    };
    const grants: Change = {
      ...base,
      kind: 'grants.set',
      roleId: 'new:N',
      before: ['a'],
      after: ['b'],
      stage: 'before-moves',
      note: null,
    };
    expect(requestsFor(create, [create, grants]).map(({ method }) => method)).toEqual(['POST']);
  });
});

describe('people who move', () => {
  it('are sorted, with at most 1,000 per request', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 9_999_999 }), { maxLength: 3_500 }), (ids) => {
        const bodies = moveMembersRequests(7, ids).map(({ body }) => body as number[]);
        expect(bodies.flat()).toEqual([...ids].sort((a, b) => a - b));
        expect(bodies.every(({ length }) => length > 0 && length <= MAX_PEOPLE_PER_REQUEST)).toBe(true);
        expect(bodies).toHaveLength(Math.ceil(ids.length / MAX_PEOPLE_PER_REQUEST));
      }),
      { numRuns: 30 },
    );
  });
});

describe('an allowlist', () => {
  it('is turned off only by null', () => {
    const containsNull = (request: PlannedRequest): boolean => JSON.stringify(request.body).includes('null');
    for (const allowlist of ['off', 'unreadable', []] as const)
      expect(defaultRoleRequests(4, allowlist).some(containsNull)).toBe(false);
    expect(containsNull(settingsRequest({ defaultRoleId: 4 }))).toBe(false);
    expect(containsNull(settingsRequest({ defaultRoleId: 4, allowlist: null }))).toBe(true);
  });
});
