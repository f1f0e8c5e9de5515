import type { Attempt, FleetRow } from './document.js';

/**
 * The row of an instance from its tries, oldest first: the last that began is the row, and those before it are its
 * attempts. Null where there is none. A run that was taken up holds what came before it: an attempt counts once.
 */
export function mergeRow(tries: readonly FleetRow[]): { row: FleetRow; at: number } | null {
  const last = tries.findLastIndex(hasBegun);
  const at = last < 0 ? tries.length - 1 : last;
  const row = tries[at];
  if (!row) return null;
  const before = tries.slice(0, at).flatMap((one) => [...one.attempts, ...attemptOf(one)]);
  return { row: { ...row, attempts: once([...before, ...row.attempts], row.runId) }, at };
}

/** What was kept from starting, or is suspended, was not an attempt. */
const hasBegun = ({ status }: FleetRow): boolean => status !== 'not-started' && status !== 'suspended';

/** A row as an earlier attempt; none where it never began. */
export function attemptOf(row: FleetRow): Attempt[] {
  const { status, runId, sent, because } = row;
  return hasBegun(row) ? [{ status, runId, sent, because }] : [];
}

function once(attempts: readonly Attempt[], own: string | null): Attempt[] {
  const seen = new Set(own === null ? [] : [own]);
  return attempts.filter(({ runId }) => {
    if (runId === null) return true;
    if (seen.has(runId)) return false;
    seen.add(runId);
    return true;
  });
}
