import type { FleetRow } from '../../fleet/document.js';
import type { ProtectedHolder } from '../../fleet/instance-roles.js';
import type { Grant } from '../../model/grant.js';
import { personLabel, nameText } from '../format/phrases.js';
import type { PlanDocument } from '../vocabulary.js';
import type { InstanceDocuments } from './marks.js';

/** The kinds of changed holdings, in the order of the page: by a plan, or found by drift. */
export const SHIFTS = ['gains', 'beyond the manifest', 'missing', 'loses'] as const;

type Shift = (typeof SHIFTS)[number];

/** A change in who holds a protected grant, or a difference from the manifest. */
export interface ProtectedShift {
  shift: Shift;
  grant: Grant;
  title: string | null;
  who: string;
  instance: string;
}

/** The holders of protected grants on one instance. */
export interface InstanceHolders {
  instance: string;
  holders: readonly ProtectedHolder[];
}

/** The holders of protected grants in the fleet, and changes of these. */
export interface Holdings {
  held: InstanceHolders[];
  shifts: ProtectedShift[];
}

/** Adds the documents of one instance. */
export function addHoldings(
  { held, shifts }: Holdings,
  row: FleetRow,
  { roles, document }: InstanceDocuments,
): void {
  const holders = roles?.holders ?? [];
  if (holders.length > 0) held.push({ instance: row.instance, holders });
  for (const shift of document ? documentShifts(row, document) : rowShifts(row)) shifts.push(shift);
}

/** The changes from a row, if its document is not available. */
function rowShifts({ instance, protected: gains }: FleetRow): ProtectedShift[] {
  return gains.flatMap(({ grant, title, people }) =>
    people.map((who) => ({ shift: 'gains' as const, grant, title, who: nameText(who), instance })),
  );
}

function documentShifts({ instance }: FleetRow, { impact, kind }: PlanDocument): ProtectedShift[] {
  const [gained, lost] =
    kind === 'drift' ? (['missing', 'beyond the manifest'] as const) : (['gains', 'loses'] as const);
  return impact
    .filter((entry) => entry.protected)
    .flatMap(({ grant, title, gains, loses }) => [
      ...gains.map((one) => ({ shift: gained, grant, title, who: personLabel(one), instance })),
      ...loses.map((one) => ({ shift: lost, grant, title, who: personLabel(one), instance })),
    ]);
}
