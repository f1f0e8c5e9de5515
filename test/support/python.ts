import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

/** Where Python with httpx may be: Debian's own first, since a package `python3-httpx` is for that one alone. */
const PLACES = ['/usr/bin/python3', 'python3'];

/** A Python that has httpx, or null. `PYTHON` names another one. */
export function findPython(): string | null {
  const places = process.env['PYTHON'] === undefined ? PLACES : [process.env['PYTHON']];
  return places.find((place) => spawnSync(place, ['-c', 'import httpx']).status === 0) ?? null;
}

/** Runs a script and returns what it prints. Raises when it fails. */
export async function runPython(python: string, args: readonly string[]): Promise<string> {
  // No compiled files: the folder of the tests is left as it is.
  const { stdout } = await promisify(execFile)(python, ['-B', ...args], { timeout: 60_000 });
  return stdout;
}
