import type { ProbeNote, ThrowawayRole } from '../../model/throwaway-role.js';
import { problem, ProblemError } from '../../problem/problem.js';
import type { Routes } from '../../routes/index.js';
import { chooseGrants } from './choose-grants.js';
import { cleanUpEarlier, cleanUpOwn, stillLive, withoutJournal } from './clean-up.js';
import type { RoleLeft } from './clean-up.js';
import { openProbeClient } from './client.js';
import type { ProbeClient, ProbedRole } from './client.js';
import { openDelays } from './delays.js';
import type { ProbeClock } from './delays.js';
import type { Findings } from './facts.js';
import { readFacts } from './read-facts.js';
import { probeReport } from './report.js';
import type { ProbeReport } from './report.js';
import { ownThrowaways } from './throwaways.js';
import type { Workshop } from './throwaways.js';
import { writeFacts } from './write-facts.js';
import type { WriteSetting } from './write-facts.js';

/** What a probe is run with. */
export interface ProbeOptions {
  clock: ProbeClock;
  version: string;
  /** Throwaway roles in the journals of earlier probes of this instance. */
  earlier: readonly ThrowawayRole[];
  /** Null: reads only. */
  writes: ProbeWrites | null;
}

/** What a probe needs for its throwaway roles. */
export interface ProbeWrites {
  /** Writes to the journal. Resolves once the note is on the disk. */
  append(entry: ProbeNote): Promise<void>;
  /** Random letters and digits, new at each call. */
  token(): string;
}

/** What came of a probe. */
export interface ProbeResult {
  report: ProbeReport;
  /** Throwaway roles of this probe and of earlier ones that could not be deleted. */
  left: readonly RoleLeft[];
  /** Roles with the name of a throwaway one that no journal names. They were not touched. */
  withoutJournal: readonly RoleLeft[];
  /** What stopped it; null where it came to its end. */
  error: ProblemError | null;
}

/** Finds out how an instance behaves. Whatever happens, its throwaway roles are deleted as far as that is possible. */
export async function probe(routes: Routes, options: ProbeOptions): Promise<ProbeResult> {
  const { earlier, writes, version } = options;
  const client = openProbeClient(routes);
  const roles = await client.roles();
  const found = await readFacts(client);
  const { left, error, missing } =
    writes === null
      ? { left: waiting(roles, earlier), error: null, missing: 'it needs throwaway roles: --yes makes them' }
      : await probeByWriting({ routes, client, found }, { ...options, writes });
  return {
    report: probeReport(found, { version, writes: writes !== null, rolesLeft: left.length, missing }),
    left,
    withoutJournal: withoutJournal(roles, earlier),
    error,
  };
}

/** Throwaway roles of earlier probes, while nothing is written. */
function waiting(roles: readonly ProbedRole[], earlier: readonly ThrowawayRole[]): RoleLeft[] {
  const reason = 'an earlier probe was stopped; a probe with --yes deletes it';
  return stillLive(roles, earlier).map(({ live: { id, name } }) => ({ id, names: [name], reason }));
}

interface Written {
  left: readonly RoleLeft[];
  error: ProblemError | null;
  /** Why facts are missing. */
  missing: string;
}

async function probeByWriting(
  { routes, client, found }: { routes: Routes; client: ProbeClient; found: Findings },
  { clock, writes, earlier }: ProbeOptions & { writes: ProbeWrites },
): Promise<Written> {
  const delays = openDelays(clock);
  const workshop: Workshop = { client, delays, ...writes, notes: [], gone: new Set(), seen: new Set() };
  let missing = 'it could not be tried';
  const left: RoleLeft[] = [];
  const error = await problemOf(async () => {
    left.push(...(await cleanUpEarlier(workshop, earlier)));
    if (left.length > 0) missing = 'a throwaway role of an earlier probe could not be deleted';
    else await writeFacts({ workshop, found, ...(await settingOf(routes, client)) });
  });
  delays.finish();
  left.push(...(await ownLeft(workshop)));
  if (error !== null) missing = `the probe was stopped: ${codesOf(error)}`;
  return { left, error, missing };
}

async function settingOf(
  routes: Routes,
  client: ProbeClient,
): Promise<Omit<WriteSetting, 'workshop' | 'found'>> {
  const [{ catalogue, matrix }, { response }] = await Promise.all([
    client.catalogue(),
    routes.getDefaultRole(),
  ]);
  const grants = chooseGrants(catalogue, matrix);
  if (grants === null) {
    const message = 'the catalogue has no grants that a throwaway role may hold';
    throw new ProblemError(problem('not-found', message, { hint: 'nothing was written' }));
  }
  return { grants, matrix, defaultRoleId: Number(response) };
}

/** Deletes what this probe made. What cannot be looked for any more counts as left. */
async function ownLeft(workshop: Workshop): Promise<RoleLeft[]> {
  let left: RoleLeft[] = [];
  const error = await problemOf(async () => {
    left = await cleanUpOwn(workshop);
  });
  if (error === null) return left;
  const reason = `it is not known whether it is still there (${codesOf(error)})`;
  return ownThrowaways(workshop).map(({ id, names }) => ({ id, names, reason }));
}

/** What went wrong; a fault of this program is raised. */
async function problemOf(work: () => Promise<void>): Promise<ProblemError | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
}

/** The codes alone: messages name hosts and roles, and a report names nothing. */
function codesOf({ problems }: ProblemError): string {
  return [...new Set(problems.map(({ code }) => code))].join(', ');
}
