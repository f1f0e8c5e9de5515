import { byCodeUnit } from '../model/sort.js';
import type { Change } from '../plan/change.js';
import type { FleetGroup, FleetRow } from './document.js';
import { groupChange } from './group-changes.js';
import type { GroupChange } from './group-changes.js';

/** Collects groups while rows end, one after the other. */
export interface GroupCollector {
  add(row: FleetRow, changes: readonly Change[]): void;
  /** Largest first, then by the first instance. */
  groups(): FleetGroup[];
}

/** A collector without rows. Equal plans share one copy of their changes, however many instances have them. */
export function openGroups(): GroupCollector {
  const found = new Map<string, { first: FleetRow; changes: readonly GroupChange[]; instances: string[] }>();
  return {
    add: (row, changes) => {
      const shared = changes.map(groupChange);
      const key = JSON.stringify([row.status, codesOf(row), row.warnings, shared]);
      const group = found.get(key);
      if (group) group.instances.push(row.instance);
      else found.set(key, { first: row, changes: shared, instances: [row.instance] });
    },
    groups: () =>
      [...found.values()]
        .map(({ first, changes, instances }): FleetGroup => {
          const { status, summary, warnings } = first;
          const names = [...instances].sort(byCodeUnit);
          return {
            status,
            instances: names,
            summary: summary ?? { created: 0, deleted: 0, moved: 0, grantsAdded: 0, grantsRemoved: 0 },
            changes,
            refusals: codesOf(first),
            warnings,
          };
        })
        .sort(
          (a, b) =>
            b.instances.length - a.instances.length || byCodeUnit(a.instances[0] ?? '', b.instances[0] ?? ''),
        ),
  };
}

function codesOf({ refusals }: Pick<FleetRow, 'refusals'>): string[] {
  return [...new Set(refusals.map(({ code }) => code))].sort(byCodeUnit);
}
