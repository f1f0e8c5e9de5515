import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isHidden } from '../../problem/system-error.js';

/** A path for display: relative to the working directory, with forward slashes. */
export function displayPath(path: string, cwd: string): string {
  return relative(cwd, path).split(sep).join('/') || '.';
}

/** The hint for a path in a file that leads nowhere. A `\\` separates folders on Windows only, so the hint is about that first. */
export function missingPathHint(path: string, hint: string): string {
  return path.includes('\\') ? 'write / between folders, on Windows too' : hint;
}

/** Names files for display like `displayPath`. Compares each folder with the working directory only once. */
export function fileNamer(cwd: string): (path: string) => string {
  const prefixes = new Map<string, string>();
  return (path) => {
    const folder = dirname(path);
    const shown = prefixes.get(folder) ?? displayPath(join(folder, 'x'), cwd).slice(0, -1);
    prefixes.set(folder, shown);
    return `${shown}${basename(path)}`;
  };
}

/** Is a path this folder, or in it? Compares only the text. */
export function isWithin(path: string, folder: string): boolean {
  const rest = relative(folder, path);
  return rest === '' || (rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest));
}

/** The path with all links followed; null if it does not exist or access is denied. */
export async function realPathOf(path: string): Promise<string | null> {
  try {
    return realpathSync.native(path);
  } catch {
    return null;
  }
}

/** The path with all links followed; the path itself if that is not possible. */
export async function realPathOrSame(path: string): Promise<string> {
  return (await realPathOf(path)) ?? path;
}

/** The path with the links of its folders followed, also if the end of it does not exist. */
export async function realPlaceOf(path: string): Promise<string> {
  const real = await realPathOf(path);
  if (real !== null || dirname(path) === path) return real ?? path;
  return join(await realPlaceOf(dirname(path)), basename(path));
}

/** What to do about a path that this process cannot see or read. */
export const HIDDEN_HINT =
  'check its permissions and those of its folders, the disk, and the limit of open files';

/**
 * The kind of file at a path, links followed; null if there is nothing. `hidden` if this process cannot see what is there,
 * for example without permission for its folder.
 */
export async function kindOf(path: string): Promise<'file' | 'folder' | 'other' | 'hidden' | null> {
  try {
    const found = statSync(path);
    return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
  } catch (error) {
    return isHidden(error) ? 'hidden' : null;
  }
}

/** The nearest git repository from this folder upwards; null if there is none. */
export async function repositoryOf(folder: string): Promise<string | null> {
  for (let at = folder; ; at = dirname(at)) {
    const kind = await kindOf(join(at, '.git'));
    if (kind !== null && kind !== 'hidden') return at;
    if (dirname(at) === at) return null;
  }
}

/**
 * Resolves a path in a file, if it stays within one of the folders, both as text and with links followed. Returns
 * `outside` without reading the file system, `missing` if nothing exists at the path, and `unreadable` if that cannot be seen.
 */
export async function openPath(
  relativePath: string,
  from: string,
  folders: readonly string[],
): Promise<{ real: string; path: string } | 'outside' | 'missing' | 'unreadable'> {
  const path = resolve(from, relativePath);
  const realFrom = await realPathOrSame(from);
  const byText = folders.some(
    (folder) => isWithin(path, folder) || isWithin(resolve(realFrom, relativePath), folder),
  );
  if (!byText) return 'outside';
  const real = await realPathOf(path);
  if (real === null) return (await kindOf(path)) === null ? 'missing' : 'unreadable';
  return folders.some((folder) => isWithin(real, folder)) ? { real, path } : 'outside';
}

/** Caches asynchronous work by path. */
export function cachedByPath<T>(work: (path: string) => Promise<T>): (path: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (path) => {
    const found = known.get(path) ?? work(path);
    known.set(path, found);
    return found;
  };
}
