import type { ProbeNote, ThrowawayRole } from '../../model/throwaway-role.js';
import { problem, ProblemError } from '../../problem/problem.js';
import type { Routes } from '../../routes/index.js';
import { idFrom } from '../../routes/parse-values.js';
import { attempt, codesOf, attemptRead } from './attempt.js';
import { chooseGrants } from './choose-grants.js';
import { cleanUpEarlier, cleanUpOwn, cleanUpRefused, stillLive, withoutJournal } from './clean-up.js';
import type { RemainingRole } from './clean-up.js';
import { openProbeClient } from './client.js';
import type { ProbeClient, ProbedRole } from './client.js';
import { openDelays } from './delays.js';
import type { ProbeClock } from './delays.js';
import { unknown } from './facts.js';
import type { Findings } from './facts.js';
import { readFacts } from './read-facts.js';
import { probeReport } from './report.js';
import type { ProbeReport } from './report.js';
import { reasonToKeep } from './throwaways.js';
import type { ProbeSession } from './throwaways.js';
import { CREATE_FACTS, saysRefused, writeFacts } from './write-facts.js';
import type { WriteContext } from './write-facts.js';

/** Options of `probe`. */
export interface ProbeOptions {
  clock: ProbeClock;
  version: string;
  /** Throwaway roles in the journals of earlier probes of this instance. */
  earlier: readonly ThrowawayRole[];
  /** Null for a probe that only reads. */
  writes: ProbeWrites | null;
}

/** What a probe needs for its throwaway roles. */
interface ProbeWrites {
  /** Appends to the journal. Resolves once the note is on the disk. */
  append(entry: ProbeNote): Promise<void>;
  /** Returns random letters and digits. */
  token(): string;
}

/** The result of a probe. */
export interface ProbeResult {
  report: ProbeReport;
  /** Throwaway roles of this and earlier probes that were not deleted. */
  left: readonly RemainingRole[];
  /** Roles with the name of a throwaway role that no journal contains. They are not deleted. */
  withoutJournal: readonly RemainingRole[];
  /** The error that stopped the probe; null if it completed. */
  error: ProblemError | null;
  /** The first error of a read without which a fact is unknown; null if there is none. */
  readFailure: ProblemError | null;
}

/** Determines how an instance behaves. Deletes its throwaway roles even after an error, if possible. */
export async function probe(routes: Routes, options: ProbeOptions): Promise<ProbeResult> {
  const { earlier, writes, version } = options;
  const client = openProbeClient(routes);
  const { found, roles, failure } = await readFacts(client);
  const { left, error, missing } =
    writes === null
      ? {
          left: await remainingEarlier(client, { roles, earlier }),
          error: null,
          missing: 'it needs throwaway roles: --yes makes them',
        }
      : await probeByWriting({ routes, client, found }, { ...options, writes });
  return {
    report: probeReport(found, { version, writes: writes !== null, rolesLeft: left.length, missing }),
    left,
    withoutJournal: withoutJournal(roles, earlier),
    error,
    readFailure: failure,
  };
}

/** Throwaway roles of earlier probes that a probe without writes leaves. */
async function remainingEarlier(
  client: ProbeClient,
  { roles, earlier }: { roles: readonly ProbedRole[]; earlier: readonly ThrowawayRole[] },
): Promise<RemainingRole[]> {
  const left: RemainingRole[] = [];
  for (const { role, live } of stillLive(roles, earlier)) {
    const kept = await attemptRead(() => reasonToKeep(client, role, live));
    const reason =
      'error' in kept
        ? `it is not known whether people are in it (${codesOf(kept.error)})`
        : (kept.value ?? 'an earlier probe was stopped; a probe with --yes deletes it');
    left.push({ id: live.id, names: [live.name], reason });
  }
  return left;
}

interface Written {
  left: readonly RemainingRole[];
  error: ProblemError | null;
  /** The reason for missing facts. */
  missing: string;
}

async function probeByWriting(
  { routes, client, found }: { routes: Routes; client: ProbeClient; found: Findings },
  { clock, writes, earlier }: ProbeOptions & { writes: ProbeWrites },
): Promise<Written> {
  const delays = openDelays(clock);
  const session: ProbeSession = {
    ...{ client, delays, ...writes, notes: [] },
    ...{ gone: new Set(), refused: new Set(), seen: new Set() },
  };
  let missing = 'it could not be tried';
  const left: RemainingRole[] = [];
  const result = await attempt(async () => {
    left.push(...(await cleanUpEarlier(session, earlier)));
    // A role whose delete was interrupted is among them.
    delays.stopIfInterrupted();
    if (left.length > 0) missing = 'a throwaway role of an earlier probe could not be deleted';
    else await writeFacts({ session, found, ...(await writeContext(routes, client)) });
  });
  const error = 'error' in result ? result.error : null;
  delays.ignoreInterrupts();
  left.push(...(await cleanUpOwn(session)));
  const late = await cleanUpRefused(session);
  if (late !== null) {
    left.push(...late);
    for (const id of CREATE_FACTS) {
      const finding = found[id];
      if (finding && saysRefused(finding)) found[id] = unknown(MADE_LATER);
    }
  }
  if (error !== null) missing = `the probe was stopped: ${codesOf(error)}`;
  return { left, error, missing };
}

const MADE_LATER = 'a role whose create was refused was there at the end of the probe';

async function writeContext(
  routes: Routes,
  client: ProbeClient,
): Promise<Omit<WriteContext, 'session' | 'found'>> {
  const [{ catalogue, matrix }, defaultRoleId] = await Promise.all([
    client.catalogue(),
    attemptRead(async () => idFrom((await routes.getDefaultRole()).response, 'the default role')),
  ]);
  const grants = chooseGrants(catalogue, matrix);
  if (grants === null) {
    const message = 'the catalogue has no grants that a throwaway role may hold';
    throw new ProblemError(problem('not-found', message, { hint: 'nothing was written' }));
  }
  return { grants, matrix, defaultRoleId };
}
