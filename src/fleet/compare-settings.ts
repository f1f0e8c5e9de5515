import { byCodeUnit } from '../model/sort.js';
import type { State } from '../model/state.js';
import type { ComparedSetting } from './comparison.js';
import type { KnownStates, SettingCell } from './compared-instance.js';

/** Compares the settings that the base manages. */
export function settingCells({ live, base, own, extendsBase }: KnownStates): SettingCell[] {
  const cell = (
    setting: SettingCell['setting'],
    valueOf: (state: State) => ComparedSetting['base'],
    isManaged: boolean,
  ): SettingCell => {
    const [value, wanted, asked] = [valueOf(live), valueOf(base.state), valueOf(own.state)];
    const isSame = (one: ComparedSetting['base']): boolean => JSON.stringify(one) === JSON.stringify(value);
    const isAsked = (extendsBase || isManaged) && isSame(asked);
    // A default role may have any name.
    const isRead = setting !== 'allowlist' || value !== 'unreadable';
    return { setting, base: wanted, value, isRead, isAsBase: isRead && isSame(wanted), isAsked };
  };
  return [
    ...(base.managesDefaultRole ? [cell('defaultRole', defaultRoleOf, own.managesDefaultRole)] : []),
    ...(base.managesAllowlist ? [cell('allowlist', allowlistOf, own.managesAllowlist)] : []),
  ];
}

function defaultRoleOf({ roles, defaultRole }: State): string {
  return roles.get(defaultRole)?.name ?? '';
}

function allowlistOf({ roles, allowlist }: State): string | readonly string[] {
  if (typeof allowlist === 'string') return allowlist;
  return allowlist.flatMap((key) => roles.get(key)?.name ?? []).sort(byCodeUnit);
}
