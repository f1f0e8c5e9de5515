import type { FleetRow } from '../../fleet/document.js';
import type { ProtectedHolder } from '../../fleet/instance-roles.js';
import type { Grant } from '../../model/grant.js';
import { personLabel, quotedName } from '../format/phrases.js';
import type { PlanDocument } from '../vocabulary.js';
import type { InstanceDocuments } from './marks.js';

/** How a protected grant changes hands, in the order of the page: by a plan, or as found by drift. */
export const SHIFTS = ['gains', 'beyond the manifest', 'missing', 'loses'] as const;

type Shift = (typeof SHIFTS)[number];

/** A protected grant that changes hands, or is not where the manifest wants it. */
export interface ProtectedShift {
  shift: Shift;
  grant: Grant;
  title: string | null;
  who: string;
  instance: string;
}

/** Who holds protected grants on one instance. */
export interface InstanceHolders {
  instance: string;
  holders: readonly ProtectedHolder[];
}

/** Who holds a protected grant anywhere, and where one changes hands. */
export interface Holdings {
  held: InstanceHolders[];
  shifts: ProtectedShift[];
}

/** Adds what a run left of one instance. */
export function addHoldings(
  { held, shifts }: Holdings,
  row: FleetRow,
  { roles, document }: InstanceDocuments,
): void {
  const holders = roles?.holders ?? [];
  if (holders.length > 0) held.push({ instance: row.instance, holders });
  for (const shift of document ? documentShifts(row, document) : rowShifts(row)) shifts.push(shift);
}

/** Where only the row is at hand. */
function rowShifts({ instance, protected: gains }: FleetRow): ProtectedShift[] {
  return gains.flatMap(({ grant, title, people }) =>
    people.map((who) => ({ shift: 'gains' as const, grant, title, who: quotedName(who), instance })),
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
