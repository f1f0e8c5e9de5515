import { describe, expect, it } from '@jest/globals';
import type { Change } from '../../src/plan/change.js';
import { objectText } from '../../src/plan/object-ref.js';
import { blockingNames, reliedOn } from '../../src/plan/relied-on.js';
import { asChangeId } from '../support/change-ids.js';
import { liveKey } from '../../src/model/role.js';

const base = {
  id: asChangeId('x'),
  role: 'T',
  step: null,
  dependsOn: [],
  risk: { level: 'low', reasons: [] },
  requests: [],
} as const;
const text = (name: string) => ({ name, description: '' });
const move = (id: number, fromId: number) =>
  ({ id, email: null, from: 'A', fromId, why: 'listed', until: null }) as const;
const rename = (after: string, step: 'temporary' | null): Change => ({
  ...base,
  kind: 'role.update',
  step,
  roleId: 7,
  before: text('A'),
  after: text(after),
});

describe('the state that a change relies on', () => {
  it.each<[string, Change, string[]]>([
    [
      'a create: its name and the role that it starts from',
      {
        ...base,
        kind: 'role.create',
        roleId: 'new:T',
        before: null,
        after: { ...text('T'), startsFrom: { name: 'Social', roleId: 5 }, grants: [] },
      },
      ['name:T', 'role:5'],
    ],
    ['a rename: the role and the name that it takes', rename('T', null), ['role:7', 'name:T']],
    [
      'grants of a live role: the role',
      { ...base, kind: 'grants.set', roleId: 7, before: [], after: [], stage: 'before-moves', note: null },
      ['role:7'],
    ],
    [
      'grants of a role to be made: nothing',
      {
        ...base,
        kind: 'grants.set',
        roleId: 'new:T',
        before: [],
        after: [],
        stage: 'before-moves',
        note: null,
      },
      [],
    ],
    [
      'a move: the target, each role that people leave, and each person',
      {
        ...base,
        kind: 'members.move',
        roleId: 7,
        before: [],
        after: { role: 'T', people: 3 },
        people: [move(10, 8), move(11, 9), move(12, 8)],
      },
      ['role:7', 'role:8', 'role:9', 'person:10', 'person:11', 'person:12'],
    ],
    [
      'a default: the default, its role and the allowlist that is sent along',
      { ...base, kind: 'defaultRole.set', roleId: 7, before: 'A', after: 'T', allowlistIds: 'off' },
      ['defaultRole', 'role:7', 'allowlist'],
    ],
    [
      'a default if the allowlist cannot be read',
      { ...base, kind: 'defaultRole.set', roleId: 7, before: 'A', after: 'T', allowlistIds: 'unreadable' },
      ['defaultRole', 'role:7'],
    ],
    [
      'an allowlist: both settings and its live roles',
      {
        ...base,
        kind: 'allowlist.set',
        role: null,
        roleId: null,
        before: 'off',
        after: ['T'],
        afterIds: [7, 'new:T'],
        defaultRoleId: 4,
      },
      ['allowlist', 'defaultRole', 'role:7'],
    ],
    [
      'an allowlist that is turned off: both settings',
      {
        ...base,
        kind: 'allowlist.set',
        role: null,
        roleId: null,
        before: ['T'],
        after: 'off',
        afterIds: null,
        defaultRoleId: 4,
      },
      ['allowlist', 'defaultRole'],
    ],
    [
      'a delete: the role, its members, and the default role',
      { ...base, kind: 'role.delete', roleId: 7, before: { ...text('T'), grants: [] }, after: null },
      ['role:7', 'members:7', 'defaultRole'],
    ],
  ])('%s', (_, change, objects) => {
    expect(reliedOn(change).map(objectText)).toEqual(objects);
  });
});

describe('the names that block a temporary one', () => {
  const roles = [{ key: liveKey(1), id: 1, name: '~Domo-Roles 7', description: '', grants: [] }];

  it.each<[string, Change, string[]]>([
    ['the first temporary name is blocked by none', rename('~domo-roles 7', 'temporary'), []],
    [
      'a later one by the roles with an earlier one',
      rename('~domo-roles 7 2', 'temporary'),
      ['name:~Domo-Roles 7'],
    ],
    ['a name that stays is not a temporary one', rename('~domo-roles 7 2', null), []],
  ])('%s', (_, change, objects) => {
    expect(blockingNames([change], roles).map(objectText)).toEqual(objects);
  });
});
