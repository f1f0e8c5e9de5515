import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ProblemError, problem } from '../problem/problem.js';
import { nullIfAbsent } from '../problem/system-error.js';
import { isOwnLink } from './file-identity.js';
import { streamOf } from './ledger.js';
import type { Environment } from './environment.js';

/** Raises `bad-file` for existing regular files and links, unless `--force` is given. */
export async function refuseToOverwrite(
  environment: Environment,
  files: readonly string[],
  force: boolean | undefined,
): Promise<void> {
  if (force === true) return;
  const there = [];
  for (const file of files) {
    if (streamOf(file) !== null) continue;
    const path = resolve(environment.cwd, file);
    const found = await stat(path).catch(nullIfAbsent);
    if (found?.isDirectory())
      throw new ProblemError(
        problem('bad-file', 'this is a folder, but a file would be written here', {
          where: { file },
          hint: 'specify a file',
        }),
      );
    if (found?.isFile() || (await isOwnLink(path))) there.push(file);
  }
  if (there.length === 0) return;
  throw new ProblemError(
    there.map((file) =>
      problem('bad-file', 'the file already exists', {
        where: { file },
        hint: 'use --force to overwrite it',
      }),
    ),
  );
}

/** Raises `bad-file` for a file in the place of a folder that is to receive several files. */
export async function refuseFileAsFolder({ cwd }: Environment, folder: string): Promise<void> {
  const found = await stat(resolve(cwd, folder)).catch(() => null);
  if (found?.isFile() !== true) return;
  throw new ProblemError(
    problem('bad-file', 'this is a file, and a folder is needed for several files', {
      where: { file: folder },
      hint: 'specify a folder',
    }),
  );
}
