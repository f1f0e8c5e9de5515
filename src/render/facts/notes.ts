import type { PlanWarning, UnmanagedRole } from '../../plan/plan.js';
import type { Violation } from '../../plan/rules/violations.js';
import { groupBy } from '../../model/group.js';
import { andMore, cut, plural } from '../format/phrases.js';
import type { PlanDocument } from '../vocabulary.js';

/** Headings of the notes besides changes. */
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

/** The warnings of one code: those to show, and the number of others. */
export interface WarningGroup<W> {
  code: string;
  shown: readonly W[];
  more: number;
}

/** Warnings by code, at most `limit` of each, so that many of one code do not hide a single one of another. */
export function warningGroups<W extends { code: string }>(
  warnings: readonly W[],
  limit: number,
): WarningGroup<W>[] {
  return [...groupBy(warnings, ({ code }) => code)].map(([code, list]) => ({
    code,
    ...cut(list, Math.max(limit, 1)),
  }));
}

/** Problems with objects that the instance does not have. A plan has none, because it would not be made. */
export function problemsOf(document: PlanDocument): readonly PlanWarning[] {
  return document.kind === 'drift' ? document.problems : [];
}

/** Violated rules that count as differences. A plan has none. */
export function violationsOf(document: PlanDocument): readonly Violation[] {
  return document.kind === 'drift' ? document.violations.filter(({ level }) => level === 'refuse') : [];
}

/** These violations as notes with their places. */
export function violationNotes(document: PlanDocument): readonly PlanWarning[] {
  return violationsOf(document).map(violationNote);
}

/** The most names in one sentence. */
const MOST_ITEMS = 10;

/** A violation as a note, with the violators. */
export function violationNote({ message, items, hint, file, line, column }: Violation): PlanWarning {
  const { shown, more } = cut(items, MOST_ITEMS);
  const who = shown.length > 0 ? `: ${shown.join(', ')}${andMore(more)}` : '';
  return { code: 'rule-broken', message: `${message}${who}`, file, line, column, hint };
}

/** Why some differences are not attributed; null if there are none, or all are. */
export function attributionNote(document: PlanDocument): string | null {
  if (document.kind === 'plan' || document.summary.differences === 0) return null;
  return document.attribution.note;
}

/** `domo-roles.yaml:12:5`; '' if there is no place. */
export function placeText({ file, line, column }: PlanWarning): string {
  return file === null ? '' : [file, line, column].filter((part) => part !== null).join(':');
}

/** `4 people, 12 grants`. */
export function unmanagedCounts({ people, grants }: UnmanagedRole): string {
  const members = people === null ? [] : [plural(people, 'person', 'people')];
  return [...members, plural(grants, 'grant')].join(', ');
}

/** Grants that roles hold only because other grants depend on them, one note each. */
export function heldGrants({
  held,
}: PlanDocument): { role: string; grant: string; neededBy: readonly string[] }[] {
  return held.flatMap(({ role, grants }) => grants.map(({ grant, neededBy }) => ({ role, grant, neededBy })));
}
