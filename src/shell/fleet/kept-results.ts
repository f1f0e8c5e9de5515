import type { FleetSelection } from '../../fleet/document.js';
import { hasSent, isWriting } from '../../fleet/exit.js';
import { quotedName } from '../../model/quoted-name.js';
import { shortenedList } from '../../model/shortened-list.js';
import { changedManifests } from '../../reconcile/fleet/differing-manifests.js';
import type { FleetFolder } from '../../reconcile/fleet/fleet-folder.js';
import type { FleetLog } from '../../reconcile/fleet/fleet-log.js';
import { isKept } from '../../reconcile/fleet/resume-run.js';
import { warn } from '../deliver.js';
import type { Environment } from '../environment.js';

/** Warns of results that a resumed run keeps, although a manifest that they were made of changed since. */
export async function warnOfKept(
  { path, earlier }: FleetFolder,
  { flags }: FleetSelection,
  environment: Environment,
): Promise<void> {
  // Saved plans are applied as they are.
  if (earlier === null || flags.plans !== undefined) return;
  const kept = [...earlier.ended].flatMap(([name, row]) =>
    isKept(row) && !earlier.begun.has(name) ? [name] : [],
  );
  for (const { path: file, instances } of await changedManifests(kept, {
    folder: path,
    cwd: environment.cwd,
  }))
    await warn(
      environment,
      `${quotedName(file)} changed since this run planned ${shortenedList(instances)}, and the result is kept: to plan again, start a new run in another folder`,
    );
}

/** Records that an earlier attempt of this run wrote, or may have: its exit code must not say that nothing was written. */
export function noteEarlierWrites(log: FleetLog | null, { ledger }: Environment): void {
  if (log === null || !isWriting(log.header.command)) return;
  if (log.begun.size > 0 || [...log.ended.values()].some(hasSent)) ledger.sent = true;
}
