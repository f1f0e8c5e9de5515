import type { Problem } from '../problem/problem.js';
import { byCodeUnit } from './sort.js';

/** Sorts problems by file (in the given order), line, column and code; those without a place come last. */
export function inFileOrder(problems: readonly Problem[], files: readonly string[]): Problem[] {
  const rank = new Map(files.map((file, index) => [file, index]));
  const fileOf = (one: Problem): number => rank.get(one.where?.file ?? '') ?? files.length;
  return [...problems].sort(
    (a, b) =>
      fileOf(a) - fileOf(b) ||
      byCodeUnit(a.where?.file ?? '', b.where?.file ?? '') ||
      (a.where?.line ?? 0) - (b.where?.line ?? 0) ||
      (a.where?.column ?? 0) - (b.where?.column ?? 0) ||
      byCodeUnit(a.code, b.code) ||
      byCodeUnit(a.message, b.message),
  );
}
