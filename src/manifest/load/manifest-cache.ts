import { openRecent, type Recent } from '../../model/recent.js';
import type { LoadedFiles } from '../files/loaded-files.js';
import { openMembersCache, type MembersCache } from '../members/load-members.js';
import type { PolicyCache } from '../policy/open-policy.js';
import { openCheckedRules, type CheckedRules } from '../rules/checked-rules.js';
import { loadFiles, type CollectOptions } from './load-files.js';
import { openParseCache, type ParseCache } from './parse-file.js';

/** The most manifests in the cache: memory must not grow with their number. */
const MOST_OPEN = 32;

/**
 * A cache for manifests that are loaded in one run with the same options. It does not change the result; the run sees
 * each file as it was when it was first read.
 */
export interface ManifestCache extends PolicyCache {
  parsed: ParseCache;
  /** Keyed by the paths of the manifest. */
  opened: Recent<Promise<LoadedFiles>>;
  members: MembersCache;
  checked: CheckedRules;
}

/** Opens a cache for a run. */
export function openManifestCache(): ManifestCache {
  return {
    parsed: openParseCache(),
    opened: openRecent(MOST_OPEN),
    policies: openRecent(MOST_OPEN),
    origins: openRecent(MOST_OPEN),
    members: openMembersCache(),
    checked: openCheckedRules(),
  };
}

/** Reads the files of a manifest, or copies the cached result of the same paths: each load adds files to its copy. */
export async function loadSharedFiles(
  paths: readonly string[],
  { cache, ...options }: Omit<CollectOptions, 'cache'> & { cache: ManifestCache },
): Promise<LoadedFiles> {
  return copyOf(
    await cache.opened.get(JSON.stringify(paths), () =>
      loadFiles(paths, { ...options, cache: cache.parsed }),
    ),
  );
}

function copyOf(loaded: LoadedFiles): LoadedFiles {
  return {
    ...loaded,
    given: [...loaded.given],
    problems: [...loaded.problems],
    files: [...loaded.files],
    sources: new Map(loaded.sources),
    paths: new Map(loaded.paths),
    passedOver: [...loaded.passedOver],
  };
}
