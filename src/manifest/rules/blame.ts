import type { ManifestDraft } from '../draft.js';
import type { Place } from '../yaml-values.js';

/**
 * Of two places that contradict each other, the one to change first and the other one after it: what a given file
 * says over its base, else what stands later in one file. The order in which the places are handed in decides
 * only where nothing else does.
 */
export function wrongAndOther({ given }: Pick<ManifestDraft, 'given'>, a: Place, b: Place): { wrong: Place; other: Place } {
  const [inA, inB] = [given.has(a.file), given.has(b.file)];
  const isA = inA === inB ? a.file === b.file && isLater(a, b) : inA;
  return isA ? { wrong: a, other: b } : { wrong: b, other: a };
}

function isLater(a: Place, b: Place): boolean {
  return a.line > b.line || (a.line === b.line && a.column > b.column);
}
