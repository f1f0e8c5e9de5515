import { allQuirks } from '../../src/sandbox/quirks.js';
import type { Quirks } from '../../src/sandbox/quirks.js';

/** All quirks that go together. An answer comes one millisecond late in place of five, of which a run waits for many. */
export function everyQuirk(): Partial<Quirks> {
  return { ...allQuirks(), slowAnswers: 1 };
}
