import equal from 'fast-deep-equal';
import { allowlistOf, allowlistWithDefault } from '../model/allowlist.js';
import { sameAllowlist } from '../apply/compare-allowlist.js';
import type { LiveAllowlist, Snapshot } from '../model/snapshot.js';
import { stateOf } from '../model/state.js';
import type { State } from '../model/state.js';
import type { RollbackContext } from './context.js';

/** Default role and allowlist after a rollback. */
interface RestoredSettings extends Pick<State, 'defaultRole' | 'allowlist'> {
  /** Did the run change the allowlist? */
  managesAllowlist: boolean;
}

/** Restores the default role and the allowlist if the run changed them. */
export function restoreSettings(context: RollbackContext): RestoredSettings {
  const { before, live, earlier } = context;
  const defaultRole = restoreDefaultRole(context);
  const isKnown = before.allowlist !== 'unreadable' && live.allowlist !== 'unreadable';
  const isEarlier = earlier.states.some((state) => isLive(live, state.allowlist));
  const managesAllowlist = isKnown && !isEarlier && hasChangedAllowlist(context);
  const allowlist = managesAllowlist
    ? restoreAllowlist(context, defaultRole)
    : liveAllowlist(live, defaultRole);
  return { defaultRole, allowlist, managesAllowlist };
}

/** Did the run change the allowlist, by a write or by deleting a role on it? */
function hasChangedAllowlist({ before, result }: RollbackContext): boolean {
  const { allowlist } = before;
  if (result.settings.some((one) => !equal(one.allowlist, allowlist))) return true;
  return typeof allowlist !== 'string' && allowlist.some((id) => result.deleted.has(id));
}

function restoreDefaultRole({
  before,
  result,
  live,
  earlier,
  restoredKey,
  nameOf,
  conflicts,
}: RollbackContext): State['defaultRole'] {
  const now = stateOf(live).defaultRole;
  const isChanged = result.settings.some((one) => one.defaultRoleId !== before.defaultRoleId);
  if (!isChanged || live.defaultRoleId === before.defaultRoleId || earlier.hasDefaultRole()) return now;
  const key = restoredKey(before.defaultRoleId);
  const isAsLeft = result.settings.some((one) => one.defaultRoleId === live.defaultRoleId);
  if (isAsLeft && key !== null) return key;
  const values = isAsLeft
    ? { before: nameOf(before.defaultRoleId), now: null }
    : { before: nameOf(result.settings.at(-1)?.defaultRoleId), now: nameOf(live.defaultRoleId) };
  conflicts.push({ of: { kind: 'defaultRole' }, label: 'the default role', field: 'role', ...values });
  return now;
}

/** The live allowlist, with a default role that the rollback sets. */
function liveAllowlist(live: Snapshot, defaultRole: State['defaultRole']): State['allowlist'] {
  const { allowlist, defaultRole: now } = stateOf(live);
  return defaultRole === now ? allowlist : allowlistWithDefault(allowlist, defaultRole);
}

function restoreAllowlist(
  { before, result, live, restoredKey, nameOf, conflicts }: RollbackContext,
  defaultRole: State['defaultRole'],
): State['allowlist'] {
  if (!isLive(live, before.allowlist) && !result.settings.some((one) => isLive(live, one.allowlist))) {
    const names = (list: LiveAllowlist): unknown => (typeof list === 'string' ? list : list.map(nameOf));
    conflicts.push({
      of: { kind: 'allowlist' },
      label: 'the roles allowlist',
      field: 'roles',
      before: names(result.settings.at(-1)?.allowlist ?? before.allowlist),
      now: names(live.allowlist),
    });
  }
  if (typeof before.allowlist === 'string') return 'off';
  const keys = before.allowlist.flatMap((id) => restoredKey(id) ?? []);
  return allowlistOf(keys, defaultRole);
}

/** Does this list match the live one? Ignores roles that no longer exist. */
function isLive(live: Snapshot, list: LiveAllowlist): boolean {
  if (typeof list === 'string') return live.allowlist === list;
  const ids = new Set(live.roles.map((role) => role.id));
  const existing = list.filter((id) => ids.has(id));
  return sameAllowlist(live.allowlist, existing, live.defaultRoleId);
}
