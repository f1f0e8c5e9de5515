import { ProblemError, problem } from '../problem/problem.js';
import { byCodeUnit } from './grant.js';
import { liveKey } from './role.js';
import type { Role, RoleKey } from './role.js';
import type { Snapshot } from './snapshot.js';

/** The allowlist in terms of keys; sorted. */
export type AllowlistKeys = readonly RoleKey[] | 'off' | 'unreadable';

/**
 * The shape that live state and end state both have, so that comparing them needs no exceptions: what a
 * manifest leaves out stands in the end state as it was found.
 */
export interface State {
  roles: ReadonlyMap<RoleKey, Role>;
  /** Person id → the role they are in. Everybody who was read; see `Snapshot.people.scope`. */
  people: ReadonlyMap<number, RoleKey>;
  defaultRole: RoleKey;
  allowlist: AllowlistKeys;
}

/**
 * Live state, from a snapshot. Raises `bad-answer` where the parts of the snapshot contradict each other:
 * somebody in a role that is not listed, or a default role that is not.
 */
export function stateOf(snapshot: Snapshot): State {
  // Each key is made once: an instance has many more people than roles.
  const keys = new Map(snapshot.roles.map((role) => [role.id, liveKey(role.id)]));
  const people = new Map<number, RoleKey>();
  for (const { id, roleId } of snapshot.people.list) {
    const key = keys.get(roleId);
    if (key === undefined) throw contradiction(`person ${id} is in role ${roleId}`);
    people.set(id, key);
  }
  if (!keys.has(snapshot.defaultRoleId)) throw contradiction(`the default role is ${snapshot.defaultRoleId}`);
  return {
    roles: new Map(
      snapshot.roles.map((role): [RoleKey, Role] => {
        const key = liveKey(role.id);
        return [
          key,
          { key, id: role.id, name: role.name, description: role.description, grants: role.grants },
        ];
      }),
    ),
    people,
    defaultRole: liveKey(snapshot.defaultRoleId),
    allowlist:
      typeof snapshot.allowlist === 'string'
        ? snapshot.allowlist
        : sortKeys(snapshot.allowlist.filter((id) => keys.has(id)).map(liveKey)),
  };
}

function contradiction(what: string): ProblemError {
  return new ProblemError(
    problem('bad-answer', `${what}, which is not in the list of roles`, {
      hint: 'somebody may be changing roles at this moment: try again',
    }),
  );
}

/** `liveKey` for many people: each key is made once. */
export function liveKeys(): (id: number) => RoleKey {
  const known = new Map<number, RoleKey>();
  return (id) => {
    const hit = known.get(id);
    if (hit !== undefined) return hit;
    const key = liveKey(id);
    known.set(id, key);
    return key;
  };
}

/** Keys in their one order, each once. */
export function sortKeys(keys: Iterable<RoleKey>): RoleKey[] {
  return [...new Set(keys)].sort(byCodeUnit);
}

/** The role under a key. Raises a `TypeError` where the state has none: a fault of the program. */
export function roleAt(state: Pick<State, 'roles'>, key: RoleKey): Role {
  const role = state.roles.get(key);
  if (!role) throw new TypeError(`no role ${key} in this state`);
  return role;
}
