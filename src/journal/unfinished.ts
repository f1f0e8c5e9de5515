import type { Grant } from '../model/grant.js';
import { byCodeUnit } from '../model/sort.js';
import { isCompleted } from './entry.js';
import type { CreateNote } from './entry.js';
import type { StateFolder } from './folder.js';
import { replay } from './replay.js';
import type { ChangeTrace, Replay } from './replay.js';
import { runIds } from './folder.js';
import { readFirstEntry, entriesOf, readPlan } from './runs.js';
import type { RoleId } from '../model/ids.js';

/** A role that a run created, or may have created, without setting all of its grants. */
interface UnfinishedCreate {
  name: string;
  /** Null if the run died before it knew the id. It is then the role with this name that is not in `knownIds`. */
  roleId: RoleId | null;
  /** Ids of the roles that were live before that run. */
  knownIds: ReadonlySet<RoleId>;
  /** The planned start grants. Sorted. */
  start: readonly Grant[];
}

/**
 * Finds roles that earlier runs on this instance left incomplete. A plan from the manifest then sets their start grants
 * if the manifest does not manage their grants. Reads the runs since the last one that completed every change. If
 * several runs created a role with the same name, the newest counts. Sorted by name.
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
      else if (mayBeLive(trace)) found.set(create.name, remainderOf(past, trace, create));
    }
    // A later run that wrote the grants of a role has completed it.
    for (const name of grantsWritten(await readPlan(state, id), past)) finished.add(name);
  }
  return [...found.values()].sort((a, b) => byCodeUnit(a.name, b.name));
}

function remainderOf(past: Replay, { roleId }: ChangeTrace, { name, start }: CreateNote): UnfinishedCreate {
  return { name, roleId, knownIds: past.roleIds, start };
}

/** Did a run complete every change? */
export function isComplete({ begun, finished, interrupted, changes }: Replay): boolean {
  return (
    begun !== null &&
    finished &&
    !interrupted &&
    [...changes.values()].filter(({ status }) => isCompleted(status)).length ===
      Math.max(changes.size, begun.changes)
  );
}

function isFinished(past: Replay, trace: ChangeTrace): boolean {
  const writer = trace.create?.grantsChange;
  const grants = writer ? past.changes.get(writer) : undefined;
  return isCompleted(trace.status) && (!writer || (grants !== undefined && isCompleted(grants.status)));
}

/** May the role be live? Not if reading back showed, after the last request, that it was not created. */
function mayBeLive(trace: ChangeTrace): boolean {
  return trace.sent && (trace.roleId !== null || trace.status === null || trace.status === 'unknown');
}

function grantsWritten(plan: unknown, past: Replay): string[] {
  const changes = (plan as { changes?: unknown } | null)?.changes;
  if (!Array.isArray(changes)) return [];
  const list = changes as (Record<string, unknown> | null)[];
  const written = new Set(list.map((change) => (change?.kind === 'grants.set' ? change.role : null)));
  const traces: ReadonlyMap<string, ChangeTrace> = past.changes;
  return list.flatMap((change) => {
    const trace = typeof change?.id === 'string' ? traces.get(change.id) : undefined;
    if (trace === undefined || !isCompleted(trace.status) || typeof change?.role !== 'string') return [];
    const keepsItsStart = change.kind === 'role.create' && !written.has(change.role);
    return change.kind === 'grants.set' || keepsItsStart ? [change.role] : [];
  });
}
