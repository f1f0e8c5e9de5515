import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportedFile } from '../../export/export-manifest.js';
import { fleetFiles } from '../../export/fleet/fleet-files.js';
import type { FleetSnapshot } from '../../export/fleet/fleet-files.js';
import { FLEET_FILES } from '../../fleet/document.js';
import type { FleetRow } from '../../fleet/document.js';
import { isInstanceName } from '../../inventory/instance-names.js';
import { isAbsent, unusableFile } from '../../journal/files.js';
import { readDocumentText } from '../../journal/read-file.js';
import { parsedOrNull } from '../../model/json-text.js';
import { quotedName } from '../../model/quoted-name.js';
import { byCodeUnit } from '../../model/sort.js';
import { ProblemError, problem } from '../../problem/problem.js';
import type { Problem } from '../../problem/problem.js';
import { nullIfAbsent } from '../../problem/system-error.js';
import { checkFleet } from '../saved-documents.js';
import { readCheckedLog } from './fleet-log.js';
import { snapshotsIn } from './snapshots.js';

/** The files of a fleet made from snapshots. */
export interface FleetFromSnapshots {
  /** The inventory first, then the base. */
  files: readonly ExportedFile[];
  /** The names of the instances; sorted. */
  instances: readonly string[];
  /** Instances of the export without a snapshot, which are left out: failed, not reached or suspended. Sorted. */
  without: readonly string[];
  /** The files that were read. */
  inputs: readonly string[];
}

/**
 * Makes the files of a fleet from the snapshots of `fleet export --format snapshot --out DIR`, with the labels of that
 * run. Writes nothing.
 *
 * @throws ProblemError with every snapshot that cannot be used.
 */
export async function fleetFromSnapshots(
  folder: string,
  { inventory }: { inventory?: string } = {},
): Promise<FleetFromSnapshots> {
  const snapshotOf = await snapshotsIn(folder, '--from');
  const { names, without, problems } = await namesIn(folder);
  const known = await exportIn(folder);
  const labels = new Map(known?.rows.map((row) => [row.instance, row.labels]));
  const own = new Set(names);
  const found: FleetSnapshot[] = [];
  for (const name of names) {
    try {
      found.push({ name, snapshot: await snapshotOf(name), labels: labels.get(name) ?? {} });
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new ProblemError(problems);
  if (found.length === 0) throw new ProblemError(noSnapshots());
  const files = fleetFiles(known?.fleet ?? 'fleet', found, inventory === undefined ? {} : { inventory });
  return {
    files,
    instances: names,
    without: [...new Set([...without, ...(known?.names ?? []).filter((name) => !own.has(name))])].sort(
      byCodeUnit,
    ),
    inputs: names.map((name) => join(folder, 'instances', name, 'snapshot.json')),
  };
}

/** The instances in a folder, and those without a snapshot. An invalid name is a problem. */
async function namesIn(folder: string): Promise<{ names: string[]; without: string[]; problems: Problem[] }> {
  const entries = await readdir(join(folder, 'instances')).catch(nullIfAbsent);
  if (entries === null) throw new ProblemError(noSnapshots());
  const found = { names: [] as string[], without: [] as string[], problems: [] as Problem[] };
  for (const name of entries.sort()) {
    const own = join(folder, 'instances', name);
    if ((await stat(own).catch(nullIfAbsent))?.isDirectory() !== true) continue;
    const hasSnapshot = !(await isAbsent(join(own, 'snapshot.json')));
    if (!isInstanceName(name)) found.problems.push(noName(name));
    else if (hasSnapshot) found.names.push(name);
    else found.without.push(name);
  }
  return found;
}

/** The export that wrote the snapshots. */
interface Exported {
  fleet: string;
  names: readonly string[];
  rows: readonly FleetRow[];
}

/**
 * Reads the export from its document or, if it was interrupted, from its log; null if both are missing. One that cannot be used
 * is an error: without it, the fleet would have no labels.
 */
async function exportIn(folder: string): Promise<Exported | null> {
  const file = join(folder, FLEET_FILES.document);
  if (!(await isAbsent(file))) {
    const text = await readDocumentText(file).catch((error: unknown) => {
      throw error instanceof ProblemError ? error : unusableFile(file, 'it cannot be read', error);
    });
    const { fleet, rows } = checkFleet(parsedOrNull(text), FLEET_FILES.document);
    return { fleet, rows, names: rows.map(({ instance }) => instance) };
  }
  const log = await readCheckedLog(folder);
  if (log === null) return null;
  const { fleet, selection } = log.header;
  return { fleet, rows: [...log.ended.values()], names: selection.names };
}

function noName(name: string): Problem {
  return problem('bad-file', `${quotedName(name)} is not a valid instance name`, {
    where: { file: 'instances' },
    hint: 'a folder per instance: lower-case letters, digits and "-", at most 63 characters',
  });
}

function noSnapshots(): Problem {
  return problem('bad-file', 'there is no snapshot in the folder', {
    where: { what: '--from' },
    hint: 'fleet export --format snapshot --out DIR writes one per instance',
  });
}
