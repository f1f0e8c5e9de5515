import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fleetFiles } from '../../../src/export/fleet/fleet-files.js';
import { compareInstance } from '../../../src/fleet/compare-instance.js';
import { loadManifest } from '../../../src/manifest/load/load.js';
import type { LoadedManifest } from '../../../src/manifest/manifest.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import { stateOf } from '../../../src/model/state.js';
import { wantedState } from '../../../src/reconcile/fleet/wanted-state.js';
import { anyInstances, similarInstances } from '../../export/estates.js';
import { inputs, sawEvery } from '../../support/law.js';

const NOW = '2026-01-01T00:00:00.000Z';

/** The base and the manifests of a fleet that is generated from these snapshots. */
async function loadFleet(
  snapshots: readonly Snapshot[],
): Promise<{ base: LoadedManifest | null; own: LoadedManifest[] }> {
  const cwd = await realpath(await mkdtemp(join(tmpdir(), 'domo-roles-compare-')));
  try {
    const estate = snapshots.map((snapshot, index) => ({ name: `i${index}`, snapshot, labels: {} }));
    for (const { path, text } of fleetFiles('fleet', estate)) {
      await mkdir(dirname(join(cwd, path)), { recursive: true });
      await writeFile(join(cwd, path), text);
    }
    const own = await Promise.all(
      estate.map(({ name }) => loadManifest([`instances/${name}.yaml`], { cwd })),
    );
    // A base without shared parts is not a valid manifest.
    const base = await loadManifest(['base.yaml'], { cwd }).catch(() => null);
    return { base, own };
  } finally {
    await rm(cwd, { recursive: true });
  }
}

describe('a fleet generated from snapshots', () => {
  it('differs from its base only if its manifests ask for it', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyInstances, similarInstances(4)), async (snapshots) => {
        const { base, own } = await loadFleet(snapshots);
        if (!base) return;
        compared += 1;
        snapshots.forEach((snapshot, index) => {
          const { roles, settings } = compareInstance(`i${index}`, {
            live: stateOf(snapshot),
            base: wantedState(base, snapshot, NOW),
            own: () => wantedState(own[index] as LoadedManifest, snapshot, NOW),
            extendsBase: true,
          });
          const left = roles.filter(({ surplus, unasked }) => surplus === null && unasked.presence === null);
          expect(
            roles.filter(({ unasked, surplus }) => unasked.presence === 'absent' && surplus === null),
          ).toEqual([]);
          expect(left.flatMap(({ unasked }) => [...unasked.added, ...unasked.removed])).toEqual([]);
          expect(left.filter(({ unasked }) => unasked.membersAdded + unasked.membersRemoved > 0)).toEqual([]);
          expect(settings.filter(({ isAsBase, isAsked }) => !isAsBase && !isAsked)).toEqual([]);
        });
      }),
      { numRuns: inputs(30) },
    );
    expect(sawEvery(compared)).toBe(true);
  });
});
