import type { LoadedManifest } from '../../src/manifest/manifest.js';
import type { Place } from '../../src/manifest/yaml/yaml-values.js';

/** A place whose file name is the path in the manifest, so that tests can read the place of a message. */
export function placeAt(...path: readonly (string | number)[]): Place {
  return { file: path.join('/'), line: 1, column: 1, endLine: 1, endColumn: 1 };
}

/** A manifest whose places are its paths. */
export function withPlaces(loaded: LoadedManifest): LoadedManifest {
  return {
    ...loaded,
    locate: (path) => placeAt(...path),
    locateGrant: (name, grant) => {
      const grants = loaded.manifest.roles.find((role) => role.name === name)?.grants;
      for (const key of ['add', 'optional'] as const)
        if (grants?.[key].includes(grant)) return placeAt('roles', name, 'grants', key, grant);
      return null;
    },
  };
}
