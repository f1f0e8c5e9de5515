import { ProblemError, problem } from '../problem/problem.js';
import { memoize } from './memoize.js';
import { sortedUnique } from './sort.js';
import { peopleByRole } from './person.js';
import type { Placement } from './placement.js';
import { placementOf } from './placement.js';
import { liveKey } from './role.js';
import type { ExistingRole, Role, RoleKey } from './role.js';
import type { Snapshot } from './snapshot.js';

/** The allowlist as role keys; sorted. */
export type AllowlistKeys = readonly RoleKey[] | 'off' | 'unreadable';

/**
 * The common shape of live state and end state. The end state carries over everything that the manifest leaves out, so
 * that comparing the two needs no exceptions.
 */
export interface State {
  roles: ReadonlyMap<RoleKey, Role>;
  /** All people who were read; see `Snapshot.people.scope`. */
  people: Placement;
  defaultRole: RoleKey;
  allowlist: AllowlistKeys;
}

/** The state of the instance: every role has an id. */
export interface LiveState extends State {
  roles: ReadonlyMap<RoleKey, ExistingRole>;
}

/**
 * The live state of a snapshot, built once per snapshot. Raises `bad-answer` if the snapshot contradicts itself: the role
 * of a person, or the default role, is not in the list of roles.
 */
export const stateOf = memoize((snapshot: Snapshot): LiveState => {
  requireRolesOfPeople(snapshot);
  const keys = new Set(snapshot.roles.map((role) => role.id));
  if (!keys.has(snapshot.defaultRoleId)) throw contradiction(`the default role is ${snapshot.defaultRoleId}`);
  return {
    roles: new Map(
      snapshot.roles.map((role): [RoleKey, ExistingRole] => {
        const key = liveKey(role.id);
        return [
          key,
          { key, id: role.id, name: role.name, description: role.description, grants: role.grants },
        ];
      }),
    ),
    people: placementOf(snapshot.people.list),
    defaultRole: liveKey(snapshot.defaultRoleId),
    allowlist:
      typeof snapshot.allowlist === 'string'
        ? snapshot.allowlist
        : sortKeys(snapshot.allowlist.filter((id) => keys.has(id)).map(liveKey)),
  };
});

/** Raises `bad-answer` if a person is in a role that is not in the list of roles: lists by role would leave them out. */
export function requireRolesOfPeople({ roles, people }: Pick<Snapshot, 'roles' | 'people'>): void {
  const ids = new Set(roles.map((role) => role.id));
  for (const [roleId, [first]] of peopleByRole(people.list))
    if (!ids.has(roleId)) throw contradiction(`person ${first?.id} is in role ${roleId}`);
}

function contradiction(what: string): ProblemError {
  return new ProblemError(
    problem('bad-answer', `${what}, which is not in the list of roles`, {
      hint: 'roles may have been changed while they were read: try again',
    }),
  );
}

/** Role keys sorted, without repeats. */
export function sortKeys(keys: Iterable<RoleKey>): RoleKey[] {
  return sortedUnique(keys);
}

/** The role with a key. Throws a `TypeError` if the state has none, which is a bug. */
export function roleAt<R extends Role>({ roles }: { roles: ReadonlyMap<RoleKey, R> }, key: RoleKey): R {
  const role = roles.get(key);
  if (!role) throw new TypeError(`no role ${key} in this state`);
  return role;
}
