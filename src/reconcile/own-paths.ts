import { sep } from 'node:path';
import type { Outcome } from '../apply/outcome.js';
import type { PlanWarning } from '../plan/plan.js';

/** A path does not begin after, and a folder does not end before, one of these. */
const BEFORE = String.raw`[\p{L}\p{N}_.\-/\\]`;
const AFTER = String.raw`[\p{L}\p{N}_\-]|\.[\p{L}\p{N}]`;

/** Returns a function that makes the paths in a text relative to the longest of these folders that contains them. */
export function pathsWithout(roots: readonly string[]): (text: string) => string {
  const known = roots.map((root) => root.replace(/[\\/]+$/u, '')).filter((root) => root !== '');
  if (known.length === 0) return (text) => text;
  const any = known.sort((a, b) => b.length - a.length).map(literally);
  const path = new RegExp(`(?<!${BEFORE})(?:${any.join('|')})(?:(${literally(sep)})|(?!${AFTER}))`, 'gu');
  return (text) => text.replace(path, (_, inside?: string) => (inside === undefined ? '.' : ''));
}

/** The source of a regular expression for exactly this text. */
function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/gu, String.raw`\$&`);
}

/** An outcome whose reasons and warnings name files relative to these folders. */
export function outcomeWithout(roots: readonly string[], outcome: Outcome): Outcome {
  if (roots.length === 0) return outcome;
  const clean = pathsWithout(roots);
  return {
    ...outcome,
    changes: outcome.changes.map((one) => ({ ...one, reason: cleanedOrNull(one.reason, clean) })),
    warnings: outcome.warnings.map((one) => problemWithout(one, clean)),
  };
}

/** A problem or warning of a document whose texts are cleaned. */
export function problemWithout(one: PlanWarning, clean: (text: string) => string): PlanWarning {
  const { message, hint, file } = one;
  return {
    ...one,
    message: clean(message),
    hint: cleanedOrNull(hint, clean),
    file: cleanedOrNull(file, clean),
  };
}

/** The cleaned text; null without one. */
export function cleanedOrNull(text: string | null, clean: (text: string) => string): string | null {
  return text === null ? null : clean(text);
}
