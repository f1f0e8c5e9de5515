import { compareStates } from '../../src/diff/compare.js';
import { dependenciesOf } from '../../src/model/closure.js';
import { MANAGE_ROLES, grantList } from '../../src/model/grant.js';
import { placementOf } from '../../src/model/placement.js';
import { liveKey, newRole } from '../../src/model/role.js';
import type { Role, RoleKey } from '../../src/model/role.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { roleAt, sortKeys, stateOf } from '../../src/model/state.js';
import type { AllowlistKeys } from '../../src/model/state.js';
import { cohortsOf } from '../../src/plan/order/cohorts.js';
import type { DeriveInput } from '../../src/plan/order/derive-input.js';
import { liveRole, person, snapshotOf } from './arbitraries.js';

/**
 * A short form of a plan: each pair is before and after. Grants are letters separated by spaces; M is
 * `authorization.roles`.
 */
export interface OrderCase {
  /** By name; null if the role does not exist. A created role starts without grants. */
  roles?: Readonly<Record<string, readonly [string | null, string | null]>>;
  people?: Readonly<Record<number, readonly [string, string]>>;
  /** The acting person; no one by default. */
  me?: number;
  defaultRole?: readonly [string, string];
  allowlist?: readonly [readonly string[] | 'off', readonly string[] | 'off'];
  /** Grant → its dependencies. */
  needs?: Readonly<Record<string, string>>;
}

/** A list of grants from letters. */
export function letters(text: string): string[] {
  return grantList(
    text
      .split(' ')
      .filter((one) => one !== '')
      .map((one) => (one === 'M' ? MANAGE_ROLES : one)),
  );
}

/** The input from which changes are derived. Live roles have the ids 100, 101 and so on, in the given order. */
export function orderInput(wanted: OrderCase): DeriveInput {
  const { roles = {}, people = {}, defaultRole, allowlist = ['off', 'off'] } = wanted;
  const names = Object.keys(roles);
  const before = names.filter((name) => roles[name]?.[0] !== null);
  const idOf = new Map([
    ...before.map((name, index): [string, number] => [name, 100 + index]),
    ...Object.entries({ Admin: 1, Privileged: 2, Editor: 3, Participant: 4, Social: 5 }),
  ]);
  const keyOf = (name: string): RoleKey => {
    const id = idOf.get(name);
    return id === undefined ? `new:${name}` : liveKey(id);
  };
  const catalogue: Snapshot['catalogue'] = letters('M a b c d e').map((grant) => {
    const letter = grant === MANAGE_ROLES ? 'M' : grant;
    const dependsOn = letters(wanted.needs?.[letter] ?? '');
    return { grant, title: grant, group: 'G', dependsOn, adminLevel: null, features: [] };
  });
  const ids = (list: readonly string[] | 'off'): readonly number[] | 'off' =>
    typeof list === 'string' ? list : list.map((name) => idOf.get(name) ?? 0);
  const snapshot = snapshotOf({
    custom: before.map((name) => liveRole(idOf.get(name) ?? 0, name, letters(roles[name]?.[0] ?? ''))),
    persons: Object.entries(people).map(([id, [from]]) => person(Number(id), idOf.get(from) ?? 0)),
    me: null,
    catalogue,
    defaultRoleId: idOf.get(defaultRole?.[0] ?? 'Participant') ?? 4,
    allowlist: ids(allowlist[0]),
  });
  const live = stateOf(snapshot);
  const endRoles = new Map<RoleKey, Role>(live.roles);
  const starts = new Map<
    RoleKey,
    { from: ReturnType<typeof roleAt<Role>> & { id: number; key: `#${number}` }; grants: string[] }
  >();
  for (const [name, [, after]] of Object.entries(roles)) {
    const key = keyOf(name);
    const role = endRoles.get(key);
    if (after === null) endRoles.delete(key);
    else if (role) {
      const grants = letters(after);
      endRoles.set(key, grants.join() === role.grants.join() ? role : { ...role, grants });
    } else {
      endRoles.set(key, newRole({ name, description: '', grants: letters(after) }));
      starts.set(key, { from: roleAt(live, liveKey(5)), grants: [] });
    }
  }
  const moved = Object.entries(people)
    .filter(([, [from, to]]) => from !== to)
    .map(([id, [, to]]): [number, RoleKey] => [Number(id), keyOf(to)]);
  const list: AllowlistKeys =
    typeof allowlist[1] === 'string' ? allowlist[1] : sortKeys(allowlist[1].map(keyOf));
  const state = {
    roles: endRoles,
    people: placementOf(snapshot.people.list, new Map(moved)),
    defaultRole: keyOf(defaultRole?.[1] ?? 'Participant'),
    allowlist: list,
  };
  const differences = compareStates(live, state);
  return {
    live,
    desired: {
      state,
      starts,
      why: new Map(),
      until: new Map(),
      ends: { due: [], upcoming: [] },
      managed: new Set(),
      managesAllowlist: wanted.allowlist !== undefined,
    },
    differences,
    cohorts: cohortsOf({ live, end: state }, differences, wanted.me ?? null),
    people: snapshot.people.list,
    dependencies: dependenciesOf(catalogue),
  };
}
