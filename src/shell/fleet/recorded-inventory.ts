import { isAbsolute, resolve } from 'node:path';
import type { InventoryFacts } from '../../fleet/document.js';
import { loadInventory } from '../../inventory/load-inventory.js';
import { isWithin, kindOf, realPathOrSame, repositoryOf } from '../../manifest/files/paths.js';
import { quotedName } from '../../model/quoted-name.js';
import { ProblemError, problem, usageError } from '../../problem/problem.js';
import { timeOf } from '../../reconcile/runtime.js';
import type { Environment } from '../environment.js';

/**
 * Checks the inventory that the document of an earlier run names, before it is read. The document may have been edited, so
 * a file outside of the working folder and its repository must be the one that the run read. Nothing else of it is shown.
 *
 * @throws ProblemError `usage`, or `inventory-not-found` if there is no such file, with a hint on how to name the
 * inventory.
 */
export async function checkRecordedInventory(
  { file, digest }: Pick<InventoryFacts, 'file' | 'digest'>,
  hint: string,
  environment: Environment,
): Promise<void> {
  if (await isOwn(file, environment)) {
    if ((await kindOf(resolve(environment.cwd, file))) === null) throw notHere(file, hint);
    return;
  }
  // Documents never contain absolute paths.
  if (!isAbsolute(file) && (await digestOf(file, environment)) === digest) return;
  throw usageError(
    `the run names ${quotedName(file)}, which is outside of this folder and its repository, and not the inventory that it read`,
    { what: 'inventory', hint },
  );
}

/** The path is relative to the working directory of the earlier run, which may have been another. */
function notHere(file: string, hint: string): ProblemError {
  return new ProblemError(
    problem(
      'inventory-not-found',
      `the run names the inventory ${quotedName(file)}, which does not exist here`,
      {
        where: { file },
        hint: `change to the folder in which the run was started, or ${hint}`,
      },
    ),
  );
}

/** Is a file or folder in the working folder or its repository, links followed? */
export async function isOwn(file: string, { cwd }: Pick<Environment, 'cwd'>): Promise<boolean> {
  const here = await realPathOrSame(cwd);
  const top = (await repositoryOf(here)) ?? here;
  const path = resolve(here, file);
  return isWithin(await realPathOrSame(path), top);
}

async function digestOf(file: string, environment: Environment): Promise<string | null> {
  try {
    const { inventory } = await loadInventory(file, { cwd: environment.cwd, now: timeOf(environment) });
    return inventory?.digest ?? null;
  } catch (error) {
    if (error instanceof ProblemError) return null;
    throw error;
  }
}
