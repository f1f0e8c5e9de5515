import { grantList } from '../../src/model/grant.js';
import { newKey } from '../../src/model/role-id.js';
import type { Risk } from '../../src/plan/change.js';
import type {
  AllowlistSet,
  DefaultRoleSet,
  GrantsSet,
  MembersMove,
  PlanRoleId,
  RoleCreate,
  RoleDelete,
  RoleUpdate,
} from '../../src/plan/change.js';

import { asChangeId } from './change-ids.js';

const LOW: Risk = { level: 'low', reasons: [] };
const base = { dependsOn: [], risk: LOW, requests: [] } as const;

/** A role is created; it starts with these grants. */
export function creation(name: string, grants: readonly string[] = [], description = ''): RoleCreate {
  return {
    ...base,
    id: asChangeId(`role.create:${name}`),
    kind: 'role.create',
    step: null,
    role: name,
    roleId: newKey(name),
    before: null,
    after: { name, description, startsFrom: { name: 'Social', roleId: 5 }, grants: grantList(grants) },
  };
}

/** A role gets another name. */
export function rename(
  roleId: number,
  [before, after]: readonly [string, string],
  step: RoleUpdate['step'] = null,
): RoleUpdate {
  return {
    ...base,
    id: asChangeId(`role.update${step === null ? '' : `/${step}`}:${after}@${roleId}`),
    kind: 'role.update',
    step,
    role: after,
    roleId,
    before: { name: before, description: '' },
    after: { name: after, description: '' },
  };
}

/** The grants of a role are written. */
export function grantsSet(
  roleId: PlanRoleId,
  before: readonly string[],
  after: readonly string[],
  step: GrantsSet['step'] = null,
): GrantsSet {
  return {
    ...base,
    id: asChangeId(`grants.set${step === null ? '' : `/${step}`}:${roleId}`),
    kind: 'grants.set',
    step,
    role: String(roleId),
    roleId,
    before,
    after,
    stage: step ?? 'before-moves',
    note: null,
  };
}

/** People move into a role, from Participant. */
export function move(roleId: PlanRoleId, people: readonly number[]): MembersMove {
  return {
    ...base,
    id: asChangeId(`members.move:${roleId}`),
    kind: 'members.move',
    step: null,
    role: String(roleId),
    roleId,
    before: [{ role: 'Participant', people: people.length }],
    after: { role: String(roleId), people: people.length },
    people: people.map((id) => ({
      id,
      email: `p${id}@acme.com`,
      from: 'Participant',
      fromId: 4,
      why: 'listed',
      until: null,
    })),
  };
}

/** Another role becomes the default role. */
export function defaultRoleSet(roleId: PlanRoleId, role = String(roleId)): DefaultRoleSet {
  return {
    ...base,
    id: asChangeId('defaultRole.set'),
    kind: 'defaultRole.set',
    step: null,
    role,
    roleId,
    before: 'Participant',
    after: role,
    allowlistIds: 'off',
  };
}

/** The allowlist is written; null turns it off. */
export function allowlistSet(afterIds: readonly PlanRoleId[] | null): AllowlistSet {
  return {
    ...base,
    id: asChangeId('allowlist.set'),
    kind: 'allowlist.set',
    step: null,
    role: null,
    roleId: null,
    before: 'off',
    after: afterIds === null ? 'off' : afterIds.map(String),
    afterIds,
    defaultRoleId: 4,
  };
}

/** A role is deleted. */
export function deletion(roleId: number, name: string): RoleDelete {
  return {
    ...base,
    id: asChangeId(`role.delete:${name}`),
    kind: 'role.delete',
    step: null,
    role: name,
    roleId,
    before: { name, description: '', grants: [] },
    after: null,
  };
}
