import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newRunId } from '../../src/journal/run-id.js';

/** Runs work with the path of an empty state folder, and removes it afterwards. */
export async function withStateFolder<T>(work: (state: string, root: string) => Promise<T>): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), 'domo-roles-state-'));
  try {
    return await work(join(root, '.domo-roles'), root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** A run id for tests that need one. */
export const RUN_ID = newRunId({ now: Date.UTC(2026, 0, 31, 8, 15), random: () => '1a2b3c' });

/** Run ids that are all different, in ascending order. */
export function countedNames(): () => string {
  let count = 0;
  return () => String(++count).padStart(8, '0');
}
