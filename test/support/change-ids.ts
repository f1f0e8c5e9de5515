import type { ChangeId } from '../../src/plan/change-id.js';

/** A literal as a change id, for tests that write changes by hand. */
export function asChangeId(text: string): ChangeId {
  return text as ChangeId;
}

/** The same for a list. */
export function asChangeIds(texts: readonly string[] = []): ChangeId[] {
  return texts.map(asChangeId);
}
