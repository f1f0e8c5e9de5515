import { snapshotToJson } from '../../src/live/snapshot-file.js';
import type { Snapshot } from '../../src/model/snapshot.js';

/** The result of `fleet export` for these instances, as files relative to the working directory. */
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
