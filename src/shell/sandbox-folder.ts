import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { usageError } from '../problem/problem.js';
import { shellPath } from '../render/format/shell-word.js';
import { noteInputs } from './ledger.js';
import type { Environment } from './environment.js';

/** Default folder of the embedded instance's state. */
const SANDBOX_FOLDER = '.domo-roles/sandbox';

/** The state file in this folder. */
const STATE_FILE = 'sandbox.json';

const DOCUMENT = /\.(?:ya?ml|json)$/iu;

/** A folder of the embedded instance, and the flag that names it. */
interface FolderFlag {
  flag: '--sandbox' | '--folder';
  defaultFolder?: string;
}

/** The folder of `--sandbox [FOLDER]` or `--folder`; '' means the default. Raises `usage` for a manifest. */
export async function sandboxFolder(
  word: string,
  environment: Environment,
  { flag, defaultFolder = SANDBOX_FOLDER }: FolderFlag,
): Promise<string> {
  await refuseDocument(word, environment, { flag });
  const folder = resolve(environment.cwd, word === '' ? defaultFolder : word);
  await noteInputs(environment, [join(folder, STATE_FILE)]);
  return folder;
}

/**
 * Raises `usage` for a manifest, which is easily mistaken for the optional value of the flag: `plan --sandbox roles.yaml`. Where
 * that leaves no manifest, it is checked first, since the missing manifest is not the fault.
 */
export async function refuseDocument(
  word: string,
  { cwd }: Pick<Environment, 'cwd'>,
  { flag }: Pick<FolderFlag, 'flag'>,
): Promise<void> {
  if (word === '' || !(await isDocument(resolve(cwd, word)))) return;
  throw usageError(
    `${flag} takes a folder of the embedded instance, and ${JSON.stringify(word)} is not one`,
    {
      what: flag,
      hint:
        flag === '--folder'
          ? 'use a folder that contains nothing else'
          : `to pass ${JSON.stringify(word)} as an argument, write it before the flag: ${shellPath(word)} --sandbox`,
    },
  );
}

/** Is this a file, a name with a file extension, or a folder of manifests? */
async function isDocument(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (!found) return DOCUMENT.test(path);
  if (!found.isDirectory()) return true;
  const names = await readdir(path).catch((): string[] => []);
  return !names.includes(STATE_FILE) && names.some((name) => DOCUMENT.test(name));
}
