import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives the work an empty place for a state folder, and takes it away afterwards. */
export async function withStateFolder<T>(work: (state: string, root: string) => Promise<T>): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), 'domo-roles-state-'));
  try {
    return await work(join(root, '.domo-roles'), root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Names for runs that differ, and count up. */
export function countedNames(): () => string {
  let count = 0;
  return () => String(++count).padStart(8, '0');
}
