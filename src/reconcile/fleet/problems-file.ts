import type { FleetRow } from '../../fleet/document.js';
import type { FleetFolder } from './fleet-folder.js';

/** The part of a run's folder that stores problems of instances. */
export type ProblemsFolder = Pick<FleetFolder, 'earlier' | 'writeInstance' | 'removeInstance'>;

/** The file name in the folder of an instance. */
export const PROBLEMS_FILE = 'problems.json';

/**
 * Writes the problems of an instance without another document, and sets the file in its row. If that fails, the problems
 * are still in the row.
 */
export async function withProblemsFile<R extends Pick<FleetRow, 'problems' | 'refusals' | 'document'>>(
  instance: string,
  result: R,
  folder: ProblemsFolder | undefined,
): Promise<R> {
  if (!folder || result.document !== null || result.problems.length + result.refusals.length === 0)
    return result;
  const document = await folder
    .writeInstance(instance, PROBLEMS_FILE, errorDocument(result))
    .catch(() => null);
  return { ...result, document };
}

/** Deletes the file of an earlier attempt in the same folder. */
export async function clearProblemsFile(instance: string, folder: ProblemsFolder | undefined): Promise<void> {
  if (folder?.earlier?.ended.has(instance))
    await folder.removeInstance(instance, PROBLEMS_FILE).catch(() => undefined);
}

/** The error document that the command for a single instance prints. */
function errorDocument({ problems, refusals }: Pick<FleetRow, 'problems' | 'refusals'>): unknown {
  return {
    formatVersion: 1,
    kind: 'error',
    problems: problems.map(({ code, message, ...rest }) => ({
      code,
      severity: 'error',
      // The row names the other instances; the file of this instance must not.
      message: code === 'shared-token' ? 'another instance has the same token: nothing is sent' : message,
      ...rest,
    })),
    refusals,
  };
}
