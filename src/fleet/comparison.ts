import type { Grant } from '../model/grant.js';
import type { FleetDocument, FleetRow, FleetSelection } from './document.js';

/** Version of the comparison's format. */
export const COMPARISON_FORMAT = 1;

/** The side that is compared with the base: live state, snapshots, or the manifests of the instances. */
export type ComparisonSource = 'live' | 'snapshots' | 'manifests';

/**
 * How a role or setting compares with the base. `by-overlay`: it differs, and the manifest of the instance asks for the
 * whole difference. `differs`: part of the difference is in no manifest. `unmanaged`: neither the base nor a manifest
 * names it, and it is the same on all instances or ignored by the policy.
 */
export type Standing = 'as-base' | 'by-overlay' | 'differs' | 'unmanaged';

/** How a setting compares with the base. `unreadable`: it cannot be read on these instances, so it is not known to equal the base. */
export type SettingStanding = Standing | 'unreadable';

/** Standings in the order of reports: those that need attention first. */
export const STANDINGS: readonly Standing[] = ['differs', 'by-overlay', 'unmanaged', 'as-base'];

/** The difference between a role and the base. A role that the base lacks differs in everything that it holds. */
export interface RoleDifference {
  /** `absent`: the base has it and the instance does not. `extra`: the other way round. Null: both have it. */
  presence: 'absent' | 'extra' | null;
  /** The live name, if it differs; for an absent role, the name of a similar live role. */
  name: string | null;
  /** The description, if it differs; '' for none. */
  description: string | null;
  /** Sorted. */
  added: readonly Grant[];
  removed: readonly Grant[];
  /** Numbers of people. */
  membersAdded: number;
  membersRemoved: number;
}

/** Instances on which a role has the same difference. */
export interface RoleVariant {
  standing: Standing;
  /** Is the role on these instances? */
  present: boolean;
  /** The part of the difference that the instances' manifests ask for. */
  asked: RoleDifference;
  /** The part that no manifest asks for. */
  unasked: RoleDifference;
  /** Sorted. */
  instances: readonly string[];
}

/** A role, and its variants across the instances that could be compared. */
export interface ComparedRole {
  role: string;
  /** 1, or more if an instance has several live roles with one name. */
  copy: number;
  /** Does the base have it? */
  inBase: boolean;
  /** Sorted by number of instances, most first. Every instance that could be compared is in exactly one. */
  variants: readonly RoleVariant[];
}

/** Instances with one value of a setting. */
export interface SettingVariant {
  standing: SettingStanding;
  /** A role's name, sorted names, or `off` or `unreadable`. */
  value: string | readonly string[];
  instances: readonly string[];
}

/** A setting that the base has. */
export interface ComparedSetting {
  setting: 'defaultRole' | 'allowlist';
  base: string | readonly string[];
  variants: readonly SettingVariant[];
}

/** The number of roles of an instance by standing. Roles that are neither in the base nor on the instance do not count. */
export type StandingCounts = Readonly<Record<Standing, number>> & {
  /** Settings that cannot be read. Left out if there are none. */
  readonly unreadable?: number;
};

/** The result of a comparison for one instance. `drift`: something differs that no overlay asks for. */
export type ComparisonRow = Pick<
  FleetRow,
  'instance' | 'labels' | 'wave' | 'status' | 'exit' | 'because' | 'problems' | 'refusals' | 'ms' | 'requests'
> & {
  /** Roles and settings; null if the instance could not be compared. */
  counts: StandingCounts | null;
};

/** Counts of instances by result, and of roles that differ. */
export interface ComparisonSummary {
  instances: number;
  /** Nothing differs, and everything was compared. */
  asBase: number;
  /** Something differs, overlays ask for all of it, and everything was compared. */
  byOverlay: number;
  differs: number;
  /** Failed, refused and invalid ones. */
  unreadable: number;
  /** A setting cannot be read, and nothing else differs without an overlay that asks for it. Left out if there are none. */
  partlyCompared?: number;
  notStarted: number;
  suspended: number;
  roles: number;
  /** Roles that differ somewhere without an overlay that asks for it. */
  rolesThatDiffer: number;
  exit: number;
}

/** How the roles of many instances compare with a base. Plain JSON. */
export interface ComparisonDocument {
  formatVersion: typeof COMPARISON_FORMAT;
  kind: 'comparison';
  /** Version of the program that made it. */
  madeBy: string;
  /** ISO 8601, UTC. */
  madeAt: string;
  fleet: string;
  inventory: FleetDocument['inventory'];
  selection: FleetSelection;
  source: ComparisonSource;
  /** The file of the base, relative to the working directory. */
  base: string;
  summary: ComparisonSummary;
  /** Roles with a difference that no overlay asks for come first, then by name. */
  roles: readonly ComparedRole[];
  settings: readonly ComparedSetting[];
  /** Sorted by instance. */
  rows: readonly ComparisonRow[];
}
