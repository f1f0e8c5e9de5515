import { sameAllowlist } from '../apply/compare-allowlist.js';
import { SYSTEM_ROLES, liveKey } from '../model/role.js';
import type { LiveAllowlist, Snapshot } from '../model/snapshot.js';
import { sortKeys, stateOf } from '../model/state.js';
import type { State } from '../model/state.js';
import type { RollbackContext } from './context.js';

/** Default role and allowlist as they are after a rollback. */
export interface RestoredSettings extends Pick<State, 'defaultRole' | 'allowlist'> {
  /** Did the run change the allowlist? */
  managesAllowlist: boolean;
}

/** Takes the settings back as far as the run changed them. */
export function restoreSettings(context: RollbackContext): RestoredSettings {
  const { before, result: left, live } = context;
  const defaultRole = defaultBack(context);
  const changesList =
    left.settings.some((one) => !sameIds(one.allowlist, before.allowlist)) ||
    (typeof before.allowlist !== 'string' && before.allowlist.some((id) => left.deleted.has(id)));
  const managesAllowlist =
    changesList && before.allowlist !== 'unreadable' && live.allowlist !== 'unreadable';
  return {
    defaultRole,
    allowlist: managesAllowlist ? listBack(context, defaultRole) : listAsLive(live, defaultRole),
    managesAllowlist,
  };
}

function defaultBack({
  before,
  result: left,
  live,
  restoredKey: backKey,
  nameOf,
  conflicts: moved,
}: RollbackContext): State['defaultRole'] {
  const now = stateOf(live).defaultRole;
  const touched = left.settings.some((one) => one.defaultRoleId !== before.defaultRoleId);
  if (!touched || live.defaultRoleId === before.defaultRoleId) return now;
  const key = backKey(before.defaultRoleId);
  const asLeft = left.settings.some((one) => one.defaultRoleId === live.defaultRoleId);
  if (asLeft && key !== null) return key;
  const values = asLeft
    ? { before: nameOf(before.defaultRoleId), now: null }
    : { before: nameOf(left.settings.at(-1)?.defaultRoleId), now: nameOf(live.defaultRoleId) };
  moved.push({ of: { kind: 'defaultRole' }, label: 'the default role', field: 'role', ...values });
  return now;
}

/** Domo puts a new default on the list by itself (docs/reference/domo-api.md). */
function listAsLive(live: Snapshot, defaultRole: State['defaultRole']): State['allowlist'] {
  const { allowlist, defaultRole: now } = stateOf(live);
  if (typeof allowlist === 'string' || defaultRole === now) return allowlist;
  return sortKeys([...allowlist, defaultRole]);
}

function listBack(
  { before, result: left, live, restoredKey: backKey, nameOf, conflicts: moved }: RollbackContext,
  defaultRole: State['defaultRole'],
): State['allowlist'] {
  if (!isLive(live, before.allowlist) && !left.settings.some((one) => isLive(live, one.allowlist))) {
    const named = (list: LiveAllowlist): unknown => (typeof list === 'string' ? list : list.map(nameOf));
    moved.push({
      of: { kind: 'allowlist' },
      label: 'the roles allowlist',
      field: 'roles',
      before: named(left.settings.at(-1)?.allowlist ?? before.allowlist),
      now: named(live.allowlist),
    });
  }
  if (typeof before.allowlist === 'string') return 'off';
  const keys = before.allowlist.flatMap((id) => backKey(id) ?? []);
  return sortKeys([...keys, liveKey(SYSTEM_ROLES.Social), defaultRole]);
}

/** Is the live list this one? Roles that are gone since cannot be on it. */
function isLive(live: Snapshot, list: LiveAllowlist): boolean {
  if (typeof list === 'string') return live.allowlist === list;
  const ids = new Set(live.roles.map((role) => role.id));
  const there = list.filter((id) => ids.has(id));
  return sameAllowlist(live.allowlist, there, live.defaultRoleId);
}

/** The same list, id by id. Both sorted. */
function sameIds(one: LiveAllowlist, other: LiveAllowlist): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  return one.length === other.length && one.every((id, index) => id === other[index]);
}
