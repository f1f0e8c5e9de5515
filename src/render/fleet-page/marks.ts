import type { FleetRow } from '../../fleet/document.js';
import type { InstanceRoles } from '../../fleet/instance-roles.js';
import { roleViews } from '../facts/role-views.js';
import type { PlanDocument, RoleState } from '../vocabulary.js';

/**
 * The state of a role on an instance; one character each, in strings of a row's length: as base, as its overlay asks,
 * differs, absent, extra, unmanaged, not in the overlay, unreadable, not known.
 */
export type RoleMark = 'b' | 'o' | 'd' | 'a' | 'x' | 'm' | 'n' | 'u' | '.';

/** The marks with labels and meanings, in the order of the legend. */
export const MARK_TEXT: Readonly<Record<RoleMark, { text: string; hint: string }>> = {
  d: { text: 'differs', hint: 'on the instance, but different from what is wanted there' },
  a: { text: 'absent', hint: 'wanted, but not on the instance' },
  x: { text: 'extra', hint: 'on the instance, but not wanted there' },
  o: { text: 'as its overlay', hint: 'as the overlay of the instance asks, which differs from the base' },
  b: { text: 'as base', hint: 'as in the base' },
  m: { text: 'unmanaged', hint: 'on the instance, but named by neither the base nor the overlay' },
  n: { text: 'not in the overlay', hint: 'named by neither the base nor the overlay of this instance' },
  u: { text: 'unreadable', hint: 'the instance could not be read' },
  '.': { text: 'not known', hint: 'the instance was left out, or the run has no data about this role' },
};

/** The documents of one instance; null for missing ones. */
export interface InstanceDocuments {
  document: PlanDocument | null;
  /** The result of each change of an apply. */
  outcome: { changes: readonly { id: string; status: string; reason: string | null }[] } | null;
  roles: InstanceRoles | null;
  checks: readonly { name: string; ok: boolean; note: string }[] | null;
  /** Why a document that the row names is missing. */
  problem: string | null;
}

const STATE_MARKS: Readonly<Record<RoleState, RoleMark>> = { new: 'a', changed: 'd', deleted: 'x' };

/** The roles of one instance with their marks; and the mark of every other role of the fleet. */
export interface InstanceMarks {
  roles: ReadonlyMap<string, RoleMark>;
  other: RoleMark;
}

/** The marks of an instance's roles, from its documents. */
export function instanceMarks(row: FleetRow, { document, outcome, roles }: InstanceDocuments): InstanceMarks {
  if (!document) return { roles: new Map(), other: UNREAD.has(row.status) ? 'u' : '.' };
  const marks = new Map<string, RoleMark>();
  for (const { name } of document.unmanaged.roles) marks.set(name, 'm');
  for (const { role, overlaid } of roles?.roles ?? []) marks.set(role, overlaid ? 'o' : 'b');
  for (const { name, state } of roleViews(leftOf(document, row, outcome)))
    marks.set(name, STATE_MARKS[state]);
  return { roles: marks, other: roles?.roles ? 'n' : '.' };
}

const UNREAD: ReadonlySet<FleetRow['status']> = new Set([
  'failed',
  'invalid',
  'incomplete',
  'missing',
  'refused',
]);

/** A plan without the changes that are done. */
function leftOf(
  document: PlanDocument,
  { status }: FleetRow,
  outcome: InstanceDocuments['outcome'],
): PlanDocument {
  if (document.kind === 'drift') return document;
  if (status === 'done') return { ...document, changes: [] };
  if (!outcome) return document;
  const inPlace = new Set<string>(
    outcome.changes.filter((one) => one.status === 'done' || one.status === 'already').map(({ id }) => id),
  );
  return { ...document, changes: document.changes.filter(({ id }) => !inPlace.has(id)) };
}
