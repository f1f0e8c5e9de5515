import type { Grant } from '../model/grant.js';
import { byCodeUnit } from '../model/sort.js';
import { isCompleted } from './entry.js';
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
  const found: UnfinishedCreate[] = [];
  /** Names and ids of roles that this run or a later one completed, or left incomplete. */
  const settled = new Set<RoleId | string>();
  const renamed = new Map<string, RoleId>();
  for (const id of (await runIds(state)).reverse()) {
    if ((await readFirstEntry(state, id))?.instance !== instance) continue;
    const past = replay(await entriesOf(state, id));
    if (isComplete(past)) break;
    for (const trace of past.changes.values()) {
      const { create } = trace;
      if (!create) continue;
      const roleId = trace.roleId ?? renamedId(create.name, renamed, past);
      if (settled.has(create.name) || (roleId !== null && settled.has(roleId))) continue;
      const isDone = isFinished(past, trace);
      if (!isDone && !mayBeLive(trace)) continue;
      settled.add(create.name);
      if (roleId !== null) settled.add(roleId);
      if (!isDone) found.push({ name: create.name, roleId, knownIds: past.roleIds, start: create.start });
    }
    const changes = changesOf(await readPlan(state, id));
    for (const { before, roleId } of changes.filter(({ kind }) => kind === 'role.update'))
      if (typeof before?.name === 'string' && typeof roleId === 'number') renamed.set(before.name, roleId);
    // A later run that wrote the grants of a role has completed it.
    for (const role of grantsWritten(changes, past)) settled.add(role);
  }
  return found.sort((a, b) => byCodeUnit(a.name, b.name));
}

/** The id of a role without a known id that a later run renamed. */
function renamedId(name: string, renamed: ReadonlyMap<string, RoleId>, { roleIds }: Replay): RoleId | null {
  const id = renamed.get(name);
  return id === undefined || roleIds.has(id) ? null : id;
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

/** What is read of a change in the plan of a run, which is not validated. */
interface PastChange {
  id?: unknown;
  kind?: unknown;
  role?: unknown;
  roleId?: unknown;
  before?: { name?: unknown } | null;
}

function changesOf(plan: unknown): readonly PastChange[] {
  const changes = (plan as { changes?: unknown } | null)?.changes;
  const list = Array.isArray(changes) ? (changes as (PastChange | null)[]) : [];
  return list.flatMap((change) => change ?? []);
}

/** The roles whose grants a run has written, by name and id. A plan has the new name of a role that it renames. */
function grantsWritten(changes: readonly PastChange[], past: Replay): (RoleId | string)[] {
  const written = new Set(changes.map(({ kind, role }) => (kind === 'grants.set' ? role : null)));
  const traces: ReadonlyMap<string, ChangeTrace> = past.changes;
  return changes.flatMap(({ id, kind, role, roleId }) => {
    const trace = typeof id === 'string' ? traces.get(id) : undefined;
    if (trace === undefined || !isCompleted(trace.status) || typeof role !== 'string') return [];
    const keepsItsStart = kind === 'role.create' && !written.has(role);
    if (kind !== 'grants.set' && !keepsItsStart) return [];
    return typeof roleId === 'number' ? [role, roleId] : [role];
  });
}
