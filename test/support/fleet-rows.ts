import { blankRow } from '../../src/fleet/rows.js';
import type { FleetRow, RowStatus } from '../../src/fleet/document.js';

/** A row of a run with the parts that a test needs. */
export function fleetRow(instance: string, status: RowStatus, rest: Partial<FleetRow> = {}): FleetRow {
  return { ...blankRow({ name: instance, labels: new Map(), wave: 'rest' }, status), ...rest };
}
