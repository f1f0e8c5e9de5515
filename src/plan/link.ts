import { MANAGE_ROLES, byCodeUnit } from '../model/grant.js';
import { liveKey } from '../model/role.js';
import type { RoleKey } from '../model/role.js';
import type { Draft, GrantsSet, PlanRoleId } from './change.js';
import type { DeriveInput } from './derive-input.js';

/** Fills in who waits for whom (design section 5): after a failed shrink nobody is moved in, after a failed move no growth is written. */
export function linkChanges(changes: readonly Draft[], { live, flows, dependencies }: DeriveInput): Draft[] {
  const made = new Map(
    changes.filter((change) => change.kind === 'role.create').map((change) => [change.roleId, change.id]),
  );
  const writes = new Map<PlanRoleId, Extract<Draft, { kind: 'grants.set' }>[]>();
  for (const change of changes) {
    if (change.kind !== 'grants.set') continue;
    const list = writes.get(change.roleId) ?? [];
    writes.set(change.roleId, list);
    list.push(change);
  }
  const early = changes.filter(
    (change, index) =>
      (change.kind === 'allowlist.set' || change.kind === 'defaultRole.set') &&
      changes.slice(index).some((later) => later.kind === 'grants.set' && later.stage !== 'last'),
  );
  const moveOfPerson = new Map<number, string>();
  for (const change of changes) {
    if (change.kind === 'members.move')
      for (const move of change.people) moveOfPerson.set(move.id, change.id);
  }
  const leaving = new Map<RoleKey, string[]>();
  for (const flow of flows) {
    if (flow.from === flow.to) continue;
    const list = leaving.get(flow.from) ?? [];
    leaving.set(flow.from, list);
    list.push(moveOfPerson.get(flow.people[0] ?? 0) ?? '');
  }
  const leaversOf = (roleId: PlanRoleId | null): string[] =>
    typeof roleId === 'number' ? (leaving.get(liveKey(roleId)) ?? []) : [];
  const create = (roleId: PlanRoleId | null): string[] => {
    const found = roleId === null ? undefined : made.get(roleId as `new:${string}`);
    return found ? [found] : [];
  };
  const grantsOf = (roleId: PlanRoleId | null, stage?: GrantsSet['stage']): string[] =>
    ((roleId !== null && writes.get(roleId)) || [])
      .filter((write) => stage === undefined || write.stage === stage)
      .map((write) => write.id);

  const needs = (change: Draft, index: number): string[] => {
    switch (change.kind) {
      case 'role.create':
      case 'role.update':
        return [...change.dependsOn];
      case 'grants.set': {
        const gainsPower =
          dependencies.closure(change.after).has(MANAGE_ROLES) && !change.before.includes(MANAGE_ROLES);
        const first =
          change.stage === 'before-moves'
            ? []
            : [...grantsOf(change.roleId, 'before-moves'), ...leaversOf(change.roleId)];
        return [...create(change.roleId), ...first, ...(gainsPower ? early.map((one) => one.id) : [])];
      }
      case 'members.move':
        return [...create(change.roleId), ...grantsOf(change.roleId, 'before-moves')];
      case 'defaultRole.set':
        return [
          ...create(change.roleId),
          ...(early.some((one) => one.id === change.id) ? [] : grantsOf(change.roleId)),
        ];
      case 'allowlist.set': {
        const before = changes.slice(0, index);
        const on = new Set(change.afterIds ?? []);
        return [
          ...(change.afterIds ?? []).flatMap(create),
          ...before
            .filter((one) => one.kind === 'defaultRole.set' || one.kind === 'allowlist.set')
            .map((one) => one.id),
          ...before
            .filter(
              (one) =>
                one.kind === 'grants.set' && one.before.includes(MANAGE_ROLES) && on.has(one.roleId ?? 0),
            )
            .map((one) => one.id),
        ];
      }
      case 'role.delete':
        return [
          ...leaversOf(change.roleId),
          ...(live.defaultRole === liveKey(change.roleId) ? ['defaultRole.set'] : []),
          ...changes.filter((one) => one.kind === 'allowlist.set').map((one) => one.id),
        ];
    }
  };
  const known = new Set(changes.map((change) => change.id));
  return changes.map((change, index) => ({
    ...change,
    dependsOn: ids(needs(change, index)).filter((id) => id !== change.id && known.has(id)),
  }));
}

/** Change ids, sorted, each once. */
export function ids(list: readonly string[]): string[] {
  return [...new Set(list)].sort(byCodeUnit);
}
