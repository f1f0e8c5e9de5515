import { join } from 'node:path';
import type { FleetDocument } from '../fleet/document.js';
import { isFailure } from '../fleet/document.js';
import { EXIT } from '../shell/exit.js';
import type { Exit } from '../shell/exit.js';
import type { Environment } from '../shell/environment.js';
import type { Inputs } from './inputs.js';
import type { Runner } from './runner.js';
import type { Outcome } from '../apply/outcome.js';
import type { Refusal } from '../plan/plan.js';
import type { ProblemDocument } from '../render/ci/problems-json.js';
import type { PlanDocument } from '../render/vocabulary.js';

/** What a step works with. */
export interface StepContext {
  inputs: Inputs;
  runner: Runner;
  /** Its `cwd` is the working directory. */
  environment: Environment;
}

/** The result of a step of any mode. */
export interface Step {
  exit: Exit;
  /** The plan or drift document; null where none could be made, and for `validate`. */
  document: PlanDocument | null;
  /** What came of an apply. */
  outcome: Outcome | null;
  /** Of a manifest that is wrong, or why the command stopped. */
  problems: readonly ProblemDocument[];
  /** Of an apply that was refused; those of a plan are in the plan. */
  refusals: readonly Refusal[];
  /** Where the plan or drift document is; null where there is none. */
  file: string | null;
  /** What a run over many instances found or did. */
  fleet?: FleetDocument | null;
  /** Where its documents are. */
  folder?: string | null;
  /** Where its page is; absolute. */
  page?: string | null;
}

/** A step that has come to nothing yet. */
export const NOTHING: Step = {
  exit: EXIT.done,
  document: null,
  outcome: null,
  problems: [],
  refusals: [],
  file: null,
};

/** A document as an object; an empty one where the text is none. */
export function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Did the run send a write to the instance? Then its exit code reports the writes, even if something else fails. */
export function sentWrite({ exit, outcome, fleet }: Step): boolean {
  if (exit === EXIT.incomplete || fleet?.rows.some(({ sent }) => sent)) return true;
  return outcome !== null && !outcome.dryRun && outcome.summary.done > 0;
}

/** The outputs of a step. An unknown figure is empty: `0` would mean "no changes". */
export function outputsOf(step: Step, exit: number = step.exit): Readonly<Record<string, string>> {
  const { document, outcome } = step;
  if (step.fleet) return fleetOutputs(step.fleet, step, exit);
  const summary = document?.summary;
  const refusals = document?.kind === 'plan' && !outcome ? document.refusals.length : 0;
  return {
    changes: text(changesOf(step)),
    created: text(summary?.rolesCreated),
    deleted: text(summary?.rolesDeleted),
    moved: text(summary?.peopleMoved),
    'grants-added': text(summary?.grantsAdded),
    'grants-removed': text(summary?.grantsRemoved),
    refusals: text(Math.max(refusals, step.refusals.length)),
    'exit-code': text(exit),
    'plan-file': step.file ?? '',
    'run-id': runOf(step) ?? '',
    instances: '',
    failures: '',
    folder: step.folder ?? '',
    page: step.page ?? '',
  };
}

/** The same of many instances: `changes` is the number of those that something changes on, or differs on. */
function fleetOutputs(
  { summary, rows, refusals }: FleetDocument,
  { folder, page }: Step,
  exit: number,
): Readonly<Record<string, string>> {
  const { changes, drift, done, incomplete } = summary;
  const failures = rows.filter((row) => isFailure(row) || row.status === 'not-started');
  return {
    changes: text(changes + drift + done + incomplete),
    created: text(summary.created),
    deleted: text(summary.deleted),
    moved: text(summary.moved),
    'grants-added': text(summary.grantsAdded),
    'grants-removed': text(summary.grantsRemoved),
    refusals: text(refusals.length + summary.refused),
    'exit-code': text(exit),
    'plan-file': folder === undefined || folder === null ? '' : join(folder, 'fleet.json'),
    'run-id': '',
    instances: text(summary.instances),
    failures: text(failures.length),
    folder: folder ?? '',
    page: page ?? '',
  };
}

function changesOf({ document, outcome }: Step): number | undefined {
  if (document?.kind === 'drift') return document.summary.differences;
  return document?.summary.changes ?? outcome?.summary.changes;
}

function text(figure: number | undefined): string {
  return figure === undefined ? '' : String(figure);
}

/** Name of the run that an apply kept; null where there was nothing to do, and for a rehearsal. */
export function runOf({ outcome }: Pick<Step, 'outcome'>): string | null {
  if (outcome === null || outcome.dryRun || outcome.summary.changes === 0) return null;
  return outcome.runId;
}
