import type { ManifestDraft } from '../draft/draft.js';
import type { Place } from '../yaml/yaml-values.js';

/**
 * Orders two contradicting places: first the one to change. That is the one in a given file rather than in a base, else
 * the later one in the same file, else `b`.
 */
export function orderConflict(
  { given }: Pick<ManifestDraft, 'given'>,
  a: Place,
  b: Place,
): { wrong: Place; other: Place } {
  const [inA, inB] = [given.has(a.file), given.has(b.file)];
  const isA = inA === inB ? a.file === b.file && isLater(a, b) : inA;
  return isA ? { wrong: a, other: b } : { wrong: b, other: a };
}

function isLater(a: Place, b: Place): boolean {
  return a.line > b.line || (a.line === b.line && a.column > b.column);
}
