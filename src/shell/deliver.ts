import { stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { makeFolders, replaceFile } from '../journal/files.js';
import { oneLine } from '../render/format/one-line.js';
import { ProblemError, problem } from '../problem/problem.js';
import { linkTarget } from './file-identity.js';
import { streamOf } from './ledger.js';
import { write } from './environment.js';
import type { Environment } from './environment.js';

/** A file to be written. */
export interface FileText {
  file: string;
  text: string;
  /** Permissions of a new file; those of a file that is there stay. */
  mode: number;
}

/** The owner alone: plans and exports name people. */
export const PRIVATE = 0o600;

/** For files of the repository. */
export const SHARED = 0o644;

/**
 * Prints the result on stdout. Never throws: a reader who left is not a failure, and any other one is reported in one
 * line and decides the exit code at the end. False where the text did not reach a reader.
 */
export async function print(world: Environment, text: string): Promise<boolean> {
  world.ledger.printed = true;
  try {
    return await write(world.stdout, text);
  } catch (error) {
    await reportUnwritten(world, 'stdout', error);
    return false;
  }
}

/** Writes a file that was asked for. Never throws, as `print`; false where the file could not be written. */
export async function deliver(world: Environment, output: FileText): Promise<boolean> {
  try {
    await writeOutput(world, output);
    return true;
  } catch (error) {
    await reportUnwritten(world, output.file, error);
    return false;
  }
}

/** Reports in one line on stderr what could not be written. The exit code follows at the end of the run. */
export async function reportUnwritten(world: Environment, what: string, error: unknown): Promise<void> {
  world.ledger.incomplete = true;
  await warn(world, `${what} could not be written (${reasonOf(error)})`);
}

/** Prints one line on stderr, as `note`. */
export async function warn(world: Environment, line: string): Promise<void> {
  await note(world, `warning: ${oneLine(line)}`);
}

/** Prints one line on stderr. Never throws: where stderr cannot be written there is no place left to say so. */
export async function note(world: Environment, line: string): Promise<void> {
  await write(world.stderr, `${line}\n`).catch(() => false);
}

/** Writes a file, whole or not at all where it replaces one. Raises `bad-file`. */
export async function writeOutput(world: Environment, { file, text, mode }: FileText): Promise<void> {
  const stream = streamOf(file);
  const path = resolve(world.cwd, file);
  try {
    if (stream !== null) {
      await write(world[stream], text);
      return;
    }
    await makeFolders(dirname(path));
    const found = await stat(path).catch(() => null);
    if (found === null || found.isFile()) await replace(path, text, { mode, isNew: found === null });
    else await writeFile(path, text);
  } catch (cause) {
    throw new ProblemError(
      problem('bad-file', `the file cannot be written (${reasonOf(cause)})`, { where: { file } }),
      { cause },
    );
  }
}

/** Reasons why a folder takes no new file though a file in it may be written. */
const NO_NEW_FILE: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'EXDEV']);

/** The old file stays until the new one is whole. */
async function replace(
  path: string,
  text: string,
  { mode, isNew }: { mode: number; isNew: boolean },
): Promise<void> {
  try {
    await replaceFile(await linkTarget(path), text, { mode });
  } catch (error) {
    if (isNew || !NO_NEW_FILE.has((error as NodeJS.ErrnoException).code)) throw error;
    await writeFile(path, text);
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof ProblemError ? error.cause : error;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  if (typeof code === 'string') return code;
  return error instanceof ProblemError ? error.message : 'unknown';
}
