import type { RoleKey } from '../model/role.js';
import type { State } from '../model/state.js';
import type { ComparedSetting, RoleDifference } from './comparison.js';

/** What a manifest wants of an instance. */
export interface WantedState {
  state: State;
  /** The roles that it names → their keys: live, or to be made. Null where a pin is not a live role. */
  roles: ReadonlyMap<string, RoleKey | null>;
  /** Names that must not exist. */
  removed: ReadonlySet<string>;
  /** Names that it marks as unmanaged. */
  leftAlone: ReadonlySet<string>;
  unmanagedRoles: 'ignore' | 'report' | 'fail' | 'delete';
  managesDefaultRole: boolean;
  managesAllowlist: boolean;
}

/** An instance as it is, and as the base and its own manifest want it. */
export interface InstanceStates {
  live: State;
  base: WantedState;
  /** Worked out only where something differs from the base. */
  own: () => WantedState;
  /** Does its manifest extend the base? Then every difference between the two is asked for. */
  extendsBase: boolean;
}

/** The same with what the manifest of the instance wants. */
export type KnownStates = Omit<InstanceStates, 'own'> & { own: WantedState };

/** Why a role counts that neither the base nor the instance's manifest wants. */
export type Surplus =
  /** No one names it: it counts where instances differ in it. */
  | 'unnamed'
  /** The policy ignores such roles. */
  | 'ignored'
  /** The base removes it, or the policy wants no such role. */
  | 'unwanted';

/** A role of one instance beside the base. */
export interface RoleCell {
  role: string;
  copy: number;
  inBase: boolean;
  present: boolean;
  asked: RoleDifference;
  unasked: RoleDifference;
  /** Null for a role that the base or the manifest wants. */
  surplus: Surplus | null;
}

/** A setting of one instance beside the base. */
export interface SettingCell {
  setting: ComparedSetting['setting'];
  base: ComparedSetting['base'];
  value: ComparedSetting['base'];
  isAsBase: boolean;
  isAsked: boolean;
}

/** How one instance compares with the base. */
export interface ComparedInstance {
  instance: string;
  roles: readonly RoleCell[];
  settings: readonly SettingCell[];
}
