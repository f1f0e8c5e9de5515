import { attribute } from '../drift/attribute.js';
import type { Drift } from '../drift/drift.js';
import { makeDrift } from '../drift/make-drift.js';
import type { Snapshot } from '../model/snapshot.js';
import type { Connection } from './connect.js';
import type { ManifestInput } from './load-manifest.js';
import {
  isConnection,
  planOptions,
  refuseMismatch,
  refusePartOfPeople,
  unknownGrants,
} from './plan-manifest.js';
import { readSnapshot } from './read-live-state.js';
import { timeOf } from './runtime.js';
import type { Runtime } from './runtime.js';

/** How drift is looked for. */
export interface DriftRequest {
  runtime: Runtime;
  /** Days of the audit log that are read to attribute the drift; 30 unless given. */
  sinceDays?: number | undefined;
  impactLimit?: number | undefined;
}

/** Drift, and the state that it was found in. */
export interface FoundDrift {
  drift: Drift;
  snapshot: Snapshot;
}

const DAY = 86_400_000;

/**
 * Finds what differs from a manifest: live, with who changed it and when where the audit log can be read, or in a
 * snapshot. What the manifest names and the instance lacks is in `problems`.
 *
 * @throws Refused where the manifest is for another instance.
 */
export async function detectDrift(
  manifest: ManifestInput,
  source: Connection | Snapshot,
  request: DriftRequest,
): Promise<FoundDrift> {
  if (!isConnection(source)) {
    refusePartOfPeople(manifest.loaded, source, { now: timeOf(request.runtime), allowMissing: true });
    return { drift: driftIn(manifest, source, { ...request, offline: true }), snapshot: source };
  }
  const { runtime, sinceDays = 30 } = request;
  const snapshot = await readSnapshot(source.reader, manifest.loaded, {
    now: timeOf(runtime),
    allowMissing: true,
  });
  const drift = driftIn(manifest, snapshot, { ...request, offline: false });
  // Without a difference there is nothing to ask the audit log.
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
