import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FleetTry } from '../../fleet/agree.js';
import { FLEET_FILES, isDocument } from '../../fleet/document.js';
import type { FleetDocument, FleetRow, InstanceFile } from '../../fleet/document.js';
import { openGroups } from '../../fleet/groups.js';
import { makeFleetDocument } from '../../fleet/make-document.js';
import { blankRow, isDriftOf, planPart } from '../../fleet/rows.js';
import type { RowSubject } from '../../fleet/rows.js';
import { hiddenProblem } from '../../manifest/files/find-files.js';
import { kindOf } from '../../manifest/files/paths.js';
import { quotedName } from '../../model/quoted-name.js';
import type { Drift } from '../../drift/drift.js';
import type { Plan } from '../../plan/plan.js';
import { ProblemError, problem } from '../../problem/problem.js';
import { readTextFile } from '../../journal/read-file.js';
import { parsedOrNull } from '../../model/json-text.js';
import { checkFleet, checkPlanOrDrift } from '../saved-documents.js';
import { changesOfRow } from './changes-of-row.js';
import { INTERRUPTED_ATTEMPT, attemptsOf } from './fleet-folder.js';
import { checkLog, readLog } from './fleet-log.js';
import type { FleetLog } from './fleet-log.js';

/** The folder of a run. */
export interface FoundRun {
  /** As given. */
  folder: string;
  /** Absolute. */
  path: string;
  /** Null for a run that was killed before it wrote one. */
  document: FleetDocument | null;
  log: FleetLog | null;
  /** False if it was killed while it deleted the files of the run before: the files of its instances are not its own. */
  ownsFiles: boolean;
}

/**
 * Reads the folder of a run. Always checks its document.
 *
 * @returns Null for the folder of a run that was killed before it wrote anything.
 * @throws ProblemError `bad-file` if it is not the folder of a fleet run.
 */
export async function findRun(folder: string, path: string): Promise<FoundRun | null> {
  const file = join(folder, FLEET_FILES.document);
  const kind = await kindOf(path);
  if (kind === 'hidden') throw new ProblemError(hiddenProblem(folder));
  const isFolder = kind === 'folder';
  const log = isFolder ? await readLog(path) : null;
  const ownsFiles = !log?.header.clearing;
  const text = isFolder && ownsFiles ? await readTextFile(join(path, FLEET_FILES.document)) : null;
  if (text !== null) return { folder, path, document: checkFleet(parsedOrNull(text), file), log, ownsFiles };
  if (log) {
    checkLog(log, join(folder, FLEET_FILES.log));
    return { folder, path, document: null, log, ownsFiles };
  }
  if (isFolder && (await readdir(path)).every((name) => OWN.has(name))) return null;
  throw new ProblemError(
    problem('bad-file', `${quotedName(folder)} is not the folder of a fleet run`, {
      where: { file: folder },
      hint: 'leave it out: instances whose folder is lost are reported as missing',
    }),
  );
}

/** The files that a run creates before its first log line. */
const OWN: ReadonlySet<string> = new Set([FLEET_FILES.log, FLEET_FILES.instances]);

/** The try of a run, from its document or, if it was killed, from its log. */
export async function tryOf(run: FoundRun, subjectOf: (name: string) => RowSubject): Promise<FleetTry> {
  const { folder, document, log } = run;
  const made = document ?? (await documentOfLog(run, subjectOf));
  const at = Date.parse(log?.header.at ?? made.madeAt);
  const begunAt = Number.isNaN(at) ? Date.parse(made.madeAt) : at;
  return { folder, document: made, begunAt, isCutOff: document === null, given: givenIn(log) };
}

/** Shards on different machines may have the same policy file and the same snapshots at different paths. */
function givenIn(log: FleetLog | null): FleetTry['given'] {
  const { options, policy } = log?.header ?? {};
  if (!options) return null;
  const { snapshots } = options;
  return {
    ...options,
    policy: policy ?? options['policy'],
    snapshots: snapshots !== undefined && snapshots !== null,
  };
}

/** Rebuilds the document of a killed run from its log. */
async function documentOfLog(
  { path, log, ownsFiles }: FoundRun,
  subjectOf: (name: string) => RowSubject,
): Promise<FleetDocument> {
  const { header } = log as FleetLog;
  const groups = openGroups();
  const rows: FleetRow[] = [];
  for (const name of header.selection.names) {
    const file = header.command === 'drift' ? 'drift.json' : 'plan.json';
    const found = ownsFiles ? await documentIn(path, name, file) : null;
    const left = found && isOfRow(found, log as FleetLog) ? found : null;
    const row = rowOfLog(log as FleetLog, subjectOf(name), left?.kind === 'plan' ? left : null);
    const readOutcome = (): Promise<unknown> => jsonIn(path, name, 'outcome.json');
    if (left) groups.add(row, await changesOfRow(row, left.changes, readOutcome));
    rows.push(row);
  }
  return { ...bare(header, rows), groups: groups.groups(rows) };
}

function bare(header: FleetLog['header'], rows: readonly FleetRow[]): FleetDocument {
  const { command, fleet, inventory, selection, madeBy, at } = header;
  return makeFleetDocument({
    ...{ command, madeBy, madeAt: at, fleet, inventory, selection, rows },
    ...{ refusals: [], waves: [], groups: [], changesAre2: false },
  });
}

/**
 * Is a document that of the row of its instance? A run that was resumed and killed may have made it anew, and not ended the
 * instance.
 */
function isOfRow(document: Plan | Drift, { ended, begun }: FleetLog): boolean {
  const row = begun.has(document.instance) ? undefined : ended.get(document.instance);
  if (!row) return true;
  return document.kind === 'plan'
    ? row.digest === document.digest
    : isDocument(row, 'drift.json') && isDriftOf(document, row);
}

/** The row of an instance from the log. One with a `begin` and no `end` may have been written to. */
function rowOfLog(log: FleetLog, subject: RowSubject, plan: Plan | null): FleetRow {
  const { name } = subject;
  const ended = log.ended.get(name);
  const isBegun = log.begun.has(name);
  if (ended && !isBegun) return ended;
  const attempts = attemptsOf(log, name);
  const planned = plan
    ? { ...planPart(plan), document: `instances/${name}/plan.json`, digest: plan.digest }
    : {};
  if (isBegun) {
    const blank = blankRow(subject, 'incomplete', INTERRUPTED_ATTEMPT.because);
    return { ...blank, ...planned, exit: 5, sent: true, attempts: attempts.slice(0, -1) };
  }
  return {
    ...blankRow(subject, 'not-started', 'the run was interrupted before this instance started'),
    ...planned,
  };
}

/** The document of an instance; null if it is incomplete, because the run was killed. */
async function documentIn(
  path: string,
  name: string,
  document: 'plan.json' | 'drift.json',
): Promise<Plan | Drift | null> {
  const file = `instances/${name}/${document}`;
  try {
    const value = await jsonIn(path, name, document);
    const found = value === null ? null : checkPlanOrDrift(value, file);
    return found?.instance === name ? found : null;
  } catch (error) {
    if (error instanceof ProblemError) return null;
    throw error;
  }
}

/** The parsed file of an instance; null if it is missing or incomplete. */
async function jsonIn(path: string, name: string, file: InstanceFile): Promise<unknown> {
  const text = await readTextFile(join(path, FLEET_FILES.instances, name, file));
  return text === null ? null : parsedOrNull(text);
}
