import { snapshotToJson } from '../../src/live/snapshot-file.js';
import type { Snapshot } from '../../src/model/snapshot.js';

/** What `fleet export` leaves of these instances, as files relative to where the command starts. */
export function snapshotFiles(
  folder: string,
  instances: Readonly<Record<string, Snapshot>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(instances).map(([name, snapshot]) => [
      `${folder}/instances/${name}/snapshot.json`,
      snapshotToJson({ ...snapshot, instance: name }, { takenAt: '2026-01-01T00:00:00Z' }),
    ]),
  );
}
