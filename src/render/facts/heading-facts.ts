import { personLabel, timeText } from '../format/phrases.js';
import type { PlanDocument } from '../vocabulary.js';

/** The facts next to the heading of a document: when and by whom it was made, and what limits its use. */
export function headingFacts(document: PlanDocument): string[] {
  return [
    timeText(document.madeAt),
    ...(document.me ? [`as ${personLabel(document.me)}`] : []),
    ...(document.offline ? ['against a snapshot file'] : []),
    ...(document.kind === 'plan' && document.onlyExpired ? ['only ends of memberships'] : []),
    ...(document.sandbox ? ['on the sandbox: applies to nothing else'] : []),
  ];
}
