import { byCodeUnit } from '../../model/sort.js';
import { MANAGE_ROLES } from '../../model/grant.js';
import { SYSTEM_ROLES, liveKey, planRoleId } from '../../model/role.js';
import type { RoleKey } from '../../model/role.js';
import { roleAt, sameKeys, sortKeys } from '../../model/state.js';
import type { AllowlistKeys } from '../../model/state.js';
import type { PlanRoleId, ChangeDraft, ChangeDraftOf } from '../change.js';
import type { DeriveInput } from './derive-input.js';

/**
 * Roles that gain `authorization.roles`, directly or because another grant depends on it. An instance rejects them as the
 * default role and on the allowlist.
 */
function newManagers({ differences, dependencies }: DeriveInput): ReadonlySet<RoleKey> {
  return new Set(
    differences.flatMap((difference) => {
      if (difference.kind !== 'grants' || difference.before.grants.includes(MANAGE_ROLES)) return [];
      return dependencies.closure(difference.after.grants).has(MANAGE_ROLES) ? [difference.key] : [];
    }),
  );
}

/**
 * The changes of default role and allowlist. `early` ones come before grants, so that a role may gain
 * `authorization.roles`; all others come after.
 */
export function settingChanges(input: DeriveInput): { early: ChangeDraft[]; late: ChangeDraft[] } {
  const { live, desired } = input;
  const end = desired.state;
  const managers = newManagers(input);
  const name = (key: RoleKey): string => (end.roles.get(key) ?? roleAt(live, key)).name;
  const id = (key: RoleKey): PlanRoleId => planRoleId(end.roles.get(key) ?? roleAt(live, key));
  const early: ChangeDraft[] = [];
  const late: ChangeDraft[] = [];
  let list: AllowlistKeys = live.allowlist;
  let current = live.defaultRole;

  const setDefault = (): ChangeDraft => {
    const change: ChangeDraft = {
      kind: 'defaultRole.set',
      step: null,
      role: name(end.defaultRole),
      roleId: id(end.defaultRole),
      before: name(current),
      after: name(end.defaultRole),
      allowlistIds: typeof list === 'string' ? list : list.map(id),
    };
    current = end.defaultRole;
    // Domo adds a new default to the list by itself and keeps the old one there.
    if (typeof list !== 'string') list = sortKeys([...list, end.defaultRole]);
    return change;
  };
  const names = (keys: AllowlistKeys): readonly string[] | 'off' =>
    typeof keys === 'string' ? 'off' : keys.map(name).sort(byCodeUnit);
  const setList = (to: AllowlistKeys, step: ChangeDraftOf<'allowlist.set'>['step']): ChangeDraft => {
    const change: ChangeDraft = {
      kind: 'allowlist.set',
      step,
      role: null,
      roleId: null,
      before: names(list),
      after: names(to),
      afterIds: typeof to === 'string' ? null : to.map(id),
      defaultRoleId: id(current),
    };
    list = to;
    return change;
  };

  if (current !== end.defaultRole && managers.has(current)) early.push(setDefault());
  if (desired.managesAllowlist && typeof list !== 'string' && list.some((key) => managers.has(key))) {
    const stays = list.filter((key) => !managers.has(key));
    early.push(
      setList(
        end.allowlist === 'off' ? 'off' : sortKeys([...stays, liveKey(SYSTEM_ROLES.Social), current]),
        'early',
      ),
    );
  }
  if (current !== end.defaultRole) late.push(setDefault());
  if (desired.managesAllowlist && end.allowlist !== 'unreadable' && !sameKeys(list, end.allowlist)) {
    late.push(setList(end.allowlist, null));
  }
  return { early, late };
}
