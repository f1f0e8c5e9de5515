import { join } from 'node:path';
import type { FleetDocument } from '../fleet/document.js';
import { FLEET_FILES, isToRepeat } from '../fleet/document.js';
import type { OwnerSection } from '../fleet/owner-sections.js';
import { EXIT } from '../shell/exit.js';
import type { Exit } from '../shell/exit.js';
import type { Environment } from '../shell/environment.js';
import type { Inputs } from './inputs.js';
import type { Runner } from './runner.js';
import type { Outcome } from '../apply/outcome.js';
import type { Refusal } from '../plan/plan.js';
import type { ProblemDocument } from '../render/ci/problems-json.js';
import type { PlanDocument } from '../render/vocabulary.js';
import { isRecord } from '../model/record.js';

/** The parameters of a step. */
export interface StepContext {
  inputs: Inputs;
  runner: Runner;
  /** Its `cwd` is the working directory. */
  environment: Environment;
}

/** The result of a step of any mode. */
export interface Step {
  exit: Exit;
  /** The plan or drift document; null if the step stopped before it, and for `validate`. */
  document: PlanDocument | null;
  /** The outcome of an apply. */
  outcome: Outcome | null;
  /** Problems of the manifest, or those that stopped the command. */
  problems: readonly ProblemDocument[];
  /** Refusals of an apply; those of a plan are in its document. */
  refusals: readonly Refusal[];
  /** Absolute path of the plan or drift document; null if there is none. */
  file: string | null;
  /** The document of a run over many instances; null for a step on one instance, and if the run stopped before it. */
  fleet: FleetDocument | null;
  /** The changes of a fleet by owner, with the input `group-by`. */
  byOwner?: readonly OwnerSection[] | undefined;
  /** Absolute path of the folder with the documents of a fleet. */
  folder: string | null;
  /** Absolute path of the page of a fleet. */
  page: string | null;
}

/** A step that succeeded without a document. */
export const EMPTY_STEP: Step = {
  exit: EXIT.done,
  document: null,
  outcome: null,
  problems: [],
  refusals: [],
  file: null,
  fleet: null,
  folder: null,
  page: null,
};

/** Parses a JSON object; returns an empty object for any other text. */
export function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

/** Returns the thread (comment or issue) that a step writes to; null if it writes only the job summary. */
export function threadOf({ fleet }: Step, { mode }: Pick<Inputs, 'mode'>): 'plan' | 'drift' | null {
  // A shard is only a part of the fleet: mode merge writes the thread for all shards.
  if (fleet?.selection.shard) return null;
  const command = fleet?.command ?? mode;
  return command === 'plan' || command === 'drift' ? command : null;
}

/** Did the run send a write to an instance? Its exit code then reports the writes, even if something else fails. */
export function sentWrite({ exit, outcome, fleet }: Step): boolean {
  if (exit === EXIT.incomplete || fleet?.rows.some(({ sent }) => sent)) return true;
  return outcome !== null && !outcome.dryRun && outcome.summary.done > 0;
}

/** Returns the outputs of a step. An unknown number is empty, because `0` would mean "no changes". */
export function outputsOf(step: Step, exit: number = step.exit): Readonly<Record<string, string>> {
  if (step.fleet) return fleetOutputs(step.fleet, step, exit);
  const summary = step.document?.summary;
  return {
    changes: text(changesOf(step)),
    created: text(summary?.rolesCreated),
    deleted: text(summary?.rolesDeleted),
    moved: text(summary?.peopleMoved),
    'grants-added': text(summary?.grantsAdded),
    'grants-removed': text(summary?.grantsRemoved),
    refusals: text(refusalsOf(step)),
    'exit-code': text(exit),
    'plan-file': step.file ?? '',
    'run-id': runIdOf(step) ?? '',
    instances: '',
    failures: '',
    folder: step.folder ?? '',
    page: step.page ?? '',
  };
}

/** Returns the outputs of a step over many instances. `changes` counts the instances with changes or drift. */
function fleetOutputs(
  { summary, rows, refusals }: FleetDocument,
  { folder, page }: Step,
  exit: number,
): Readonly<Record<string, string>> {
  const { changes, drift, done, incomplete } = summary;
  const failures = rows.filter(isToRepeat);
  return {
    changes: text(changes + drift + done + incomplete),
    created: text(summary.created),
    deleted: text(summary.deleted),
    moved: text(summary.moved),
    'grants-added': text(summary.grantsAdded),
    'grants-removed': text(summary.grantsRemoved),
    refusals: text(refusals.length + summary.refused),
    'exit-code': text(exit),
    'plan-file': folder === null ? '' : join(folder, FLEET_FILES.document),
    'run-id': '',
    instances: text(summary.instances),
    failures: text(failures.length),
    folder: folder ?? '',
    page: page ?? '',
  };
}

/** A step that stopped before its guards were checked has an unknown number. */
function refusalsOf({ document, outcome, refusals }: Step): number | undefined {
  if (document?.kind === 'plan' && !outcome) return Math.max(document.refusals.length, refusals.length);
  return document || outcome || refusals.length > 0 ? refusals.length : undefined;
}

function changesOf({ document, outcome }: Step): number | undefined {
  if (document?.kind === 'drift') return document.summary.differences;
  return document?.summary.changes ?? outcome?.summary.changes;
}

function text(number: number | undefined): string {
  return number === undefined ? '' : String(number);
}

/** Returns the id of the run that an apply kept; null if there was nothing to do, and for a rehearsal. */
export function runIdOf({ outcome }: Pick<Step, 'outcome'>): string | null {
  if (outcome === null || outcome.dryRun || outcome.summary.changes === 0) return null;
  return outcome.runId;
}
