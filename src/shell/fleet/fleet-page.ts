import { join } from 'node:path';
import { isDocument } from '../../fleet/document.js';
import type { FleetDocument, FleetRow, InstanceFile } from '../../fleet/document.js';
import { isDriftOf } from '../../fleet/rows.js';
import { readTextFile } from '../../journal/read-file.js';
import { ProblemError, plainMessage } from '../../problem/problem.js';
import { checkInstanceRoles, checkPlanOrDrift } from '../../reconcile/saved-documents.js';
import type { FleetPage, InstanceDocuments } from '../../render/fleet-page/fleet-html.js';
import type { Drift } from '../../drift/drift.js';
import { parsedOrNull } from '../../model/json-text.js';
import { systemCodeOf } from '../../problem/system-error.js';
import type { Plan } from '../../plan/plan.js';
import { isRecord } from '../../model/record.js';

/**
 * Adds every instance of a fleet document to its page, one by one, so that only one instance's documents are in memory.
 */
export async function addInstances(page: FleetPage, document: FleetDocument, folder: string): Promise<void> {
  for (const row of document.rows) page.add(row, await documentsOf(row, document.command, folder));
}

/** Names that are safe in a path; an edited document may contain others. */
const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/u;

const NONE: InstanceDocuments = { document: null, outcome: null, roles: null, checks: null, problem: null };

/** The checked documents of a row's instance. An unusable one becomes a note on the page. */
export async function documentsOf(
  row: FleetRow,
  command: FleetDocument['command'],
  folder: string,
): Promise<InstanceDocuments> {
  if (row.document === null || !NAME.test(row.instance)) return NONE;
  const unusable: string[] = [];
  const read = async (file: InstanceFile): Promise<unknown> => {
    const found = await readJson(folder, `instances/${row.instance}/${file}`);
    if (found.problem !== null) unusable.push(found.problem);
    return found.value;
  };
  const documents = await documentsWith(read, row, command);
  return unusable.length === 0 ? documents : { ...documents, problem: unusable.join('; ') };
}

async function documentsWith(
  read: (file: InstanceFile) => Promise<unknown>,
  row: FleetRow,
  command: FleetDocument['command'],
): Promise<InstanceDocuments> {
  if (isDocument(row, 'probe.json')) return { ...NONE, checks: factsIn(await read('probe.json')) };
  if (command === 'doctor') return { ...NONE, checks: checksIn(await read('doctor.json')) };
  // The row contains the problems. A plan file belongs to this run only if its digest is in the row.
  if (command === 'export' || (isDocument(row, 'problems.json') && row.digest === null)) return NONE;
  const file = command === 'drift' ? 'drift.json' : 'plan.json';
  const found = judged(row, await read(file), file);
  const outcome = isDocument(row, 'outcome.json') ? judgedOutcome(row, await read('outcome.json')) : NONE;
  return {
    ...NONE,
    ...found,
    outcome: outcome.outcome,
    problem: found.problem ?? outcome.problem,
    roles: checkInstanceRoles(await read('roles.json'), row.instance),
  };
}

/** A clean instance has no changes left: an apply found those of its plan in place. */
function withoutMade(document: Plan | Drift, status: FleetRow['status']): Plan | Drift {
  return status === 'clean' && document.kind === 'plan' ? { ...document, changes: [], impact: [] } : document;
}

/** The plan or drift document of a row, or the reason why it is not shown. */
function judged(
  row: FleetRow,
  value: unknown,
  file: string,
): Pick<InstanceDocuments, 'document' | 'problem'> {
  const path = `instances/${row.instance}/${file}`;
  if (value === null) return { document: null, problem: `${path} is not in the folder of the run` };
  try {
    const document: Plan | Drift = checkPlanOrDrift(value, path);
    if (isOfRow(row, document)) return { document: withoutMade(document, row.status), problem: null };
    const kind = document.kind === 'plan' ? 'plan' : 'drift';
    return { document: null, problem: `${path} is not the ${kind} that the fleet document names` };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { document: null, problem: `${path}: ${plainMessage(error)}` };
  }
}

function isOfRow(row: FleetRow, document: Plan | Drift): boolean {
  if (document.kind === 'drift') return isDriftOf(document, row);
  return row.digest === null || document.digest === row.digest;
}

/** Reads a file of an instance; a null value without a problem if it does not exist. */
async function readJson(folder: string, path: string): Promise<{ value: unknown; problem: string | null }> {
  try {
    const text = await readTextFile(join(folder, path));
    const value = text === null ? null : parsedOrNull(text);
    const isCut = text !== null && value === null;
    return { value, problem: isCut ? `${path} is not JSON: it may have been cut short` : null };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const code = systemCodeOf(error.cause);
    return { value: null, problem: `${path} cannot be read${code === null ? '' : ` (${code})`}` };
  }
}

function listIn(value: unknown, key: string): Record<string, unknown>[] {
  const list = isRecord(value) && Object.hasOwn(value, key) ? value[key] : null;
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The result of each change of an apply, if it is that of the row. The file has no digest, so only valid parts are used. */
function judgedOutcome(
  { instance, runId }: FleetRow,
  value: unknown,
): Pick<InstanceDocuments, 'outcome' | 'problem'> {
  if (value === null) return NONE;
  if (runId !== null && isRecord(value) && value['runId'] !== runId) {
    const problem = `instances/${instance}/outcome.json is not of the run that the fleet document names`;
    return { outcome: null, problem };
  }
  const changes = listIn(value, 'changes').map(({ id, status, reason }) => ({
    id: textIn(id),
    status: textIn(status),
    reason: typeof reason === 'string' ? reason : null,
  }));
  return { outcome: { changes }, problem: null };
}

/** The facts of a probe. What is unknown is not bad. */
function factsIn(value: unknown): InstanceDocuments['checks'] {
  return listIn(value, 'facts').map(({ id, value: found, verdict, reason }) => ({
    name: textIn(id),
    ok: verdict !== 'differs',
    note:
      found === null ? `unknown: ${textIn(reason)}` : typeof found === 'number' ? `${found}` : textIn(found),
  }));
}

function checksIn(value: unknown): InstanceDocuments['checks'] {
  return listIn(value, 'checks').map(({ name, ok, note }) => ({
    name: textIn(name),
    ok: ok === true,
    note: textIn(note),
  }));
}
