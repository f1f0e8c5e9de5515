import { join } from 'node:path';
import { FLEET_FILES } from '../../fleet/document.js';
import { isAbsent } from '../../journal/files.js';
import { readDocumentText } from '../../journal/read-file.js';
import { ProblemError, problem } from '../../problem/problem.js';
import { checkFleet, checkInstanceRoles } from '../saved-documents.js';
import type { SavedFleet } from './apply-plans.js';
import { isClearing } from './fleet-log.js';

/**
 * Opens the folder of `planFleet`. Reads its document now, and each plan file when it is needed.
 *
 * @throws ProblemError if there is no fleet document, or it was edited.
 */
export async function readFleetPlans(folder: string): Promise<SavedFleet> {
  if (await isClearing(folder)) {
    const message =
      'the run was interrupted before it made a plan: the files in the folder are of the run before';
    const hint = 'plan the fleet again';
    throw new ProblemError(problem('bad-file', message, { where: { file: FLEET_FILES.log }, hint }));
  }
  return {
    document: checkFleet(await parsed(folder, FLEET_FILES.document), FLEET_FILES.document),
    planOf: (instance) => parsed(folder, join('instances', instance, 'plan.json')),
    rolesOf: async (instance) => {
      const file = join('instances', instance, 'roles.json');
      return (await isAbsent(join(folder, file)))
        ? null
        : checkInstanceRoles(await parsed(folder, file), instance);
    },
  };
}

async function parsed(folder: string, file: string): Promise<unknown> {
  try {
    return JSON.parse(await readDocumentText(join(folder, file))) as unknown;
  } catch (cause) {
    throw new ProblemError(problem('bad-file', 'the file cannot be read', { where: { file } }), { cause });
  }
}
