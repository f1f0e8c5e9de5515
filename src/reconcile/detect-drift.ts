import { attribute } from '../drift/attribute.js';
import type { Drift } from '../drift/drift.js';
import { makeDrift } from '../drift/make-drift.js';
import type { Snapshot } from '../model/snapshot.js';
import { usageError } from '../problem/problem.js';
import type { Connection } from './connect.js';
import type { ManifestInput } from './load-manifest.js';
import {
  isConnection,
  planOptions,
  refuseMismatch,
  requireAllPeople,
  unknownGrants,
} from './plan-manifest.js';
import { readSnapshot } from './read-live-state.js';
import { timeOf } from './runtime.js';
import type { Runtime } from './runtime.js';

/** Options of drift detection. */
export interface DriftRequest {
  runtime: Runtime;
  /** Days of the audit log to read for attribution. Default 30. */
  sinceDays?: number | undefined;
  impactLimit?: number | undefined;
}

/** The drift, and the state in which it was found. */
export interface FoundDrift {
  drift: Drift;
  snapshot: Snapshot;
}

const DAY = 86_400_000;

/**
 * Finds the differences between a manifest and live state, attributed by the audit log if it can be read, or a snapshot.
 * Objects that the manifest names and the instance lacks are in `problems`.
 *
 * @throws Refused if the manifest is for another instance; ProblemError for an invalid `sinceDays`.
 */
export async function detectDrift(
  manifest: ManifestInput,
  source: Connection | Snapshot,
  request: DriftRequest,
): Promise<FoundDrift> {
  if (!isConnection(source)) {
    requireAllPeople(manifest.loaded, source, { now: timeOf(request.runtime), allowMissing: true });
    return { drift: driftIn(manifest, source, { ...request, offline: true }), snapshot: source };
  }
  const { runtime, sinceDays = 30 } = request;
  // With no days, differences would have no authors although the audit log could be read.
  if (!Number.isInteger(sinceDays) || sinceDays < 1)
    throw usageError('the days of the audit log to read must be a whole number of at least 1');
  const snapshot = await readSnapshot(source.reader, manifest.loaded, {
    now: timeOf(runtime),
    allowMissing: true,
  });
  const drift = driftIn(manifest, snapshot, { ...request, offline: false });
  // Without differences the audit log is not needed.
  if (drift.changes.length === 0) return { drift, snapshot };
  const { readAudit } = await import('../live/audit.js');
  const now = runtime.now();
  const log = await readAudit(source.routes, { since: now - sinceDays * DAY, now });
  return { drift: attribute(drift, log), snapshot };
}

function driftIn(
  { loaded }: ManifestInput,
  snapshot: Snapshot,
  { runtime, impactLimit, offline }: DriftRequest & { offline: boolean },
): Drift {
  refuseMismatch(loaded, snapshot);
  const options = planOptions({ impactLimit }, runtime);
  return makeDrift(loaded, snapshot, {
    ...options,
    offline,
    grantProblems: unknownGrants(loaded, snapshot),
  });
}
