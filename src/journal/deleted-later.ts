import type { RoleId } from '../model/ids.js';
import type { ChangeId } from '../plan/change-id.js';
import { ProblemError } from '../problem/problem.js';
import { runIds } from './folder.js';
import type { StateFolder } from './folder.js';
import { readFirstEntry, readRun } from './runs.js';
import type { StoredRun } from './runs.js';

/**
 * The roles that runs after this one deleted, or may have deleted. A later run that cannot be read is skipped: its
 * deletes are then those of another person.
 */
export async function deletedLater(
  state: StateFolder,
  { id: run, instance }: { id: string; instance: string },
): Promise<ReadonlySet<RoleId>> {
  const deleted = new Set<RoleId>();
  for (const id of (await runIds(state)).filter((one) => one > run)) {
    if ((await readFirstEntry(state, id))?.instance !== instance) continue;
    try {
      for (const role of deletedBy(await readRun(state, id))) deleted.add(role);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
    }
  }
  return deleted;
}

/** The fields of a stored change, which was not validated. */
type StoredChange = { id?: unknown; kind?: unknown; roleId?: unknown } | null;

function deletedBy({ plan, replay }: StoredRun): RoleId[] {
  const changes = (plan as { changes?: unknown } | null)?.changes;
  return (Array.isArray(changes) ? (changes as StoredChange[]) : []).flatMap((change) => {
    if (change?.kind !== 'role.delete' || typeof change.roleId !== 'number') return [];
    return replay.changes.get(change.id as ChangeId)?.sent === true ? [change.roleId] : [];
  });
}
