import type { ManifestDraft } from '../draft.js';
import type { Place } from '../yaml-values.js';

/**
 * Of two places that contradict each other, the one to change and the other one: the wrong one is in a given file
 * rather than in its base, else later in the same file. The order of the arguments decides only where neither does.
 */
export function wrongAndOther(
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
