import { dependenciesOf } from '../../src/model/closure.js';
import { grantList } from '../../src/model/grant.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import type { Change, PlanRoleId } from '../../src/plan/change.js';

/** The behaviour of an instance where the documented facts leave it open. */
export interface Habits {
  /** Does it add the dependencies of a grant by itself? */
  addsDependencies?: boolean;
}

/**
 * Performs changes on a snapshot as an instance would, one after the other, based only on
 * their requests. Returns the snapshot after every change.
 */
export function perform(
  start: Snapshot,
  changes: readonly Change[],
  { addsDependencies = false }: Habits = {},
): Snapshot[] {
  const made = new Map<string, number>();
  const idOf = (id: PlanRoleId): number => (typeof id === 'number' ? id : (made.get(id) as number));
  const closure = dependenciesOf(start.catalogue).closure;
  const states: Snapshot[] = [];
  let world = start;
  for (const change of changes) {
    world = next(world, change);
    states.push(world);
  }
  return states;

  function next(now: Snapshot, change: Change): Snapshot {
    const edit = (id: number, patch: object): Snapshot => ({
      ...now,
      roles: now.roles.map((role) => (role.id === id ? { ...role, ...patch } : role)),
    });
    switch (change.kind) {
      case 'role.create': {
        if (now.roles.some((role) => role.name === change.after.name))
          throw new Error(`name in use: ${change.after.name}`);
        const id = Math.max(900, ...now.roles.map((role) => role.id)) + 1;
        made.set(change.roleId, id);
        const from = now.roles.find((role) => role.id === change.after.startsFrom.roleId);
        if (!from) throw new Error('no such role to start from');
        return {
          ...now,
          roles: [
            ...now.roles,
            {
              id,
              name: change.after.name,
              description: change.after.description,
              grants: from.grants,
              userCount: 0,
              grantCount: null,
            },
          ],
        };
      }
      case 'role.update':
        if (change.roleId <= 5) throw new Error('system role');
        if (now.roles.some((role) => role.id !== change.roleId && role.name === change.after.name))
          throw new Error(`name in use: ${change.after.name}`);
        return edit(change.roleId, change.after);
      case 'grants.set': {
        const id = idOf(change.roleId);
        const grants = grantList(addsDependencies ? closure(change.after) : change.after);
        if (id <= 5) throw new Error('system role');
        if (grants.includes('authorization.roles')) {
          if (now.defaultRoleId === id) throw new Error('the default role may not manage roles');
          if (Array.isArray(now.allowlist) && now.allowlist.includes(id))
            throw new Error('a listed role may not manage roles');
        }
        return edit(id, { grants });
      }
      case 'members.move': {
        const moving = new Set(change.people.map((move) => move.id));
        const roleId = idOf(change.roleId);
        return {
          ...now,
          people: {
            scope: 'all',
            list: now.people.list.map((one) => (moving.has(one.id) ? { ...one, roleId } : one)),
          },
        };
      }
      case 'defaultRole.set': {
        const id = idOf(change.roleId);
        if (now.roles.find((role) => role.id === id)?.grants.includes('authorization.roles'))
          throw new Error('the default role may not manage roles');
        const list = typeof now.allowlist === 'string' ? now.allowlist : sorted([...now.allowlist, id]);
        return { ...now, defaultRoleId: id, allowlist: list };
      }
      case 'allowlist.set': {
        if (change.afterIds === null) return { ...now, allowlist: 'off' };
        const list = sorted([...change.afterIds.map(idOf), 5, now.defaultRoleId]);
        const bad = now.roles.some(
          (role) => list.includes(role.id) && role.grants.includes('authorization.roles'),
        );
        if (bad) throw new Error('a listed role may not manage roles');
        return { ...now, allowlist: list };
      }
      case 'role.delete': {
        if (change.roleId <= 5) throw new Error('system role');
        if (now.people.list.some((one) => one.roleId === change.roleId))
          throw new Error(`people left in ${change.role}`);
        if (now.defaultRoleId === change.roleId) throw new Error('default role');
        const list =
          typeof now.allowlist === 'string'
            ? now.allowlist
            : now.allowlist.filter((id) => id !== change.roleId);
        return { ...now, roles: now.roles.filter((role) => role.id !== change.roleId), allowlist: list };
      }
    }
  }
}

function sorted(ids: readonly number[]): number[] {
  return [...new Set(ids)].sort((a, b) => a - b);
}
