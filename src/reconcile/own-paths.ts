import { sep } from 'node:path';
import type { Outcome } from '../apply/outcome.js';

/** Returns a function that makes the paths in a text relative to the longest of these folders that contains them. */
export function pathsWithout(roots: readonly string[]): (text: string) => string {
  const known = roots.filter((root) => root.length > 1).sort((a, b) => b.length - a.length);
  return (text) =>
    known.reduce((left, root) => left.replaceAll(`${root}${sep}`, '').replaceAll(root, '.'), text);
}

/** An outcome whose reasons and warnings name files relative to these folders. */
export function outcomeWithout(roots: readonly string[], outcome: Outcome): Outcome {
  if (roots.length === 0) return outcome;
  const clean = pathsWithout(roots);
  const cleanOrNull = (text: string | null): string | null => (text === null ? null : clean(text));
  return {
    ...outcome,
    changes: outcome.changes.map((one) => ({ ...one, reason: cleanOrNull(one.reason) })),
    warnings: outcome.warnings.map((one) => ({
      ...one,
      message: clean(one.message),
      hint: cleanOrNull(one.hint),
      file: cleanOrNull(one.file),
    })),
  };
}
