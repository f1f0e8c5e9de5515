import type { FleetRow } from '../../fleet/document.js';
import type { Change } from '../../plan/change.js';
import type { OverInstances } from './over-instances.js';

/** Keeps the changes of each instance until its row is known. */
interface ChangesCollector {
  keep(instance: string, changes: readonly Change[]): void;
  /** Passes a row on, with its changes if there are any, which are not kept longer. */
  onRow(row: FleetRow): Promise<void>;
}

/** Opens a collector. `onChanges` is called before `onRow`. */
export function collectChanges(
  onChanges: (row: FleetRow, changes: readonly Change[]) => void,
  { onRow }: Pick<OverInstances, 'onRow'>,
): ChangesCollector {
  const kept = new Map<string, readonly Change[]>();
  return {
    keep: (instance, changes) => void kept.set(instance, changes),
    onRow: async (row) => {
      const changes = kept.get(row.instance);
      kept.delete(row.instance);
      if (changes) onChanges(row, changes);
      await onRow?.(row);
    },
  };
}
