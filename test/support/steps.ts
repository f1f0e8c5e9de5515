import type { MembersMove, OrderedChange, PlanRoleId } from '../../src/plan/change.js';
import { asChangeId } from './change-ids.js';

const ALONE = { step: null, dependsOn: [] } as const;

function move(
  roleId: PlanRoleId,
  ...people: readonly (readonly [id: number, fromId: number])[]
): OrderedChange {
  const moves = people.map(([id, fromId]): MembersMove['people'][number] => ({
    ...{ id, email: null, from: `R${fromId}`, fromId },
    ...{ why: 'listed', until: null },
  }));
  return {
    ...ALONE,
    kind: 'members.move',
    id: asChangeId(`members.move:${roleId}`),
    role: String(roleId),
    roleId,
    before: [],
    after: { role: String(roleId), people: people.length },
    people: moves,
  };
}

function grants(roleId: PlanRoleId, ...after: string[]): OrderedChange {
  return {
    ...ALONE,
    kind: 'grants.set',
    id: asChangeId(`grants.set:${roleId}`),
    role: String(roleId),
    roleId,
    before: [],
    after,
    stage: 'before-moves',
    note: null,
  };
}

function create(name: string, ...grants: string[]): OrderedChange {
  return {
    ...ALONE,
    kind: 'role.create',
    id: asChangeId(`role.create:${name}`),
    role: name,
    roleId: `new:${name}`,
    before: null,
    after: { name, description: '', startsFrom: { name: 'Social', roleId: 5 }, grants },
  };
}

function rename(roleId: number, name: string, step: 'temporary' | null = null): OrderedChange {
  return {
    kind: 'role.update',
    id: asChangeId(`role.update:${roleId}`),
    step,
    role: name,
    roleId,
    before: { name: `R${roleId}`, description: '' },
    after: { name, description: '' },
    dependsOn: [],
  };
}

function remove(roleId: number): OrderedChange {
  return {
    ...ALONE,
    kind: 'role.delete',
    id: asChangeId(`role.delete:${roleId}`),
    role: `R${roleId}`,
    roleId,
    before: { name: `R${roleId}`, description: '', grants: [] },
    after: null,
  };
}

function defaultRole(roleId: PlanRoleId): OrderedChange {
  return {
    ...ALONE,
    kind: 'defaultRole.set',
    id: asChangeId('defaultRole.set'),
    role: String(roleId),
    roleId,
    before: 'Participant',
    after: String(roleId),
    allowlistIds: 'off',
  };
}

function allowlist(...names: string[]): OrderedChange {
  return {
    ...ALONE,
    kind: 'allowlist.set',
    id: asChangeId('allowlist.set'),
    role: null,
    roleId: null,
    before: 'off',
    after: names,
    afterIds: null,
    defaultRoleId: 4,
  };
}

/** One change of each kind, by the id of its role: ids of changes are `<kind>:<id of the role>`. */
export const steps = { allowlist, create, defaultRole, grants, move, remove, rename };
