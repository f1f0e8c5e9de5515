import type { FleetEntry } from '../../src/inventory/inventory.js';

/** An entry of an inventory with the parts that a test needs. */
export function fleetEntry(name: string, rest: Partial<FleetEntry> = {}): FleetEntry {
  return {
    name,
    labels: new Map(),
    manifest: { value: 'base.yaml' } as FleetEntry['manifest'],
    overlay: null,
    suspended: null,
    wave: 'rest',
    source: '',
    ...rest,
  };
}
