import { realpath, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { createFolders, replaceFile } from '../journal/files.js';
import { pathsWithout } from '../reconcile/own-paths.js';
import { oneLine } from '../render/format/one-line.js';
import { ProblemError, problem } from '../problem/problem.js';
import { jsonText } from '../model/json-text.js';
import { isOwnLink } from './file-identity.js';
import { overwriteFile } from './overwrite-file.js';
import { asProblemError } from './failure.js';
import type { ResultFormat } from './formats.js';
import { streamOf } from './ledger.js';
import { write } from './environment.js';
import type { Environment } from './environment.js';
import { nullIfAbsent, systemCodeOf } from '../problem/system-error.js';

/** A file to be written. */
interface FileText {
  file: string;
  text: string;
  /** Permissions of a new file; an existing file keeps its own. */
  mode: number;
}

/** Readable only by the owner, because plans and exports name people. */
export const PRIVATE = 0o600;

/** For files of the repository. */
export const SHARED = 0o644;

/**
 * Prints the result on stdout. Never throws: a closed pipe is not a failure; any other failure is reported in one line
 * and affects the exit code. Returns false if the text did not reach a reader.
 */
export async function print(environment: Environment, text: string): Promise<boolean> {
  environment.ledger.printed = true;
  try {
    return await write(environment.stdout, text);
  } catch (error) {
    await reportUnwritten(environment, 'stdout', error);
    return false;
  }
}

/** Prints a result as text, or its document as JSON. */
export function printResult(
  environment: Environment,
  format: ResultFormat,
  { text, document }: { text: () => string; document: unknown },
): Promise<boolean> {
  switch (format) {
    case 'text':
      return print(environment, text());
    case 'json':
      return print(environment, jsonText(document));
  }
}

/** Writes an output file. Like `print`, never throws; returns false if the file could not be written. */
export async function deliver(environment: Environment, output: FileText): Promise<boolean> {
  try {
    await writeOutput(environment, output);
    return true;
  } catch (error) {
    await reportUnwritten(environment, output.file, error);
    return false;
  }
}

/** Renders a result and prints it; see `rendered`. Returns false if it did not reach a reader. */
export async function printRendered(
  environment: Environment,
  render: () => Promise<string>,
): Promise<boolean> {
  const text = await rendered(environment, 'stdout', render);
  return text !== null && print(environment, text);
}

/** Renders an output file and writes it; see `rendered`. Returns false if the file could not be written. */
export async function deliverRendered(
  environment: Environment,
  { file, mode }: Omit<FileText, 'text'>,
  render: () => Promise<string>,
): Promise<boolean> {
  const text = await rendered(environment, file, render);
  return text !== null && deliver(environment, { file, text, mode });
}

/**
 * The text of an output; null if it could not be made, for example because a renderer could not be loaded. That is
 * reported like a failed write: it loses this output alone, and the exit code of a run that sent a write stays. A problem
 * that ends a run without a write is raised.
 */
async function rendered(
  environment: Environment,
  what: string,
  render: () => Promise<string>,
): Promise<string | null> {
  try {
    return await render();
  } catch (error) {
    if (error instanceof ProblemError && !environment.ledger.sent) throw error;
    await reportUnwritten(environment, what, asProblemError(error, environment));
    return null;
  }
}

/** Reports a failed write in one line on stderr, and records it for the exit code. */
export async function reportUnwritten(environment: Environment, what: string, error: unknown): Promise<void> {
  environment.ledger.incomplete = true;
  await warn(environment, `${what} could not be written (${reasonOf(error)})`);
}

/** Reports a file of a run that could not be written, named from the working folder. */
export async function reportUnwrittenPath(
  environment: Environment,
  path: string,
  error: unknown,
): Promise<void> {
  await reportUnwritten(environment, pathsWithout([environment.cwd])(path), error);
}

/** Prints a warning line on stderr. Never throws. */
export async function warn(environment: Environment, line: string): Promise<void> {
  await note(environment, `warning: ${oneLine(line)}`);
}

/** Prints one line on stderr. Never throws: if stderr fails, there is nowhere to report it. */
export async function note(environment: Environment, line: string): Promise<void> {
  await write(environment.stderr, `${line}\n`).catch(() => false);
}

/** Writes a file; an existing one, or a link, is replaced atomically. Raises `bad-file`. */
export async function writeOutput(environment: Environment, { file, text, mode }: FileText): Promise<void> {
  const stream = streamOf(file);
  const path = resolve(environment.cwd, file);
  try {
    if (stream !== null) {
      await write(environment[stream], text);
      return;
    }
    await createFolders(dirname(path), mode === PRIVATE ? 0o700 : undefined);
    await writeToPath(path, text, mode);
  } catch (cause) {
    throw new ProblemError(
      problem('bad-file', `the file cannot be written (${reasonOf(cause)})`, { where: { file } }),
      { cause },
    );
  }
}

/** A link is replaced, never followed. Devices, pipes and the open files of this process are written to. */
async function writeToPath(path: string, text: string, mode: number): Promise<void> {
  const found = await stat(path).catch(nullIfAbsent);
  if (found === null || (!found.isDirectory() && (await isOwnLink(path))))
    await replaceFile(path, text, { mode });
  else if (found.isFile()) await replace(await realpath(path), text, mode);
  else await writeFile(path, text);
}

/** Errors for which no file can be created in the folder, although an existing file may be writable. */
const NO_NEW_FILE: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'EXDEV']);

/** Replaces a file only after the new one is complete. */
async function replace(path: string, text: string, mode: number): Promise<void> {
  try {
    await replaceFile(path, text, { mode });
  } catch (error) {
    if (!NO_NEW_FILE.has(systemCodeOf(error))) throw error;
    await overwriteFile(path, text);
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof ProblemError ? error.cause : error;
  return systemCodeOf(cause) ?? (error instanceof ProblemError ? error.message : 'unknown');
}
