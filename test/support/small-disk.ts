import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The unit in which a small file system fills up, in bytes. */
export const PAGE = 4096;

/**
 * Can a small file system be mounted here? Only a try shows it: a container may take the right away from its root.
 */
export const mayMount = ((): boolean => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), 'mount-'));
  try {
    if (!mount(folder, PAGE)) return false;
    spawnSync('umount', [folder]);
    return true;
  } finally {
    rmSync(folder, { recursive: true });
  }
})();

function mount(folder: string, bytes: number): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'none', folder]).status === 0;
}

/** Runs the work with the folder of a small file system. */
export async function onSmallDisk(bytes: number, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'disk-'));
  try {
    if (!mount(folder, bytes)) throw new Error('a small file system cannot be mounted');
    try {
      await work(folder);
    } finally {
      spawnSync('umount', [folder]);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
