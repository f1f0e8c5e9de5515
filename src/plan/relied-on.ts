import type { PersonId, RoleId } from '../model/ids.js';
import type { Role } from '../model/role.js';
import { isTemporary } from './change.js';
import type { Change, PlanRoleId } from './change.js';
import type { ObjectRef } from './object-ref.js';
import type { Plan } from './plan.js';
import { rolesThatBlock } from './order/order-renames.js';

const DEFAULT_ROLE: ObjectRef = { kind: 'defaultRole' };
const ALLOWLIST: ObjectRef = { kind: 'allowlist' };

/** The live objects that a change relies on: those it changes, and those that determined its place in the order. */
export function reliedOn(change: Change): ObjectRef[] {
  switch (change.kind) {
    case 'role.create':
      return [name(change.after.name), ...role(change.after.startsFrom.roleId)];
    case 'role.update':
      return [...role(change.roleId), name(change.after.name)];
    case 'grants.set':
      return role(change.roleId);
    case 'members.move':
      return [
        ...role(change.roleId),
        ...[...new Set(change.people.map(({ fromId }) => fromId))].flatMap(role),
        ...change.people.map(({ id }): ObjectRef => ({ kind: 'person', personId: id })),
      ];
    case 'defaultRole.set':
      return [
        DEFAULT_ROLE,
        ...role(change.roleId),
        ...(change.allowlistIds === 'unreadable' ? [] : [ALLOWLIST]),
      ];
    case 'allowlist.set':
      return [ALLOWLIST, DEFAULT_ROLE, ...(change.afterIds ?? []).flatMap(role)];
    case 'role.delete':
      return [...role(change.roleId), { kind: 'members', roleId: change.roleId }, DEFAULT_ROLE];
  }
}

/** The roles that a plan relied on. */
export function rolesReliedOn({ fingerprints }: Pick<Plan, 'fingerprints'>): RoleId[] {
  return fingerprints.flatMap(({ of }) => (of.kind === 'role' ? [of.roleId] : []));
}

/** The people that a plan relied on. */
export function peopleReliedOn({ fingerprints }: Pick<Plan, 'fingerprints'>): PersonId[] {
  return fingerprints.flatMap(({ of }) => (of.kind === 'person' ? [of.personId] : []));
}

/** The names of live roles that forced a temporary name to be a later one. */
export function blockingNames(changes: readonly Change[], live: Iterable<Role>): ObjectRef[] {
  const roles = [...live];
  return changes
    .filter(isTemporary)
    .flatMap(({ roleId, after }) => rolesThatBlock({ id: roleId, name: after.name }, roles))
    .map((blocker) => name(blocker.name));
}

function role(id: PlanRoleId): ObjectRef[] {
  return typeof id === 'number' ? [{ kind: 'role', roleId: id }] : [];
}

function name(text: string): ObjectRef {
  return { kind: 'name', name: text };
}
