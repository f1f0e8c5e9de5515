import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMap, parseDocument } from 'yaml';
import { median, type Measured } from './measure.js';
import { run } from './processes.js';
import { compared, type Row } from './table.js';
import { benchWorld, writeManifest } from './world.js';

/** One file and many differ by less than two runs of the same do, so they are run this often in each round. */
const PAIRS = 5;

/** Measures loading a large manifest, compared with composing its YAML, and with many files of the same roles. */
export async function measureManifests(roles: number, rounds: number): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'domo-roles-bench-'));
  try {
    const one = await writeManifest(benchWorld({ roles, people: 5 * roles }), 'usual', folder);
    // Members files are read separately, independent of YAML.
    await writeFile(one, (await readFile(one, 'utf8')).replaceAll(/^ {4}members: .*\n/gmu, ''));
    const many = join(folder, 'many');
    await split(one, many, 10);
    const found = { compose: [] as Measured[], one: [] as Measured[], many: [] as Measured[] };
    for (let round = 0; round < rounds; round += 1) {
      found.compose.push(await loaded(one, one));
      for (let pair = 0; pair < PAIRS; pair += 1) {
        found.one.push(await loaded(one, ''));
        found.many.push(await loaded(many, ''));
      }
    }
    const [compose, whole, parts] = [medians(found.compose), medians(found.one), medians(found.many)];
    const row = { group: 'time', unit: 'ms' } as const;
    const sameInParts = 'the same in files of 10 roles, against one file';
    return [
      compared(
        { ...row, name: `a manifest of ${roles} roles loaded, against composing its YAML, CPU time` },
        [whole.cpuMs, compose.cpuMs],
        { goal: { most: 1.25 } },
      ),
      compared({ ...row, name: sameInParts }, [parts.ms, whole.ms], { goal: { most: 1 } }),
      compared({ ...row, name: `${sameInParts}, CPU time` }, [parts.cpuMs, whole.cpuMs], {
        goal: { most: 1 },
      }),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Times = Pick<Measured, 'ms' | 'cpuMs'>;

async function loaded(manifest: string, snapshot: string): Promise<Measured> {
  return run('manifest-load', { url: '', token: '', manifest, snapshot });
}

/** The CPU time is affected less by other work on the machine; it includes that of the engine's own threads. */
function medians(rounds: readonly Times[]): Times {
  return { ms: median(rounds.map(({ ms }) => ms)), cpuMs: median(rounds.map(({ cpuMs }) => cpuMs)) };
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
