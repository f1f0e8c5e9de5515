import { byCodeUnit } from '../model/sort.js';
import type { Change } from '../plan/change.js';
import type { FleetGroup, FleetRow } from './document.js';
import { groupChange } from './group-changes.js';
import type { GroupChange } from './group-changes.js';
import { AUDIT_INCOMPLETE, codesOf } from './rows.js';

/** Collects plans one by one, and groups the instances that share one. */
export interface GroupCollector {
  /** Adds the changes of an instance; equal changes are stored once. */
  add(row: Pick<FleetRow, 'instance'>, changes: readonly Change[]): void;
  /** Adds changes that are already in the form of a group. */
  addShared(row: Pick<FleetRow, 'instance'>, changes: readonly GroupChange[]): void;
  /** The groups by final row of each instance: largest first, then by the first instance. */
  groups(rows: readonly FleetRow[]): FleetGroup[];
}

/** Opens an empty collector. */
export function openGroups(): GroupCollector {
  const copies = new Map<string, Copy>();
  const copyOf = new Map<string, Copy>();
  const addShared: GroupCollector['addShared'] = ({ instance }, changes) => {
    const text = JSON.stringify(changes);
    const copy = copies.get(text) ?? { number: copies.size, changes };
    copies.set(text, copy);
    copyOf.set(instance, copy);
  };
  return {
    add: (row, changes) => addShared(row, changes.map(groupChange)),
    addShared,
    groups: (rows) => {
      const found = new Map<string, { copy: Copy; rows: FleetRow[] }>();
      for (const row of [...rows].sort((a, b) => byCodeUnit(a.instance, b.instance))) {
        const copy = copyOf.get(row.instance);
        if (copy === undefined) continue;
        const key = JSON.stringify([row.status, codesOf(row.refusals), warningsOf(row), copy.number]);
        const group = found.get(key) ?? { copy, rows: [] };
        found.set(key, group);
        group.rows.push(row);
      }
      return [...found.values()]
        .map(({ copy, rows: same }) => groupOf(same, copy.changes))
        .sort(largestFirst);
    },
  };
}

/** Changes that instances share, identified by a number instead of their text. */
interface Copy {
  number: number;
  changes: readonly GroupChange[];
}

function groupOf(rows: readonly FleetRow[], changes: readonly GroupChange[]): FleetGroup {
  const [first] = rows as [FleetRow, ...FleetRow[]];
  return {
    status: first.status,
    instances: rows.map(({ instance }) => instance).sort(byCodeUnit),
    summary: first.summary ?? { created: 0, deleted: 0, moved: 0, grantsAdded: 0, grantsRemoved: 0 },
    changes,
    refusals: codesOf(first.refusals),
    warnings: warningsOf(first),
  };
}

/** The warnings about the changes of a row. Whether the audit log was read says nothing about them. */
function warningsOf({ warnings }: FleetRow): readonly string[] {
  return warnings.filter((code) => code !== AUDIT_INCOMPLETE);
}

/** Sorts groups of instances: the largest first, then by the first instance. */
export function largestFirst(a: Pick<FleetGroup, 'instances'>, b: Pick<FleetGroup, 'instances'>): number {
  return b.instances.length - a.instances.length || byCodeUnit(a.instances[0] ?? '', b.instances[0] ?? '');
}
