import type { RoleKey } from '../model/role.js';
import type { State } from '../model/state.js';
import type { ComparedSetting, RoleDifference } from './comparison.js';

/** The end state that a manifest describes for an instance. */
export interface WantedState {
  state: State;
  /** Role names in the manifest → their keys: live, or to be created. Null if a pinned id is not live. */
  roles: ReadonlyMap<string, RoleKey | null>;
  /** Names of roles that must not exist. */
  removed: ReadonlySet<string>;
  /** Names that it marks as unmanaged. */
  leftAlone: ReadonlySet<string>;
  unmanagedRoles: 'ignore' | 'report' | 'fail' | 'delete';
  managesDefaultRole: boolean;
  managesAllowlist: boolean;
}

/** The live state of an instance, and the end states of the base and of its own manifest. */
export interface InstanceStates {
  live: State;
  base: WantedState;
  /** Computed only if something differs from the base. */
  own: () => WantedState;
  /** Does its manifest extend the base? If so, every difference between the two is intended. */
  extendsBase: boolean;
}

/** The same, with the end state of the instance's own manifest computed. */
export type KnownStates = Omit<InstanceStates, 'own'> & { own: WantedState };

/** Why a role that neither the base nor the instance's manifest wants is compared. */
export type ExtraRoleReason =
  /** No manifest names it: it is a difference only if it is not the same on all instances. */
  | 'unnamed'
  /** The policy ignores such roles. */
  | 'ignored'
  /** The base removes it, or the policy wants no such role. */
  | 'unwanted';

/** A role of one instance compared with the base. */
export interface RoleCell {
  role: string;
  copy: number;
  inBase: boolean;
  present: boolean;
  asked: RoleDifference;
  unasked: RoleDifference;
  /** Null for a role that the base or the manifest wants. */
  surplus: ExtraRoleReason | null;
}

/** A setting of one instance compared with the base. */
export interface SettingCell {
  setting: ComparedSetting['setting'];
  base: ComparedSetting['base'];
  value: ComparedSetting['base'];
  /** False for an allowlist that cannot be read: it is neither a difference nor known to equal the base. */
  isRead: boolean;
  isAsBase: boolean;
  isAsked: boolean;
}

/** How one instance compares with the base. */
export interface ComparedInstance {
  instance: string;
  roles: readonly RoleCell[];
  settings: readonly SettingCell[];
}
