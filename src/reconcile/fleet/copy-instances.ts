import { chmod, copyFile, lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { openPrivateFolder, targetOfHalfWritten, unusableFile } from '../../journal/files.js';
import { isHidden } from '../../problem/system-error.js';

/** Instances that are copied concurrently. */
const AT_ONCE = 16;

/** Folders of a state folder that are specific to the machine. */
const LEFT_OUT: ReadonlySet<string> = new Set(['locks']);

/**
 * Copies the files of each instance into the folder of another run, later tries over earlier ones. Of earlier tries
 * only the run folders are copied, because the documents come from the last try. Does not follow links.
 */
export async function copyInstances(
  foldersOf: ReadonlyMap<string, readonly string[]>,
  target: string,
): Promise<void> {
  const window = pLimit(AT_ONCE);
  const one = async ([name, folders]: [string, readonly string[]]): Promise<void> => {
    for (const [index, folder] of folders.entries()) {
      const isLast = index === folders.length - 1;
      const from = join(folder, 'instances', name);
      const to = join(target, 'instances', name);
      if (!(await isFolder(from)) || (!isLast && !(await isFolder(join(from, 'run'))))) continue;
      await openPrivateFolder(to);
      await copyTree(from, to, (entry) => isLast || entry === 'run');
    }
  };
  await Promise.all([...foldersOf].map((entry) => window(() => one(entry))));
}

async function isFolder(path: string): Promise<boolean> {
  const found = await lstat(path).catch((error: unknown) => {
    if (isHidden(error)) throw unusableFile(path, 'it cannot be read', error);
    return null;
  });
  return found?.isDirectory() ?? false;
}

async function copyTree(from: string, to: string, isWanted: (name: string) => boolean): Promise<void> {
  const entries = await readdir(from, { withFileTypes: true }).catch((error: unknown) => {
    throw unusableFile(from, 'it cannot be read', error);
  });
  for (const entry of entries) {
    if (!isWanted(entry.name) || LEFT_OUT.has(entry.name) || targetOfHalfWritten(entry.name) !== null)
      continue;
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      await openPrivateFolder(copy);
      await copyTree(source, copy, () => true);
    } else if (entry.isFile()) {
      await copyFile(source, copy).catch(async (error: unknown) => {
        const opened = await open(source).catch((cause: unknown) => {
          throw unusableFile(source, 'it cannot be read', cause);
        });
        await opened.close();
        throw unusableFile(copy, 'it cannot be copied', error);
      });
      await chmod(copy, 0o600).catch((error: unknown) => {
        throw unusableFile(copy, 'it cannot be made private', error);
      });
    }
  }
}
