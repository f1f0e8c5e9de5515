import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { removeFile, targetOfHalfWritten } from '../journal/files.js';
import { deliver, warn } from './deliver.js';
import { planOutputs } from './ledger.js';
import { refuseToOverwrite } from './overwrite.js';
import { filesToComplete, placeholderFor } from './placeholder.js';
import { takeFolder } from './take-folder.js';
import type { Environment } from './environment.js';

/** Several files that are only valid together. */
interface FileSet {
  /** The flag or command that writes them. */
  by: string;
  folder: string;
  /** The main file first: without it, the others are not read. Paths are relative to the folder. */
  files: readonly { path: string; text: string }[];
  /** How many files, from the first, make the others valid and stay placeholders until those are written; 1 if absent. */
  heads?: number;
  /** Permissions of new files. */
  mode: number;
  force: boolean | undefined;
}

/** A file of the set: its path in the folder, and from the working folder. */
interface Output {
  path: string;
  file: string;
  text: string;
  mode: number;
}

/**
 * Writes several files, and returns the paths of those that were written. Before the first one is written, the heads are
 * replaced by placeholders that no command accepts, and they are written last, the main file after all others: if the command
 * is killed or a file cannot be written, the files are the old ones or invalid, never valid but incomplete. The next run
 * completes them. Raises `bad-file` for existing files, unless `force` is given. If the placeholder is found, those that the run
 * before wrote or was allowed to overwrite may exist.
 */
export async function deliverTogether(
  environment: Environment,
  { by, folder, files: given, heads = 1, mode, force }: FileSet,
): Promise<string[]> {
  const outputs: Output[] = given.map(({ path, text }) => ({ path, text, mode, file: join(folder, path) }));
  const paths = outputs.map(({ file }) => file);
  await planOutputs(
    environment,
    paths.map((file) => ({ by, file })),
  );
  const release = await takeFolder(environment, folder);
  try {
    return await writeAll(environment, outputs, { heads, force });
  } finally {
    await release();
  }
}

/** Writes the files of a folder that no other command writes to. */
async function writeAll(
  environment: Environment,
  outputs: readonly Output[],
  { heads, force }: { heads: number; force: boolean | undefined },
): Promise<string[]> {
  const [main] = outputs;
  if (main === undefined) return [];
  const files = outputs.map(({ file, text }) => ({ path: resolve(environment.cwd, file), text }));
  const own = await filesToComplete(files);
  const others = outputs.filter((_, index) => !own.has(files[index]?.path ?? ''));
  await refuseToOverwrite(
    environment,
    others.map(({ file }) => file),
    force,
  );
  await removeHalfWritten(files.map(({ path }) => path));
  const placeholder = await placeholderFor(files);
  if (outputs.length > 1 && !(await deliver(environment, { ...main, text: placeholder }))) return [];
  const written = await writeHeadsLast(environment, outputs, { heads, placeholder });
  if (outputs.length > 1 && written.length < outputs.length)
    await warn(
      environment,
      `${main.file} is a placeholder until all files are written; run the command again`,
    );
  return written;
}

/** Writes the files behind the placeholder of the main file. Stops when a head cannot be written. */
async function writeHeadsLast(
  environment: Environment,
  outputs: readonly Output[],
  { heads, placeholder }: { heads: number; placeholder: string },
): Promise<string[]> {
  for (const head of outputs.slice(1, heads))
    if (!(await deliver(environment, { ...head, text: placeholder }))) return [];
  const written: string[] = [];
  for (const output of outputs.slice(heads))
    if (await deliver(environment, output)) written.push(output.path);
  if (written.length < outputs.length - heads) return written;
  for (const head of outputs.slice(0, heads).reverse()) {
    if (!(await deliver(environment, head))) return written;
    written.unshift(head.path);
  }
  return written;
}

/** Deletes the temporary files of these files, which a killed run leaves behind. */
async function removeHalfWritten(paths: readonly string[]): Promise<void> {
  const own = new Set(paths);
  for (const folder of new Set(paths.map((path) => dirname(path)))) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names) {
      const target = targetOfHalfWritten(name);
      if (target !== null && own.has(join(folder, target)))
        await removeFile(join(folder, name)).catch(() => undefined);
    }
  }
}
