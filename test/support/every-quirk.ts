import { allQuirks } from '../../src/sandbox/quirks.js';
import type { Quirks } from '../../src/sandbox/quirks.js';

/** All compatible quirks. Answers are one millisecond late instead of five, because a run waits for many. */
export function everyQuirk(): Partial<Quirks> {
  return { ...allQuirks(), slowAnswers: 1 };
}
