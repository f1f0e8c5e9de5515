import type { Grant } from '../model/grant.js';
import type { Refusal } from '../model/refusal.js';
import type { PlanWarning } from '../plan/plan.js';
import type { GroupChange } from './group-changes.js';

/** Version of the fleet document's format. */
export const FLEET_FORMAT = 1;

/** The files in the folder of a run over many instances. */
export const FLEET_FILES = { document: 'fleet.json', log: 'fleet.jsonl', instances: 'instances' } as const;

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

/** Every status in the order of reports: those that need attention first. */
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

/** The commands that write a fleet document. `dry-run` is `apply --dry-run`, which writes to no instance. */
export type FleetCommand = 'plan' | 'apply' | 'dry-run' | 'drift' | 'doctor' | 'export' | 'rollback';

/** Counts of changes or differences on one instance or on all. */
export interface RowSummary {
  created: number;
  deleted: number;
  moved: number;
  grantsAdded: number;
  grantsRemoved: number;
}

/** The people who gain a protected grant on one instance. */
export interface ProtectedGain {
  grant: Grant;
  title: string | null;
  /** Addresses, or `id N` if the instance has none. Sorted. */
  people: readonly string[];
}

/** An earlier attempt at the same instance. Its writes count for the exit code, not in the summary of the row. */
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
  /** The exit code that the command for a single instance would have; null for a row without a run. */
  exit: number | null;
  /** Null if nothing was planned. */
  summary: RowSummary | null;
  protected: readonly ProtectedGain[];
  refusals: readonly Refusal[];
  problems: readonly PlanWarning[];
  /** Codes of the warnings, each once, sorted. */
  warnings: readonly string[];
  /** The reason for the status, a sentence without a full stop; null if the status needs none. */
  because: string | null;
  /** The instance's own document, relative to the folder of the fleet document; null if there is none. */
  document: string | null;
  /** `sha256:` of the plan without its timestamps; null if there is no plan. */
  digest: string | null;
  /** The run id of `apply` or `rollback`; null if nothing was written. */
  runId: string | null;
  /** A write was sent, or may have been, by this attempt. */
  sent: boolean;
  /** Earlier attempts, the first one first. */
  attempts: readonly Attempt[];
  /** In milliseconds. */
  ms: number;
  requests: number;
}

/** The selected instances, and the flags that selected them. */
export interface FleetSelection {
  /** The flags as given; a flag that was left out is not here. */
  flags: Readonly<Record<string, string | readonly string[]>>;
  /** `sha256:` over the names of the whole selection, before it was split into shards. */
  digest: string;
  /** The names of the instances in this document; in a shard, its own. Sorted. */
  names: readonly string[];
  /** The part of the selection that this document covers, counted from 1; null for all of it. */
  shard: { index: number; count: number } | null;
  /** Only with `shard`: the names of the whole selection. Sorted. */
  all?: readonly string[];
}

/** Instances with the same plan, compared without ids and with people as numbers. */
export interface FleetGroup {
  status: RowStatus;
  /** Sorted. */
  instances: readonly string[];
  summary: RowSummary;
  changes: readonly GroupChange[];
  /** Sorted codes. */
  refusals: readonly string[];
  /** Sorted codes of the warnings about the changes: all of the rows but `audit-incomplete`. */
  warnings: readonly string[];
}

/** A wave and its result. */
export interface FleetWave {
  name: string;
  instances: number;
  failures: number;
  /** The run stops after this wave if it has more failures than this. */
  mayFail: number;
  /** The limit as written in the inventory: a number, or a share such as `10%`. */
  limit: number | string;
  /** `not-finished` is a wave within its limit whose instances did not all begin. */
  state: 'done' | 'failed' | 'not-finished' | 'not-started';
}

/** The count of each status, the totals of all rows, and the exit code of the run. */
export type FleetSummary = Readonly<Record<RowStatus, number>> &
  RowSummary & { instances: number; exit: number };

/** The inventory of a run, and the limits that it sets for an apply. */
export interface InventoryFacts {
  /** Relative to the working directory. */
  file: string;
  digest: string;
  /** The number of entries, selected or not. */
  instances: number;
  minInstances: number | null;
  /** As a number, even if the inventory has a share. */
  maxInstances: number | null;
}

/** The result of a run over many instances. Plain JSON. */
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
const NOT_A_FAILURE: ReadonlySet<RowStatus> = new Set(['clean', 'changes', 'drift', 'done', 'suspended']);

/** The documents of an instance. */
export const INSTANCE_FILES = [
  'plan.json',
  'drift.json',
  'outcome.json',
  'rehearsal.json',
  'problems.json',
  'roles.json',
  'doctor.json',
  'probe.json',
  'snapshot.json',
  'people.csv',
  'matrix.csv',
  'access.html',
  'manifest.yaml',
] as const;

/** A document of an instance. */
export type InstanceFile = (typeof INSTANCE_FILES)[number];

/** Is the document of this row this file of its instance? */
export function isDocument({ document }: Pick<FleetRow, 'document'>, file: InstanceFile): boolean {
  return document?.endsWith(`/${file}`) ?? false;
}

/** Is this row a failure? A row that was not started does not count as one. */
export function isFailure({ status }: Pick<FleetRow, 'status'>): boolean {
  return !NOT_A_FAILURE.has(status) && status !== 'not-started';
}

/** Did this instance fail, or was it not started? `--failed-from` selects such instances for another run. */
export function isToRepeat(row: Pick<FleetRow, 'status'>): boolean {
  return isFailure(row) || row.status === 'not-started';
}
