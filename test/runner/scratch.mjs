import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system in memory, on Linux. It may not allow running programs. */
const MEMORY = '/dev/shm';

/** The minimum number of free bytes. */
const ROOM = 4 * 2 ** 30;

/** Does a test start processes? */
export function startsProcesses(test) {
  return /\.(?:process|browser|engines)\.test\.ts$/u.test(test);
}

/**
 * The folders in which the tests of one run create theirs. They are in memory if the test runs no programs, because
 * no test needs its files after a restart, and waiting for the disk took a tenth of the time. Both are deleted at the
 * end.
 */
export async function openScratch() {
  const disk = await mkdtemp(join(tmpdir(), 'domo-roles-tests-'));
  const memory = (await hasRoom())
    ? await mkdtemp(join(MEMORY, 'domo-roles-tests-')).catch(() => disk)
    : disk;
  return {
    folderFor: (test) => (startsProcesses(test) ? disk : memory),
    close: () =>
      Promise.all(
        [disk, memory].map((folder) => rm(folder, { recursive: true, force: true }).catch(() => undefined)),
      ),
  };
}

async function hasRoom() {
  const found = await statfs(MEMORY).catch(() => null);
  return found !== null && found.bavail * found.bsize > ROOM;
}
