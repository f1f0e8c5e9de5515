import { join } from 'node:path';
import type { FleetSelection } from '../../fleet/document.js';
import { readWhole } from '../../journal/files.js';
import { ProblemError, problem } from '../../problem/problem.js';
import type { RunRecord } from '../../rollback/rollback.js';
import { readRunRecords } from '../roll-back.js';
import { checkFleet } from '../saved-documents.js';
import { readLog } from './fleet-log.js';

/** What a fleet apply left, finished or not: what it was about, and the runs of each instance. */
export interface AppliedFleet {
  /** The inventory's file, relative to where the command started. */
  inventory: string;
  selection: FleetSelection;
  /** Runs that wrote to an instance, newest first. A retry in the same folder is a run of its own. */
  runsOf: (instance: string) => Promise<RunRecord[]>;
}

/**
 * Reads the folder of a fleet apply or rollback, also of one that was cut off.
 *
 * @throws ProblemError `bad-file` where it is no such folder, `usage` where that run changed nothing.
 */
export async function readAppliedFleet(folder: string): Promise<AppliedFleet> {
  const text = await readWhole(join(folder, 'fleet.json'));
  const found =
    text === null
      ? (await readLog(join(folder, 'fleet.jsonl')))?.header
      : checkFleet(parsedOrNull(text), 'fleet.json');
  if (!found) {
    throw new ProblemError(
      problem('bad-file', 'the folder holds no fleet run', {
        where: { file: 'fleet.json' },
        hint: 'name the folder that fleet apply wrote its documents into',
      }),
    );
  }
  const { command, inventory, selection } = found;
  if (command !== 'apply' && command !== 'rollback') {
    throw new ProblemError(
      problem('usage', `it is the folder of a fleet ${command}, which changes nothing`, {
        where: { what: 'folder' },
        hint: 'name the folder of a fleet apply',
      }),
    );
  }
  return {
    inventory: inventory.file,
    selection,
    runsOf: (instance) => readRunRecords(join(folder, 'instances', instance, 'run')),
  };
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
