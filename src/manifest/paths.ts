import { realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** A path for display: relative to where the command was started, with forward slashes. */
export function displayPath(path: string, cwd: string): string {
  return relative(cwd, path).split(sep).join('/') || '.';
}

/** Is a path this folder, or in it? By its text alone. */
export function isWithin(path: string, folder: string): boolean {
  const rest = relative(folder, path);
  return rest === '' || (rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest));
}

/** The path with all links followed; null where nothing is there, or access is denied. */
export async function realPathOf(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch {
    return null;
  }
}

/** What is at a path, links followed. */
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
 * Resolves a path that a file refers to, if it stays within one of the folders, by its text and with links
 * followed. `outside` is answered without looking at the file system; `missing` where nothing is there.
 */
export async function openPath(
  relativePath: string,
  from: string,
  folders: readonly string[],
): Promise<{ real: string; path: string } | 'outside' | 'missing'> {
  const path = resolve(from, relativePath);
  const realFrom = (await realPathOf(from)) ?? from;
  const byText = folders.some(
    (folder) => isWithin(path, folder) || isWithin(resolve(realFrom, relativePath), folder),
  );
  if (!byText) return 'outside';
  const real = await realPathOf(path);
  if (real === null) return 'missing';
  return folders.some((folder) => isWithin(real, folder)) ? { real, path } : 'outside';
}
