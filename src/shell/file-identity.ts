import { statSync } from 'node:fs';
import { lstat, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { nullIfAbsent } from '../problem/system-error.js';

/** Chains with more links are treated as loops. */
const MOST_LINKS = 40;

/**
 * The identity of a regular file, independent of the spelling of its path: links are followed, and a file that does not
 * exist yet is identified by its folder. Null for pipes and devices, which accept any number of outputs.
 */
export async function fileIdentity(path: string): Promise<string | null> {
  const existing = keyAt(path);
  if (existing !== undefined) return existing;
  const target = await linkTarget(resolve(path));
  const folder = await nearestFolder(dirname(target));
  const info = await stat(folder, { bigint: true }).catch(() => null);
  if (!info) return null;
  const rest = relative(folder, target);
  return `${fileKey(info)}/${(await ignoresCase(folder)) ? rest.normalize('NFC').toLowerCase() : rest}`;
}

/** The key of what exists at a path, null if it is not a regular file. Works without the thread pool: runs read many files. */
function keyAt(path: string): string | null | undefined {
  try {
    const found = statSync(path, { bigint: true });
    return found.isFile() ? fileKey(found) : null;
  } catch {
    return undefined;
  }
}

/** The identity of an open file: device and inode. */
export function fileKey({ dev, ino }: { dev: bigint; ino: bigint }): string {
  return `${dev}:${ino}`;
}

/** Folders whose links lead to the open files of a process, such as `/dev/stdout` and `/dev/fd/3`. */
const OPEN_FILES = /^\/(?:dev|proc\/[^/]+(?:\/task\/[^/]+)?\/fd)$/u;

/** Is this a link that someone made, not one of the system? A checkout may contain one that leads anywhere. */
export async function isOwnLink(path: string): Promise<boolean> {
  const found = await lstat(path).catch(nullIfAbsent);
  if (!found?.isSymbolicLink()) return false;
  return !OPEN_FILES.test(await realpath(dirname(path)).catch(() => ''));
}

/** The end of a chain of links, even if it does not exist. */
async function linkTarget(path: string): Promise<string> {
  let at = path;
  for (let links = 0; links < MOST_LINKS; links += 1) {
    const found = await lstat(at).catch(() => null);
    if (!found?.isSymbolicLink()) return at;
    // System links such as /dev/stdout lead to objects without a path; only the system can follow them.
    if (await stat(at).catch(() => null)) return at;
    at = resolve(dirname(at), await readlink(at));
  }
  return at;
}

async function nearestFolder(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    const real = await realpath(at).catch(() => null);
    // The rest of the path is compared as text, so the folder must be too.
    if (real !== null || dirname(at) === at) return at;
  }
}

/** Is the file system case-insensitive? Tested with existing names, because nothing may be created. */
async function ignoresCase(folder: string): Promise<boolean> {
  for (let at = await realpath(folder).catch(() => folder); dirname(at) !== at; at = dirname(at)) {
    const name = basename(at);
    const swapped = name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
    if (swapped === name) continue;
    const [one, other] = await Promise.all(
      [at, join(dirname(at), swapped)].map((path) => stat(path, { bigint: true }).catch(() => null)),
    );
    return one !== null && one !== undefined && other ? fileKey(one) === fileKey(other) : false;
  }
  return false;
}
