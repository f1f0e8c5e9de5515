import { sep } from 'node:path';
import type { Problem } from '../problem/problem.js';

/**
 * The problems with paths relative to the folder in which the command started, like its arguments. Paths of a command line
 * that names that folder itself stay absolute.
 */
export function withGivenPaths(
  problems: readonly Problem[],
  { cwd, argv }: { cwd: string; argv: readonly string[] },
): readonly Problem[] {
  const start = cwd.endsWith(sep) ? cwd : `${cwd}${sep}`;
  if (start === sep || argv.some((word) => word.includes(start))) return problems;
  const relative = (text: string): string => text.replaceAll(start, '');
  return problems.map((one) => ({
    ...one,
    message: relative(one.message),
    ...(one.hint === undefined ? {} : { hint: relative(one.hint) }),
    ...(one.where?.file === undefined ? {} : { where: { ...one.where, file: relative(one.where.file) } }),
  }));
}
