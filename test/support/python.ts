import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

/** Paths of Python with httpx. Debian's is first, because the package `python3-httpx` is only for that one. */
const PLACES = ['/usr/bin/python3', 'python3'];

/** A Python with httpx, or null. `PYTHON` names another one. */
export function findPython(): string | null {
  const places = process.env['PYTHON'] === undefined ? PLACES : [process.env['PYTHON']];
  return places.find((place) => spawnSync(place, ['-c', 'import httpx']).status === 0) ?? null;
}

/** Runs a script and returns what it prints. Raises when it fails. */
export async function runPython(python: string, args: readonly string[]): Promise<string> {
  // Without compiled files in the folder of the tests.
  const { stdout } = await promisify(execFile)(python, ['-B', ...args], { timeout: 60_000 });
  return stdout;
}
