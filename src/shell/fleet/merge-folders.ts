import { join } from 'node:path';
import { FLEET_FILES } from '../../fleet/document.js';
import { hasSent } from '../../fleet/exit.js';
import { quotedName } from '../../model/quoted-name.js';
import { mergeFleet } from '../../reconcile/fleet/merge-fleet.js';
import { note, warn } from '../deliver.js';
import type { Environment } from '../environment.js';
import { noteInputs } from '../ledger.js';
import type { FinishedFleet } from './fleet-run.js';

/** Joins the folders of shards into the folder `out`, an absolute path. If documents are lost, the run cannot end with 0. */
export async function mergeFolders(
  folders: readonly string[],
  out: string,
  environment: Environment,
): Promise<FinishedFleet> {
  await noteInputs(
    environment,
    folders.map((folder) => join(folder, FLEET_FILES.document)),
  );
  const onEmpty = (folder: string): Promise<void> =>
    note(
      environment,
      `note: the run in ${quotedName(folder)} was killed before it wrote anything: it is left out`,
    );
  const onWarning = (line: string): Promise<void> => warn(environment, line);
  let isWhole = true;
  const onLost = (line: string): Promise<void> => {
    isWhole = false;
    return warn(environment, line);
  };
  const document = await mergeFleet({
    folders,
    cwd: environment.cwd,
    out,
    runtime: environment,
    onEmpty,
    onWarning,
    onLost,
  });
  // As in a single run: after a write, the exit code is that of the writes.
  if (!isWhole && !document.rows.some(hasSent)) environment.ledger.incomplete = true;
  return { document, folder: out };
}
