import { personLabel } from '../format/phrases.js';
import { vocabularyOf, type PlanDocument } from '../vocabulary.js';

/** A person who moves; in a drift document from the role that lists them to the one that they are in. */
export interface MoveView {
  person: string;
  /** Raw text. */
  from: string;
  /** Raw text. */
  to: string;
  reason: string;
}

/** Where the manifest lists people who should not be in a role. */
const NOWHERE = '(listed in no role)';

/** Everyone who moves, in the order of the document. */
export function moveViews(document: PlanDocument): MoveView[] {
  const { moveReasons } = vocabularyOf(document);
  return document.changes.flatMap((change) => {
    if (change.kind !== 'members.move') return [];
    return change.people.map((move) => {
      const view = { person: personLabel(move), reason: moveReasons[move.why] };
      if (document.kind === 'plan') return { ...view, from: move.from, to: change.after.role };
      return { ...view, from: move.why === 'listed' ? change.after.role : NOWHERE, to: move.from };
    });
  });
}
