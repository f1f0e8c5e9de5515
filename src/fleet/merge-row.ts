import type { Attempt, FleetRow } from './document.js';

/**
 * Merges the rows of an instance, oldest first: the last one that began becomes the row, and the earlier ones its
 * attempts. Null if there are none. A resumed run repeats its earlier attempts; each counts once.
 */
export function mergeRow(tries: readonly FleetRow[]): { row: FleetRow; at: number } | null {
  const last = tries.findLastIndex(hasBegun);
  const at = last < 0 ? tries.length - 1 : last;
  const row = tries[at];
  if (!row) return null;
  const before = tries.slice(0, at).flatMap((one) => [...one.attempts, ...attemptOf(one)]);
  return { row: { ...row, attempts: withoutRepeats([...before, ...row.attempts], row.runId) }, at };
}

/** Rows that were not started or are suspended are not attempts. */
const hasBegun = ({ status }: FleetRow): boolean => status !== 'not-started' && status !== 'suspended';

/** A row as an earlier attempt; empty if it never began. */
export function attemptOf(row: FleetRow): Attempt[] {
  const { status, runId, sent, because } = row;
  return hasBegun(row) ? [{ status, runId, sent, because }] : [];
}

function withoutRepeats(attempts: readonly Attempt[], own: string | null): Attempt[] {
  const seen = new Set(own === null ? [] : [own]);
  return attempts.filter(({ runId }) => {
    if (runId === null) return true;
    if (seen.has(runId)) return false;
    seen.add(runId);
    return true;
  });
}
