import type { PlanWarning } from '../../plan/plan.js';
import type { Where } from '../../problem/problem.js';

/**
 * The path of a file from the top of the repository, where annotations and code scanning look for it; null
 * for a file outside of the repository.
 */
export type PlaceOf = (file: string) => string | null;

/** Files as they were named. */
export const unchangedPlace: PlaceOf = (file) => file;

/** The place of a plan's warning; null if it has none. */
export function whereOfWarning({ file, line, column }: PlanWarning): Where | null {
  if (file === null) return null;
  return { file, ...(line === null ? {} : { line }), ...(column === null ? {} : { column }) };
}

/** A place in the repository; a file outside of it becomes text, so that no other file is annotated. */
export function repositoryWhere(where: Where, placeOf: PlaceOf): Where {
  if (where.file === undefined) return where;
  const file = placeOf(where.file);
  return file === null ? { what: pathText(where) } : { ...where, file };
}

function pathText({ file, line, column }: Where): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}
