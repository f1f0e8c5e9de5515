import { join } from 'node:path';
import { FLEET_FILES } from '../../fleet/document.js';
import type { FleetRow, FleetSelection } from '../../fleet/document.js';
import { readTextFile } from '../../journal/read-file.js';
import { parsedOrNull } from '../../model/json-text.js';
import { ProblemError, problem, usageError } from '../../problem/problem.js';
import type { RunRecord } from '../../rollback/rollback.js';
import { readRunRecords, stoppedBeforeWriting } from '../roll-back.js';
import { checkFleet } from '../saved-documents.js';
import { isClearing, readCheckedLog } from './fleet-log.js';
import type { FleetLog } from './fleet-log.js';

/** The folder of a fleet apply, finished or not: its inventory and selection, and the runs of each instance. */
export interface AppliedFleet {
  /** The inventory file, relative to the working directory. */
  inventory: string;
  /** `sha256:` of the inventory that the run read. */
  digest: string;
  selection: FleetSelection;
  /** Is the record of the runs on an instance lost? A write was or may have been sent to it, and no run shows one. */
  isLost: (instance: string) => Promise<boolean>;
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
  const written = writtenIn(document?.rows ?? [...(log?.ended.values() ?? [])], log);
  const stateOf = (instance: string): string => join(folder, FLEET_FILES.instances, instance, 'run');
  return {
    inventory: inventory.file,
    digest: inventory.digest,
    selection,
    isLost: async (instance) => {
      const isSure = written.get(instance);
      return isSure === undefined ? false : isSure || !(await stoppedBeforeWriting(stateOf(instance)));
    },
    // The run records of a folder that was being cleared are those of the run before.
    runsOf: async (instance) => (isCleared ? [] : readRunRecords(stateOf(instance))),
  };
}

/**
 * The instances that a write was or may have been sent to; true if it was surely sent. An attempt that was interrupted may not
 * have sent one.
 */
function writtenIn(rows: readonly FleetRow[], log: FleetLog | null): ReadonlyMap<string, boolean> {
  const written = new Map([...(log?.begun.keys() ?? [])].map((name) => [name, false]));
  for (const { instance, sent, runId, attempts } of rows) {
    const sending = [{ sent, runId }, ...attempts].filter((one) => one.sent);
    if (sending.length > 0)
      written.set(
        instance,
        sending.some((one) => one.runId !== null),
      );
  }
  return written;
}
