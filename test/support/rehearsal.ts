import type { Clock } from '../../src/apply/options.js';
import type { LoadedManifest } from '../../src/manifest/manifest.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { makePlan } from '../../src/plan/make-plan.js';
import type { Plan } from '../../src/plan/plan.js';
import { rehearse } from '../../src/rehearse/rehearse.js';
import type { Rehearsal } from '../../src/rehearse/rehearse.js';
import { requestsFor } from '../../src/apply/requests-for-change.js';

const NOW = '2026-02-01T00:00:00.000Z';

/** A clock that only waiting moves. */
export function stillClock(): Clock & { waited: () => number } {
  let time = Date.parse(NOW);
  return {
    now: () => time,
    sleep: async (ms) => {
      time += ms;
    },
    waited: () => time - Date.parse(NOW),
  };
}

/** The plan of a manifest, as the command creates it. */
export function planFor(loaded: LoadedManifest, snapshot: Snapshot): Plan {
  return makePlan(loaded, snapshot, { now: NOW, version: '0.0.0', requestsFor });
}

/** Plans and rehearses. */
export function rehearsed(loaded: LoadedManifest, snapshot: Snapshot): Promise<Rehearsal> {
  return rehearse({
    plan: planFor(loaded, snapshot),
    snapshot,
    clock: stillClock(),
    planAgain: (after) => planFor(loaded, after),
  });
}
