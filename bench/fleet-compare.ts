import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { saveState } from '../src/sandbox/folder-lock.js';
import { median } from './measure.js';
import { BIN, timeProcess } from './processes.js';
import { compared } from './table.js';
import type { Row } from './table.js';
import { benchWorld } from './world.js';
import type { Size } from './world.js';

/** The size of the compared fleet. */
export interface ComparedFleet {
  instances: number;
  size: Size;
  rounds: number;
}

/** Measures `fleet compare` with snapshots, every tenth of which differs by its overlay. */
export async function measureComparison(
  folder: string,
  { instances, size, rounds }: ComparedFleet,
): Promise<Row[]> {
  const own = join(folder, 'compare');
  const snapshots = join(own, 'snapshots');
  await writeSnapshots(own, snapshots, { instances, size });
  const args = [BIN, 'fleet', 'compare', join(own, 'fleet.yaml'), '--snapshots', snapshots];
  const ms = median(Array.from({ length: rounds }, () => timeProcess(args)));
  const name = `fleet compare of ${instances} snapshots at ${size.roles}x${size.people}, against 2 s`;
  return [compared({ group: 'time', unit: 'ms', name }, [ms, 2_000], { goal: { most: 1 } })];
}

/** An exported instance and equal ones. Its roles are the base. */
async function writeSnapshots(
  own: string,
  snapshots: string,
  { instances, size }: Pick<ComparedFleet, 'instances' | 'size'>,
): Promise<void> {
  const box = join(own, 'box');
  await mkdir(own, { recursive: true });
  await saveState(box, benchWorld(size).state);
  const [one, base] = [join(own, 'one.json'), join(own, 'base.yaml')];
  timeProcess([BIN, 'export', '--sandbox', box, '--format', 'snapshot', '--out', one]);
  timeProcess([BIN, 'export', '--sandbox', box, '--without', 'members', '--out', base]);
  const text = await readFile(one, 'utf8');
  const snapshot = JSON.parse(text) as { roles: { id: number; name: string; grants: string[] }[] };
  const role = snapshot.roles.find(({ id, grants }) => id > 5 && !grants.includes('audit'));
  const lines: string[] = [];
  for (let index = 0; index < instances; index += 1) {
    const instance = `instance-${index + 1}`;
    const isAsBase = index % 10 > 0 || !role;
    const roles = snapshot.roles.map((other) =>
      other === role && !isAsBase ? { ...other, grants: [...other.grants, 'audit'].sort() } : other,
    );
    const path = join(snapshots, 'instances', instance);
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'snapshot.json'), JSON.stringify({ ...snapshot, instance, roles }, null, 2));
    const overlay = `{ overlay: { roles: { ${JSON.stringify(role?.name)}: { grants: { inherit: true, add: [audit] } } } } }`;
    lines.push(`  ${instance}: ${isAsBase ? '{}' : overlay}\n`);
  }
  const head = 'apiVersion: domo-roles/v1\nkind: Fleet\nname: bench\nmanifest: base.yaml\ninstances:\n';
  await writeFile(join(own, 'fleet.yaml'), head + lines.join(''));
}
