import { join, resolve } from 'node:path';
import pLimit from 'p-limit';
import { readTextFile } from '../../journal/read-file.js';
import { cachedByPath } from '../../manifest/files/paths.js';
import { readText } from '../../manifest/files/read-text.js';
import { addTo } from '../../model/group.js';
import { parsedOrNull } from '../../model/json-text.js';
import { byCodeUnit } from '../../model/sort.js';

/** Instances whose documents are read together. */
const AT_ONCE = 16;

/**
 * The manifest files that instances were planned or compared with in different versions. Sorted. `folderOf` has the
 * folder of the run that each instance's row is from.
 */
export async function differingManifests(folderOf: ReadonlyMap<string, string>): Promise<string[]> {
  const window = pLimit(AT_ONCE);
  const digests = new Map<string, string>();
  const differing = new Set<string>();
  const one = async ([name, folder]: readonly [string, string]): Promise<void> => {
    for (const { path, digest } of await filesOf(join(folder, 'instances', name))) {
      if ((digests.get(path) ?? digest) !== digest) differing.add(path);
      digests.set(path, digest);
    }
  };
  await Promise.all([...folderOf].map((entry) => window(() => one(entry))));
  return [...differing].sort(byCodeUnit);
}

/** A manifest file that changed, and the instances whose document was made of an earlier version. */
interface ChangedManifest {
  path: string;
  instances: string[];
}

/**
 * The manifest files that are no longer as the documents of these instances were made of them. Sorted, and so are the
 * instances. `folder` is that of the run.
 */
export async function changedManifests(
  names: readonly string[],
  { folder, cwd }: { folder: string; cwd: string },
): Promise<ChangedManifest[]> {
  const window = pLimit(AT_ONCE);
  const changed = new Map<string, string[]>();
  const digestNow = cachedByPath(async (path) => {
    const found = await readText(resolve(cwd, path));
    return typeof found === 'string' ? null : found.digest;
  });
  const one = async (name: string): Promise<void> => {
    for (const { path, digest } of await filesOf(join(folder, 'instances', name)))
      if ((await digestNow(path)) !== digest) addTo(changed, path, name);
  };
  await Promise.all(names.map((name) => window(() => one(name))));
  return [...changed]
    .map(([path, instances]) => ({ path, instances: instances.sort(byCodeUnit) }))
    .sort((a, b) => byCodeUnit(a.path, b.path));
}

interface FileVersion {
  path: string;
  digest: string;
}

/** The files that the plan or drift document of an instance was made of. */
async function filesOf(folder: string): Promise<readonly FileVersion[]> {
  for (const document of ['plan.json', 'drift.json']) {
    const text = await readTextFile(join(folder, document)).catch(() => null);
    if (text !== null) return filesIn(text);
  }
  return [];
}

function filesIn(text: string): readonly FileVersion[] {
  const document = parsedOrNull(text) as { manifest?: { files?: unknown } } | null;
  const files: unknown = document?.manifest?.files;
  return Array.isArray(files) ? files.filter(isVersion) : [];
}

function isVersion(value: unknown): value is FileVersion {
  const { path, digest } = (value ?? {}) as Partial<Record<keyof FileVersion, unknown>>;
  return typeof path === 'string' && typeof digest === 'string';
}
