import type { ChangeId } from '../../src/plan/change-id.js';

/** A literal as the id of a change: tests write by hand what a plan makes. */
export function asChangeId(text: string): ChangeId {
  return text as ChangeId;
}

/** The same for a list. */
export function asChangeIds(texts: readonly string[] = []): ChangeId[] {
  return texts.map(asChangeId);
}
