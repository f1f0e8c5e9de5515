import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isWithin } from '../../manifest/files/paths.js';
import { quotedName } from '../../model/quoted-name.js';
import { nullIfAbsent } from '../../problem/system-error.js';
import { ProblemError, problem, usageError } from '../../problem/problem.js';
import { fleetFromSnapshots } from '../../reconcile/fleet/init-fleet.js';
import type { FleetFromSnapshots } from '../../reconcile/fleet/init-fleet.js';
import { shellPath } from '../../render/format/shell-word.js';
import { SHARED, note, print } from '../../shell/deliver.js';
import { deliverTogether } from '../../shell/deliver-together.js';
import type { Environment } from '../../shell/environment.js';
import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import { noteInputs } from '../../shell/ledger.js';
import { isPlaceholder } from '../../shell/placeholder.js';

interface FleetInitFlags {
  /** The folder of snapshots. */
  from: string;
  /** Where to write: a folder, or the inventory in it. */
  target?: string | undefined;
  folder?: string | undefined;
  force?: boolean | undefined;
}

/** `fleet init`: writes an inventory, a base and the manifests of instances, from snapshots. */
export async function init(flags: FleetInitFlags, environment: Environment): Promise<Exit> {
  const { folder, inventory } = placeOf(flags);
  const from = resolve(environment.cwd, flags.from);
  const fleet = await fleetFromSnapshots(from, { inventory });
  await noteInputs(environment, fleet.inputs);
  // The folder of a run that did not complete is written again.
  const main = resolve(environment.cwd, folder, inventory);
  await refuseFilled(folder, { from, environment, force: flags.force || (await isPlaceholder(main)) });
  const written = await deliverTogether(environment, {
    by: 'fleet init',
    folder,
    files: fleet.files,
    // Every manifest extends the base: beside a new base, an old one would be valid.
    heads: 2,
    mode: SHARED,
    force: flags.force,
  });
  if (fleet.without.length > 0)
    await note(environment, `note: without a snapshot, and not in the fleet: ${fleet.without.join(', ')}`);
  await print(environment, summaryText(fleet, written, { ...flags, folder, inventory }, environment));
  return EXIT.done;
}

/** The folder to write into, and the name of the inventory in it. */
function placeOf({ target, folder }: FleetInitFlags): { folder: string; inventory: string } {
  if (target === undefined) return { folder: folder ?? '.', inventory: 'fleet.yaml' };
  if (!/\.ya?ml$/iu.test(target)) {
    if (folder === undefined) return { folder: target, inventory: 'fleet.yaml' };
    throw usageError('the folder was given twice', { hint: 'leave out --folder, or the argument' });
  }
  return { folder: join(folder ?? '.', dirname(target)), inventory: basename(target) };
}

/** Rejects a folder that contains anything but the snapshots: files of another fleet would remain in it. */
async function refuseFilled(
  folder: string,
  { from, environment, force }: { from: string; environment: Environment; force: boolean | undefined },
): Promise<void> {
  const path = resolve(environment.cwd, folder);
  if (force || path === resolve(environment.cwd)) return;
  const names = (await readdir(path).catch(nullIfAbsent)) ?? [];
  const other = names.find((name) => !isWithin(from, join(path, name)));
  if (other === undefined) return;
  throw new ProblemError(
    problem('bad-file', `the folder already contains ${quotedName(other)}`, {
      where: { file: folder },
      hint: 'use an empty folder, or use --force to overwrite the files of a fleet',
    }),
  );
}

function summaryText(
  { instances, files }: FleetFromSnapshots,
  written: readonly string[],
  { folder, inventory, from }: FleetInitFlags & { folder: string; inventory: string },
  environment: Environment,
): string {
  const alone = written.filter((path) => !path.includes('/'));
  const within = ['shared', 'instances'].flatMap((name) => {
    const count = written.filter((path) => path.startsWith(`${name}/`)).length;
    return count === 0 ? [] : [`wrote ${count} ${count === 1 ? 'file' : 'files'} in ${name}/`];
  });
  const lines = [...alone.map((path) => `wrote ${path}`), ...within];
  if (written.length < files.length) {
    const left = `Incomplete: ${files.length - written.length} of ${files.length} files were not written.`;
    return `${[...lines, ...(lines.length > 0 ? [''] : []), left].join('\n')}\n`;
  }
  const count = instances.length === 1 ? '1 instance' : `${instances.length} instances`;
  const file = shellPath(join(folder, inventory));
  const next = `Next: domo-roles fleet plan ${file} --snapshots ${shellPath(from)}`;
  return `${[...lines, '', `A fleet of ${count}.`, ...(environment.ledger.incomplete ? [] : [next])].join('\n')}\n`;
}
