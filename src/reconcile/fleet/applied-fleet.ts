import { join } from 'node:path';
import { FLEET_FILES } from '../../fleet/document.js';
import type { FleetRow, FleetSelection } from '../../fleet/document.js';
import { readTextFile } from '../../journal/files.js';
import { parsedOrNull } from '../../model/json-text.js';
import { ProblemError, problem, usageError } from '../../problem/problem.js';
import type { RunRecord } from '../../rollback/rollback.js';
import { readRunRecords } from '../roll-back.js';
import { checkFleet } from '../saved-documents.js';
import { isClearing, readCheckedLog } from './fleet-log.js';

/** The folder of a fleet apply, finished or not: its inventory and selection, and the runs of each instance. */
export interface AppliedFleet {
  /** The inventory file, relative to the working directory. */
  inventory: string;
  /** `sha256:` of the inventory that the run read. */
  digest: string;
  selection: FleetSelection;
  /** Instances that a write was or may have been sent to; each must have a run. */
  written: ReadonlySet<string>;
  /** Runs that wrote to an instance, newest first. A retry in the same folder is a separate run. */
  runsOf: (instance: string) => Promise<RunRecord[]>;
}

/**
 * Reads the folder of a fleet apply or rollback, even if it was interrupted.
 *
 * @throws ProblemError `bad-file` if it is not such a folder, `usage` if the command of that run changes nothing.
 */
export async function readAppliedFleet(folder: string): Promise<AppliedFleet> {
  const isCleared = await isClearing(folder);
  const text = isCleared ? null : await readTextFile(join(folder, FLEET_FILES.document));
  const log = text === null ? await readCheckedLog(folder) : null;
  const document = text === null ? null : checkFleet(parsedOrNull(text), FLEET_FILES.document);
  const found = document ?? log?.header;
  if (!found) {
    throw new ProblemError(
      problem('bad-file', 'the folder holds no fleet run', {
        where: { file: FLEET_FILES.document },
        hint: 'specify the folder that fleet apply wrote its documents into',
      }),
    );
  }
  const { command, inventory, selection } = found;
  if (command !== 'apply' && command !== 'rollback') {
    throw usageError(
      `it is the folder of a fleet ${command === 'dry-run' ? 'dry run' : command}, which changes nothing`,
      {
        what: 'folder',
        hint: 'specify the folder of a fleet apply',
      },
    );
  }
  return {
    inventory: inventory.file,
    digest: inventory.digest,
    selection,
    written: writtenIn(document?.rows ?? [...(log?.ended.values() ?? [])]),
    // The run records of a folder that was being cleared are those of the run before.
    runsOf: async (instance) =>
      isCleared ? [] : readRunRecords(join(folder, 'instances', instance, 'run')),
  };
}

function writtenIn(rows: readonly FleetRow[]): ReadonlySet<string> {
  const written = rows.filter(({ sent, attempts }) => sent || attempts.some((attempt) => attempt.sent));
  return new Set(written.map(({ instance }) => instance));
}
