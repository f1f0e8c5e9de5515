import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMap, parseDocument } from 'yaml';
import type { Measured } from './measure.js';
import { BIN, measureProcess, medianTimes, run, type ProcessTimes } from './processes.js';
import { compared, type Row } from './table.js';
import { benchWorld, writeManifest } from './world.js';

/** One file and many differ by less than two runs of the same do, so they are run this often in each round. */
const PAIRS = 15;

/**
 * Measures loading a large manifest, compared with composing its YAML. One file and many are compared by whole processes of the
 * built command: where the code is cut into modules makes more of a difference than the number of files does.
 */
export async function measureManifests(roles: number, rounds: number): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'domo-roles-bench-'));
  try {
    const one = await writeManifest(benchWorld({ roles, people: 5 * roles }), 'usual', folder);
    // Members files are read separately, independent of YAML.
    await writeFile(one, (await readFile(one, 'utf8')).replaceAll(/^ {4}members: .*\n/gmu, ''));
    const many = join(folder, 'many');
    await split(one, many, 10);
    const found = { composed: [] as Measured[], loaded: [] as Measured[] };
    const validated = { one: [] as ProcessTimes[], many: [] as ProcessTimes[] };
    for (let round = 0; round < rounds; round += 1) {
      found.composed.push(await loaded(one, one));
      found.loaded.push(await loaded(one, ''));
      for (let pair = 0; pair < PAIRS; pair += 1) {
        validated.one.push(measureProcess([BIN, 'validate', one]));
        validated.many.push(measureProcess([BIN, 'validate', many]));
      }
    }
    const [composing, loading] = [medianTimes(found.composed), medianTimes(found.loaded)];
    const [whole, parts] = [medianTimes(validated.one), medianTimes(validated.many)];
    const row = { group: 'time', unit: 'ms' } as const;
    const inParts = `validate ${roles} roles in files of 10 roles, against one file`;
    return [
      compared(
        { ...row, name: `a manifest of ${roles} roles loaded, against composing its YAML, CPU time` },
        [loading.cpuMs, composing.cpuMs],
        { goal: { most: 1.25 } },
      ),
      compared({ ...row, name: inParts }, [parts.ms, whole.ms], { goal: { most: 1 } }),
      compared({ ...row, name: `${inParts}, CPU time` }, [parts.cpuMs, whole.cpuMs], { goal: { most: 1 } }),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function loaded(manifest: string, snapshot: string): Promise<Measured> {
  return run('manifest-load', { url: '', token: '', manifest, snapshot });
}

/** Writes the roles of a manifest as files with this many roles each. The first also has all other keys. */
async function split(path: string, folder: string, size: number): Promise<void> {
  await mkdir(folder);
  const document = parseDocument(await readFile(path, 'utf8'));
  const roles = document.get('roles');
  if (!isMap(roles)) throw new Error('a manifest without roles');
  const items = roles.items.splice(0);
  for (let at = 0; at < items.length; at += size) {
    roles.items = items.slice(at, at + size);
    if (at > 0)
      for (const key of Object.keys(document.toJS() as object)) if (!KEPT.has(key)) document.delete(key);
    const text = document.toString({ lineWidth: 0, flowCollectionPadding: false });
    await writeFile(join(folder, `${String(at).padStart(5, '0')}.yaml`), text);
  }
}

/** Keys that every file has. */
const KEPT = new Set(['apiVersion', 'kind', 'roles']);
