import type { PlanWarning, UnmanagedRole } from '../../plan/plan.js';
import type { Violation } from '../../plan/rules/violations.js';
import { cut, figure, plural } from '../format/phrases.js';
import type { PlanDocument } from '../vocabulary.js';

/** Headings of what a reader should know beside the changes. */
export const NOTE_HEADINGS = {
  refused: 'Refused',
  allowed: 'Allowed by flag',
  problems: 'Not on the instance, and not compared',
  violations: 'Rules that are broken',
  warnings: 'Warnings',
  timedMoves: 'People who move because of an entry with until',
  missingPeople: 'Listed people who are not on the instance',
  accepted: 'Accepted drift, left alone',
  unmanaged: 'Roles that the manifest does not name',
  held: 'Held because another grant needs it',
} as const;

/** What the manifest names and the instance does not have. A plan has none: it would not be made. */
export function problemsOf(document: PlanDocument): readonly PlanWarning[] {
  return document.kind === 'drift' ? document.problems : [];
}

/** Rules that are broken on the instance and count as differences, as warnings with their places. A plan has none. */
export function violationsOf(document: PlanDocument): readonly PlanWarning[] {
  if (document.kind === 'plan') return [];
  return document.violations.flatMap((one) => (one.level === 'refuse' ? [violationNote(one)] : []));
}

/** Names that one sentence holds. */
const MOST_ITEMS = 10;

/** A violation as a warning: what is broken, and by whom. */
export function violationNote({ message, items, hint, file, line, column }: Violation): PlanWarning {
  const { shown, more } = cut(items, MOST_ITEMS);
  const rest = more > 0 ? ` and ${figure(more)} more` : '';
  const who = shown.length > 0 ? `: ${shown.join(', ')}${rest}` : '';
  return { code: 'rule-broken', message: `${message}${who}`, file, line, column, hint };
}

/** Why the audit log did not name everyone; null where nothing differs, or where it did. */
export function attributionNote(document: PlanDocument): string | null {
  if (document.kind === 'plan' || document.summary.differences === 0) return null;
  return document.attribution.note;
}

/** `domo-roles.yaml:12:5`; empty where there is no place. */
export function placeText({ file, line, column }: PlanWarning): string {
  return file === null ? '' : [file, line, column].filter((part) => part !== null).join(':');
}

/** `4 people, 12 grants`. */
export function unmanagedCounts({ people, grants }: UnmanagedRole): string {
  const members = people === null ? [] : [plural(people, 'person', 'people')];
  return [...members, plural(grants, 'grant')].join(', ');
}

/** Grants that a role holds only because others need them, one entry each. */
export function heldGrants({
  held,
}: PlanDocument): { role: string; grant: string; neededBy: readonly string[] }[] {
  return held.flatMap(({ role, grants }) => grants.map(({ grant, neededBy }) => ({ role, grant, neededBy })));
}
