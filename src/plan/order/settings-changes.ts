import equal from 'fast-deep-equal';
import { allowlistOf, allowlistWithDefault } from '../../model/allowlist.js';
import { byCodeUnit } from '../../model/sort.js';
import { MANAGE_ROLES } from '../../model/grant.js';
import { planRoleId } from '../../model/role.js';
import type { Role, RoleKey } from '../../model/role.js';
import { roleAt } from '../../model/state.js';
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
  const { managesAllowlist, state: end } = input.desired;
  const managers = newManagers(input);
  const settings = openSettings(input);
  const early: ChangeDraft[] = [];
  const late: ChangeDraft[] = [];
  if (settings.defaultRole() !== end.defaultRole && managers.has(settings.defaultRole()))
    early.push(settings.setDefaultRole(end.defaultRole));
  const list = settings.allowlist();
  if (managesAllowlist && typeof list !== 'string' && list.some((key) => managers.has(key))) {
    const stays = list.filter((key) => !managers.has(key));
    const to = end.allowlist === 'off' ? 'off' : allowlistOf(stays, settings.defaultRole());
    early.push(settings.setAllowlist(to, 'early'));
  }
  if (settings.defaultRole() !== end.defaultRole) late.push(settings.setDefaultRole(end.defaultRole));
  if (managesAllowlist && end.allowlist !== 'unreadable' && !equal(settings.allowlist(), end.allowlist))
    late.push(settings.setAllowlist(end.allowlist, null));
  return { early, late };
}

/** The settings after the changes made so far. */
interface Settings {
  defaultRole: () => RoleKey;
  allowlist: () => AllowlistKeys;
  /** Each returns the change. */
  setDefaultRole: (to: RoleKey) => ChangeDraft;
  setAllowlist: (to: AllowlistKeys, step: ChangeDraftOf<'allowlist.set'>['step']) => ChangeDraft;
}

function openSettings({ live, desired }: DeriveInput): Settings {
  let { defaultRole, allowlist } = live;
  const roleOf = (key: RoleKey): Role => desired.state.roles.get(key) ?? roleAt(live, key);
  const name = (key: RoleKey): string => roleOf(key).name;
  const id = (key: RoleKey): PlanRoleId => planRoleId(roleOf(key));
  const names = (keys: AllowlistKeys): readonly string[] | 'off' =>
    typeof keys === 'string' ? 'off' : keys.map(name).sort(byCodeUnit);
  return {
    defaultRole: () => defaultRole,
    allowlist: () => allowlist,
    setDefaultRole: (to) => {
      const change: ChangeDraft = {
        kind: 'defaultRole.set',
        step: null,
        role: name(to),
        roleId: id(to),
        before: name(defaultRole),
        after: name(to),
        allowlistIds: typeof allowlist === 'string' ? allowlist : allowlist.map(id),
      };
      defaultRole = to;
      allowlist = allowlistWithDefault(allowlist, to);
      return change;
    },
    setAllowlist: (to, step) => {
      const change: ChangeDraft = {
        kind: 'allowlist.set',
        step,
        role: null,
        roleId: null,
        before: names(allowlist),
        after: names(to),
        afterIds: typeof to === 'string' ? null : to.map(id),
        defaultRoleId: id(defaultRole),
      };
      allowlist = to;
      return change;
    },
  };
}
