import { realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** A path as a person would say it: relative to where the command was started, with forward slashes. */
export function displayPath(path: string, cwd: string): string {
  return relative(cwd, path).split(sep).join('/') || '.';
}

/** Is a path a folder, or beneath it? By its text alone. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** The path with all links followed; null where nothing is there, or it may not be looked at. */
export async function realPathOf(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch {
    return null;
  }
}

/** What stands at a path, links followed. */
export async function kindOf(path: string): Promise<'file' | 'folder' | 'other' | null> {
  try {
    const found = await stat(path);
    return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
  } catch {
    return null;
  }
}

/** The nearest folder, from this one upwards, that is a git repository; null where there is none. */
export async function repositoryOf(folder: string): Promise<string | null> {
  for (let at = folder; ; at = dirname(at)) {
    if ((await kindOf(join(at, '.git'))) !== null) return at;
    if (dirname(at) === at) return null;
  }
}

/**
 * Where a path leads that a file says, if it stays within one of the folders, by its text and with links
 * followed. `outside` is told without looking at what is there; `missing` when nothing is.
 */
export async function openPath(
  said: string,
  from: string,
  folders: readonly string[],
): Promise<{ real: string; path: string } | 'outside' | 'missing'> {
  const path = resolve(from, said);
  const realFrom = (await realPathOf(from)) ?? from;
  const byText = folders.some(
    (folder) => isWithin(path, folder) || isWithin(resolve(realFrom, said), folder),
  );
  if (!byText) return 'outside';
  const real = await realPathOf(path);
  if (real === null) return 'missing';
  return folders.some((folder) => isWithin(real, folder)) ? { real, path } : 'outside';
}
