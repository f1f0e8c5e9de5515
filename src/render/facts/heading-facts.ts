import { personLabel, timeText } from '../format/phrases.js';
import type { PlanDocument } from '../vocabulary.js';

/** The snapshot that an offline document was made from, with its time if that is known. */
export function snapshotLabel({ takenAt }: Pick<PlanDocument, 'takenAt'>): string {
  return takenAt === undefined ? 'a snapshot file' : `a snapshot file of ${timeText(takenAt)}`;
}

/** The facts next to the heading of a document: when and by whom it was made, and what limits its use. */
export function headingFacts(document: PlanDocument): string[] {
  return [
    timeText(document.madeAt),
    ...(document.me ? [`as ${personLabel(document.me)}`] : []),
    ...(document.offline ? [`against ${snapshotLabel(document)}`] : []),
    ...(document.kind === 'plan' && document.onlyExpired ? ['only ends of memberships'] : []),
    ...(document.sandbox ? ['on the sandbox: applies to nothing else'] : []),
  ];
}
