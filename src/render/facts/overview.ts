import { timedMoveTexts } from './moves.js';
import { cut, formatNumber, plural, nameText } from '../format/phrases.js';
import { vocabularyOf, type PlanDocument } from '../vocabulary.js';
import { roleSummary } from './member-groups.js';
import { NOTE_HEADINGS, unmanagedCounts } from './notes.js';
import { roleViews } from './role-views.js';
import { exceptionsOf, summaryLine, verdictOf } from './verdict.js';

/** The most items in one line. */
const MOST_ITEMS = 20;

/**
 * The context of a document's findings, one line each, for reports that list only findings. Empty if the instance equals
 * the manifest without exceptions.
 */
export function overviewLines(document: PlanDocument): string[] {
  if (verdictOf(document).level === 'clean' && exceptionsOf(document).length === 0) return [];
  const vocabulary = vocabularyOf(document);
  const roles = roleViews(document).map((view) => roleSummary(view, vocabulary));
  const unmanaged = document.unmanaged.roles.map(
    (role) => `${nameText(role.name)} (${unmanagedCounts(role)})`,
  );
  return [
    summaryLine(document),
    ...listed(plural(roles.length, 'role'), roles, '; '),
    ...listed(NOTE_HEADINGS.timedMoves, timedMoves(document), ', '),
    ...listed(NOTE_HEADINGS.missingPeople, document.missingPeople.map(nameText), ', '),
    ...listed(NOTE_HEADINGS.unmanaged, unmanaged, ', '),
  ];
}

/** Moves of a plan because of timed entries. In drift, each difference shows its own reason. */
function timedMoves(document: PlanDocument): string[] {
  if (document.kind === 'drift') return [];
  return document.changes.flatMap((change) => timedMoveTexts(change, document));
}

function listed(label: string, items: readonly string[], separator: string): string[] {
  if (items.length === 0) return [];
  const { shown, more } = cut(items, MOST_ITEMS);
  return [`${label}: ${shown.join(separator)}${more > 0 ? `${separator}${formatNumber(more)} more` : ''}`];
}
