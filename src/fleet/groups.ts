import { byCodeUnit } from '../model/sort.js';
import type { Change } from '../plan/change.js';
import type { FleetGroup, FleetRow } from './document.js';
import { groupChange } from './group-changes.js';
import type { GroupChange } from './group-changes.js';

/** Collects plans while they are made, one after the other, and groups the instances that share one. */
export interface GroupCollector {
  /** Takes the changes of an instance; of equal ones a single copy is kept. */
  add(row: Pick<FleetRow, 'instance'>, changes: readonly Change[]): void;
  /** The same with changes as a group has them. */
  addShared(row: Pick<FleetRow, 'instance'>, changes: readonly GroupChange[]): void;
  /** Groups by what became of each instance in the end: largest first, then by the first instance. */
  groups(rows: readonly FleetRow[]): FleetGroup[];
}

/** A collector without plans. */
export function openGroups(): GroupCollector {
  const copies = new Map<string, readonly GroupChange[]>();
  const keyOf = new Map<string, string>();
  const addShared: GroupCollector['addShared'] = ({ instance }, shared) => {
    const key = JSON.stringify(shared);
    if (!copies.has(key)) copies.set(key, shared);
    keyOf.set(instance, key);
  };
  return {
    add: (row, changes) => addShared(row, changes.map(groupChange)),
    addShared,
    groups: (rows) => {
      const found = new Map<string, FleetRow[]>();
      for (const row of [...rows].sort((a, b) => byCodeUnit(a.instance, b.instance))) {
        const plan = keyOf.get(row.instance);
        if (plan === undefined) continue;
        const key = JSON.stringify([row.status, codesOf(row), row.warnings, plan]);
        found.set(key, [...(found.get(key) ?? []), row]);
      }
      return [...found.values()]
        .map((same) => groupOf(same, copies.get(keyOf.get(same[0]?.instance ?? '') ?? '') ?? []))
        .sort(largestFirst);
    },
  };
}

function groupOf(rows: readonly FleetRow[], changes: readonly GroupChange[]): FleetGroup {
  const [first] = rows as [FleetRow, ...FleetRow[]];
  return {
    status: first.status,
    instances: rows.map(({ instance }) => instance).sort(byCodeUnit),
    summary: first.summary ?? { created: 0, deleted: 0, moved: 0, grantsAdded: 0, grantsRemoved: 0 },
    changes,
    refusals: codesOf(first),
    warnings: first.warnings,
  };
}

function largestFirst(a: FleetGroup, b: FleetGroup): number {
  return b.instances.length - a.instances.length || byCodeUnit(a.instances[0] ?? '', b.instances[0] ?? '');
}

function codesOf({ refusals }: Pick<FleetRow, 'refusals'>): string[] {
  return [...new Set(refusals.map(({ code }) => code))].sort(byCodeUnit);
}
