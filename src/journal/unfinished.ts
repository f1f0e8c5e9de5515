import type { Grant } from '../model/grant.js';
import { byCodeUnit } from '../model/sort.js';
import type { StateFolder } from './folder.js';
import { replay } from './replay.js';
import type { ChangeTrace, Replay } from './replay.js';
import { runIds } from './folder.js';
import type { RunId } from './run-id.js';
import { readFirstEntry, entriesOf, readPlan } from './runs.js';
import type { RoleId } from '../model/ids.js';

/** A role that a run created, or may have created, without setting all the grants that it should hold. */
export interface UnfinishedCreate {
  runId: RunId;
  name: string;
  description: string;
  /** Null: the run died before it knew the id. Then it is a role of this name that is not in `knownIds`. */
  roleId: RoleId | null;
  /** Roles that were live before that run: it is none of these. */
  knownIds: ReadonlySet<RoleId>;
  /** What it should have started with; sorted. */
  start: readonly Grant[];
  /** What it should have held after that run's whole plan; sorted. */
  grants: readonly Grant[];
}

/**
 * Roles that earlier runs on this instance left incomplete. A plan from the manifest then sets what such a role should
 * have started with, where the manifest does not manage its grants. Goes back to the last run that
 * completed every change; of several runs that created a role of one name, the newest counts. Sorted by name.
 */
export async function unfinishedCreates(state: StateFolder, instance: string): Promise<UnfinishedCreate[]> {
  const found = new Map<string, UnfinishedCreate>();
  const finished = new Set<string>();
  for (const id of (await runIds(state)).reverse()) {
    if ((await readFirstEntry(state, id))?.instance !== instance) continue;
    const past = replay(await entriesOf(state, id));
    if (isComplete(past)) break;
    for (const trace of past.changes.values()) {
      const { create } = trace;
      if (!create || finished.has(create.name) || found.has(create.name)) continue;
      if (isFinished(past, trace)) finished.add(create.name);
      else if (mayBeLive(trace)) found.set(create.name, { runId: id, ...remainderOf(past, trace, create) });
    }
    // A later run from the manifest that wrote the grants of a role has completed it.
    for (const name of grantsWritten(await readPlan(state, id), past)) finished.add(name);
  }
  return [...found.values()].sort((a, b) => byCodeUnit(a.name, b.name));
}

function remainderOf(
  past: Replay,
  trace: ChangeTrace,
  create: NonNullable<ChangeTrace['create']>,
): Omit<UnfinishedCreate, 'runId'> {
  const { name, description, start, grants } = create;
  return { name, description, roleId: trace.roleId, knownIds: past.roleIds, start, grants };
}

function isComplete({ begun, finished, interrupted, changes }: Replay): boolean {
  return (
    begun !== null &&
    finished &&
    !interrupted &&
    [...changes.values()].filter(isSettled).length === Math.max(changes.size, begun.changes)
  );
}

function isFinished(past: Replay, trace: ChangeTrace): boolean {
  const writer = trace.create?.grantsChange;
  const grants = writer ? past.changes.get(writer) : undefined;
  return isSettled(trace) && (!writer || (grants !== undefined && isSettled(grants)));
}

/** Not where reading back had shown, after the last request, that it was not created. */
function mayBeLive(trace: ChangeTrace): boolean {
  return trace.sent && (trace.roleId !== null || trace.status === null || trace.status === 'unknown');
}

function isSettled({ status }: ChangeTrace): boolean {
  return status === 'done' || status === 'already';
}

function grantsWritten(plan: unknown, past: Replay): string[] {
  const changes = (plan as { changes?: unknown } | null)?.changes;
  if (!Array.isArray(changes)) return [];
  const list = changes as (Record<string, unknown> | null)[];
  const written = new Set(list.map((change) => (change?.kind === 'grants.set' ? change.role : null)));
  const traces: ReadonlyMap<string, ChangeTrace> = past.changes;
  return list.flatMap((change) => {
    const trace = typeof change?.id === 'string' ? traces.get(change.id) : undefined;
    if (trace === undefined || !isSettled(trace) || typeof change?.role !== 'string') return [];
    const keepsItsStart = change.kind === 'role.create' && !written.has(change.role);
    return change.kind === 'grants.set' || keepsItsStart ? [change.role] : [];
  });
}
