import { resolve } from 'node:path';
import type { Catalogue } from '../../model/grant.js';
import type { OverlayLayer } from '../../manifest/load/load.js';
import type { ManifestFile } from '../../manifest/manifest.js';
import { displayPath, missingPathHint } from '../../manifest/files/paths.js';
import { openManifestCache } from '../../manifest/load/manifest-cache.js';
import type { YamlMap } from '../../manifest/yaml/yaml-values.js';
import type { FleetEntry, Inventory } from '../../inventory/inventory.js';
import { instanceName } from '../../model/instance-name.js';
import { quotedName } from '../../model/quoted-name.js';
import { openRecent } from '../../model/recent.js';
import { plainWhere, problem, type Problem } from '../../problem/problem.js';
import { InvalidManifest } from '../errors.js';
import { readManifest } from '../load-manifest.js';
import type { ManifestInput } from '../load-manifest.js';

/** Options of loading the manifests of a fleet. */
export interface EntryManifestOptions {
  cwd: string;
  /** A policy file to apply to every manifest. */
  policy?: string | undefined;
  /** The grants that exist: others are problems. */
  catalogue?: Catalogue | undefined;
}

/** The most manifests in the cache: memory must not grow with the number of instances. */
const MOST_KEPT = 32;

/**
 * Loads the manifests of an inventory's entries, with their overlays. Each file is parsed once, and entries with the same
 * manifest and overlay share one.
 */
export function entryManifests(
  inventory: Inventory,
  { cwd, policy, catalogue }: EntryManifestOptions,
): (entry: FleetEntry) => Promise<ManifestInput> {
  const cache = openManifestCache();
  const shared = openRecent<Promise<ManifestInput>>(MOST_KEPT);
  const overlaysOf = (name: string): readonly Problem[] => inventory.overlayProblems.get(name) ?? [];
  const load = ({ name, manifest, overlay }: FleetEntry): Promise<ManifestInput> =>
    readManifest([displayPath(resolve(inventory.folder, manifest.value), cwd)], cwd, {
      policy,
      ...(catalogue ? { catalogue } : {}),
      cache,
      folders: [inventory.folder],
      overlay: overlay ? { ...overlayLayer(inventory, overlay, cwd), problems: overlaysOf(name) } : undefined,
    });
  return async (entry) => {
    // The key contains the place, because problems of equal overlays have different places.
    const { overlay } = entry;
    const key = JSON.stringify([entry.manifest.value, overlay && [overlay.at.line, overlay.at.column]]);
    const manifest = await shared
      .get(key, () => load(entry))
      .catch((error: unknown) => {
        throw placedAt(entry, error);
      });
    refuseOtherInstance(manifest, entry);
    return manifest;
  };
}

function overlayLayer(
  { file, text, files }: Inventory,
  root: YamlMap,
  cwd: string,
): Omit<OverlayLayer, 'problems'> {
  // The inventory itself is the first file that it was read from.
  return { root, text, path: resolve(cwd, file), file: files[0] as ManifestFile };
}

/** Reports a missing manifest at the place where the inventory names it. */
function placedAt({ manifest }: FleetEntry, error: unknown): unknown {
  if (!(error instanceof InvalidManifest)) return error;
  const { files, sources, inputs } = error;
  const problems = error.problems.map((one) =>
    one.code === 'manifest-not-found' && one.where === undefined
      ? {
          ...one,
          where: plainWhere(manifest.at),
          hint: missingPathHint(
            manifest.value,
            'specify a YAML file, or a folder of them; the path is relative to the inventory',
          ),
        }
      : one,
  );
  return new InvalidManifest(problems, { files, sources, inputs });
}

/** Rejects a manifest that names another instance than its entry. */
function refuseOtherInstance({ loaded, files, sources }: ManifestInput, entry: FleetEntry): void {
  const { instance } = loaded.manifest;
  if (instance === null || instanceName(instance) === entry.name) return;
  const message = `the manifest is for ${quotedName(instance)}, and for no other instance`;
  const hint = 'remove instance: from a manifest that several entries share';
  throw new InvalidManifest(
    [problem('other-instance', message, { where: loaded.locate(['instance']) ?? entry.manifest.at, hint })],
    { files, sources },
  );
}
