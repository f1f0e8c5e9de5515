import type { FleetEntry, Inventory } from '../../inventory/inventory.js';
import { ProblemError } from '../../problem/problem.js';
import type { Problem } from '../../problem/problem.js';
import { inFileOrder } from '../../model/in-file-order.js';
import { InvalidManifest } from '../errors.js';
import { entryManifests } from './entry-manifest.js';
import type { EntryManifestOptions } from './entry-manifest.js';

/** The problems of many manifests, with the texts for code frames. */
export interface FleetValidation {
  problems: readonly Problem[];
  files: readonly string[];
  sources: ReadonlyMap<string, string>;
}

/** Manifests that are read concurrently: reading mostly waits for files. */
const AT_ONCE = 16;

/** Checks the manifests of all entries. A shared problem is reported once, with the number of instances. */
export async function validateFleet(
  inventory: Inventory,
  entries: readonly FleetEntry[],
  options: EntryManifestOptions,
): Promise<FleetValidation> {
  const manifestOf = entryManifests(inventory, options);
  const found = new Map<string, { problem: Problem; instances: string[] }>();
  const files = new Set(inventory.files.map(({ path }) => path));
  const sources = new Map<string, string>([[inventory.file, inventory.text]]);
  const add = (name: string, { problems, ...read }: FleetValidation): void => {
    for (const file of read.files) files.add(file);
    for (const [file, text] of read.sources) sources.set(file, text);
    for (const one of problems) {
      const key = JSON.stringify([one.code, one.message, one.where ?? null]);
      const same = found.get(key);
      if (same) same.instances.push(name);
      else found.set(key, { problem: one, instances: [name] });
    }
  };
  for (let at = 0; at < entries.length; at += AT_ONCE) {
    const some = entries.slice(at, at + AT_ONCE);
    const all = await Promise.all(some.map((entry) => problemsOf(() => manifestOf(entry))));
    all.forEach((one, index) => add(some[index]?.name ?? '', one));
  }
  const problems = [...found.values()].map(({ problem, instances }) =>
    entries.length === 1 ? problem : withInstances(problem, instances),
  );
  const all = [...inventory.warnings, ...problems];
  return { problems: inFileOrder(all, [...files]), files: [...files], sources };
}

/** The warnings of a valid manifest, or the problems of an invalid one. */
async function problemsOf(
  load: () => Promise<{
    loaded: { warnings: readonly Problem[] };
    files: readonly string[];
    sources: ReadonlyMap<string, string>;
  }>,
): Promise<FleetValidation> {
  try {
    const { loaded, files, sources } = await load();
    return { problems: loaded.warnings, files, sources };
  } catch (error) {
    if (error instanceof InvalidManifest) return error;
    if (error instanceof ProblemError) return { problems: error.problems, files: [], sources: new Map() };
    throw error;
  }
}

function withInstances(problem: Problem, instances: readonly string[]): Problem {
  const [first = ''] = instances;
  const whom = instances.length === 1 ? first : `${instances.length} instances, ${first} the first`;
  return { ...problem, message: `${problem.message} (${whom})` };
}
