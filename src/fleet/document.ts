import type { Grant } from '../model/grant.js';
import type { Refusal } from '../model/refusal.js';
import type { PlanWarning } from '../plan/plan.js';
import type { GroupChange } from './group-changes.js';

/** Version of the fleet document's format. */
export const FLEET_FORMAT = 1;

/** The status of an instance. `suspended` and `not-started` had no run; `missing` comes from `merge` alone. */
export type RowStatus =
  | 'clean'
  | 'changes'
  | 'drift'
  | 'done'
  | 'incomplete'
  | 'refused'
  | 'invalid'
  | 'failed'
  | 'not-started'
  | 'suspended'
  | 'missing';

/** Every status, in the order in which reports count them: what needs a person first. */
export const ROW_STATUSES: readonly RowStatus[] = [
  'incomplete',
  'failed',
  'invalid',
  'refused',
  'missing',
  'not-started',
  'drift',
  'changes',
  'done',
  'clean',
  'suspended',
];

/** The verbs that leave a fleet document. */
export type FleetCommand = 'plan' | 'apply' | 'drift' | 'doctor' | 'export' | 'rollback';

/** How much changes, or differs, on one instance or on all of them. */
export interface RowSummary {
  created: number;
  deleted: number;
  moved: number;
  grantsAdded: number;
  grantsRemoved: number;
}

/** Who gains a protected grant on one instance. */
export interface ProtectedGain {
  grant: Grant;
  title: string | null;
  /** Addresses, or `id N` where the instance has none. Sorted. */
  people: readonly string[];
}

/** An earlier attempt at the same instance: its writes count. */
export interface Attempt {
  status: RowStatus;
  runId: string | null;
  /** A write was sent, or may have been. */
  sent: boolean;
  because: string | null;
}

/** The row of one instance in a fleet document. */
export interface FleetRow {
  instance: string;
  labels: Readonly<Record<string, string>>;
  wave: string;
  status: RowStatus;
  /** The exit code that the single command would have ended with; null for a row without a run. */
  exit: number | null;
  /** Null where nothing was planned. */
  summary: RowSummary | null;
  protected: readonly ProtectedGain[];
  refusals: readonly Refusal[];
  problems: readonly PlanWarning[];
  /** Codes of the warnings, each once, sorted. */
  warnings: readonly string[];
  /** Why it has this status, in a sentence without a full stop; null where the status is enough. */
  because: string | null;
  /** The instance's own document, relative to the folder of the fleet document; null where there is none. */
  document: string | null;
  /** `sha256:` of the plan without its times; null where there is no plan. */
  digest: string | null;
  /** The run of `apply` and `rollback`; null where nothing was written. */
  runId: string | null;
  /** A write was sent, or may have been, by this attempt. */
  sent: boolean;
  /** Earlier attempts, the first one first. */
  attempts: readonly Attempt[];
  /** Milliseconds. */
  ms: number;
  requests: number;
}

/** What was selected, and how. */
export interface FleetSelection {
  /** The flags as given; a flag that was left out is not here. */
  flags: Readonly<Record<string, string | readonly string[]>>;
  /** `sha256:` over the names of the whole selection, before it was split into shards. */
  digest: string;
  /** The names that this document is about: of a shard, its own. Sorted. */
  names: readonly string[];
  /** The part of the selection that this document is about, from 1; null for all of it. */
  shard: { index: number; count: number } | null;
  /** Beside a shard alone: the names of the whole selection. Sorted. */
  all?: readonly string[];
}

/** Instances with the same plan: ids left out, people as their number. */
export interface FleetGroup {
  status: RowStatus;
  /** Sorted. */
  instances: readonly string[];
  summary: RowSummary;
  changes: readonly GroupChange[];
  /** Sorted codes. */
  refusals: readonly string[];
  warnings: readonly string[];
}

/** A wave and how it ended. */
export interface FleetWave {
  name: string;
  instances: number;
  failures: number;
  /** More than this many failures stop the run after this wave. */
  mayFail: number;
  /** The same as the inventory has it: a number, or a share such as `10%`. */
  limit: number | string;
  state: 'done' | 'failed' | 'not-started';
}

/** A count per status, the work in all rows, and the exit code of the run. */
export type FleetSummary = Readonly<Record<RowStatus, number>> &
  RowSummary & { instances: number; exit: number };

/** The inventory that a run read, and what it limits an apply to. */
export interface InventoryFacts {
  /** Relative to where the command started. */
  file: string;
  digest: string;
  /** Its entries, selected or not. */
  instances: number;
  minInstances: number | null;
  /** As a number, also where the inventory has a share. */
  maxInstances: number | null;
}

/** What a run over many instances found or did. Plain JSON. */
export interface FleetDocument {
  formatVersion: typeof FLEET_FORMAT;
  kind: 'fleet';
  command: FleetCommand;
  /** Version of the program that made it. */
  madeBy: string;
  /** ISO 8601, UTC. */
  madeAt: string;
  fleet: string;
  inventory: InventoryFacts;
  selection: FleetSelection;
  summary: FleetSummary;
  /** Refusals of the fleet as a whole. */
  refusals: readonly Refusal[];
  waves: readonly FleetWave[];
  groups: readonly FleetGroup[];
  /** Sorted by instance. */
  rows: readonly FleetRow[];
}

/** The statuses that are no failure. */
const WELL: ReadonlySet<RowStatus> = new Set(['clean', 'changes', 'drift', 'done', 'suspended']);

/** Is this row a failure? A row that was not started does not count as one. */
export function isFailure({ status }: Pick<FleetRow, 'status'>): boolean {
  return !WELL.has(status) && status !== 'not-started';
}
