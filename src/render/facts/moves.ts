import type { Change, Move } from '../../plan/change.js';
import type { Plan } from '../../plan/plan.js';
import { isEnd, isListed } from '../../model/standing.js';
import type { RoleId } from '../../model/ids.js';
import { byCodeUnit } from '../../model/sort.js';
import { endOf } from '../../model/until.js';
import { personLabel, plural } from '../format/phrases.js';
import { roleLabels, type RoleLabel, type RoleLabels } from './role-labels.js';
import { vocabularyOf, type PlanDocument } from '../vocabulary.js';

/** A person who moves; in drift, from the role that lists them to the role that they are in. */
export interface MoveView {
  person: string;
  from: RoleLabel;
  to: RoleLabel;
  reason: string;
}

/** The role that lists people who should not be in another one. */
const NOWHERE: RoleLabel = { name: '(listed in no role)', note: null };

/** All moves, in the order of the document. */
export function moveViews(document: PlanDocument): MoveView[] {
  const labels = roleLabels(document);
  return document.changes.flatMap((change) => {
    if (change.kind !== 'members.move') return [];
    const to = labels.end(change.after.role);
    return change.people.map((move) => {
      const view = { person: personLabel(move), reason: moveReason(move, document) };
      const from = labels.live(move.from, move.fromId);
      if (document.kind === 'plan') return { ...view, from, to };
      return { ...view, from: isListed(move.why) ? to : NOWHERE, to: from };
    });
  });
}

/** The reason of a move, with the `until` of its entry. */
function moveReason(move: Move, document: PlanDocument): string {
  const reason = vocabularyOf(document).moveReasons[move.why];
  if (move.until === null) return reason;
  const late = isEnd(move.why) && document.kind === 'drift' ? `, ${lateText(move.until, document)}` : '';
  return `${reason}${isEnd(move.why) ? ':' : ''} until ${move.until}${late}`;
}

/** The same in brackets; '' for people who are listed without `until`. */
export function moveNote(move: Move, document: PlanDocument): string {
  if (move.why !== 'listed') return `(${moveReason(move, document)})`;
  return move.until === null ? '' : `(until ${move.until})`;
}

/** The number of people from each role, sorted by name. */
export function originsOf(
  people: readonly Move[],
  labels: RoleLabels,
): { role: RoleLabel; people: number }[] {
  const origins = new Map<RoleId, { role: RoleLabel; people: number }>();
  for (const { from, fromId } of people) {
    const known = origins.get(fromId);
    if (known) known.people += 1;
    else origins.set(fromId, { role: labels.live(from, fromId), people: 1 });
  }
  return [...origins]
    .sort(([one, a], [other, b]) => byCodeUnit(a.role.name, b.role.name) || one - other)
    .map(([, origin]) => origin);
}

/** Each person with an `until` whom a change of a plan moves, and why; none for other changes. */
export function timedMoveTexts(change: Change, plan: Plan): string[] {
  if (change.kind !== 'members.move') return [];
  return change.people
    .filter(({ until }) => until !== null)
    .map((move) => `${personLabel(move)} ${moveNote(move, plan)}`);
}

/** How long ago an entry ended: `3 days late`. */
function lateText(until: string, { madeAt }: Pick<PlanDocument, 'madeAt'>): string {
  const minutes = Math.max(0, Math.floor((Date.parse(madeAt) - endOf(until)) / 60_000));
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days > 0) return `${plural(days, 'day')} late`;
  return hours > 0 ? `${plural(hours, 'hour')} late` : `${plural(minutes, 'minute')} late`;
}

/** A phrase for an ended entry, with how long ago it ended. */
export function endedText(until: string, document: Pick<PlanDocument, 'madeAt'>): string {
  return `ended ${until}, ${lateText(until, document)}`;
}
