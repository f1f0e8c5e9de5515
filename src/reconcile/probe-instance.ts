import { probe } from '../doctor/probe/probe.js';
import type { ProbeOptions, ProbeResult } from '../doctor/probe/probe.js';
import { openProbeRun, probeRuns } from '../journal/probe-run.js';
import type { ThrowawayRole } from '../model/throwaway-role.js';
import type { Connection } from './connect.js';
import { withLock } from './lock.js';
import type { LockRequest } from './lock.js';
import { timeOf } from './runtime.js';

/** Options of a probe. */
export interface ProbeRequest extends LockRequest {
  /** Also create throwaway roles, to test behaviour that reads cannot show. Needs a connection for writing. */
  writes: boolean;
}

/**
 * Tests how an instance behaves. With `writes` it holds the lock of the instance, records its throwaway roles in a
 * journal, and deletes them and those of earlier probes.
 */
export async function probeInstance(connection: Connection, request: ProbeRequest): Promise<ProbeResult> {
  const { runtime, state } = request;
  const common = { clock: runtime, version: runtime.version };
  if (!request.writes) {
    const earlier = await earlierRoles(connection, state);
    return probe(connection.routes, { ...common, earlier, writes: null });
  }
  return withLock(connection, request, async () => {
    const earlier = await earlierRoles(connection, state);
    return probeWithJournal(connection, request, { ...common, earlier });
  });
}

async function probeWithJournal(
  connection: Connection,
  { runtime, state }: ProbeRequest,
  options: Omit<ProbeOptions, 'writes'>,
): Promise<ProbeResult> {
  const naming = { now: runtime.now(), random: runtime.token, time: () => timeOf(runtime) };
  const journal = await openProbeRun(state, connection, naming);
  try {
    const writes = { append: journal.append, token: runtime.token };
    const result = await probe(connection.routes, { ...options, writes });
    // Only for the list of runs: leftover roles are found by name, even without this entry.
    if (result.error === null && result.left.length === 0)
      await journal.append({ kind: 'finished' }).catch(() => undefined);
    return result;
  } finally {
    await journal.close();
  }
}

async function earlierRoles(
  { address }: Pick<Connection, 'address'>,
  state: string,
): Promise<ThrowawayRole[]> {
  const runs = await probeRuns(state);
  return runs.filter((run) => run.address === address).flatMap(({ roles }) => roles);
}
