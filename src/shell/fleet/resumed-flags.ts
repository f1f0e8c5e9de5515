import { isAbsolute, resolve } from 'node:path';
import { displayPath } from '../../manifest/paths.js';
import { quotedName } from '../../model/names.js';
import { ProblemError, problem } from '../../problem/problem.js';
import { RESULT_FLAGS, checkLog, readLog } from '../../reconcile/fleet/fleet-log.js';
import type { FleetRunHeader } from '../../reconcile/fleet/fleet-log.js';
import type { Environment } from '../environment.js';

/**
 * Flags that a resumed run takes from its folder, besides those that decide what it comes to. Addresses, credentials and
 * the answer to the question are never among them.
 */
const RUN_FLAGS = [
  'allow',
  'reason',
  'allOrNothing',
  'maxFailures',
  'atOnce',
  'instanceBudget',
  'detailedExitcode',
  'sandbox',
] as const;

/** Where a run goes on, and where it writes. */
interface Resumable {
  /** `fleet.yaml` unless given. */
  inventory?: string | undefined;
  resume?: string | undefined;
  out?: string | undefined;
}

/** Flags that name a path. */
const PATHS: ReadonlySet<string> = new Set(['policy', 'snapshots', 'sandbox']);

/** The flags of a run that its folder keeps. Paths are kept relative to where the command started. */
export function keptFlags(flags: Resumable, cwd: string): NonNullable<FleetRunHeader['options']> {
  const given = givenOf(flags);
  return Object.fromEntries(
    [...RESULT_FLAGS, ...RUN_FLAGS].flatMap((flag) => {
      const value = given.get(flag);
      if (value === undefined) return [];
      return [[flag, PATHS.has(flag) && typeof value === 'string' ? relativePath(value, cwd) : value]];
    }),
  );
}

/** A path as given, or relative to a folder where it was absolute: documents hold no path of this machine. */
export function relativePath(path: string, cwd: string): string {
  return isAbsolute(path) ? displayPath(path, cwd) : path;
}

/**
 * The flags of a run that is resumed: those in its folder, under those of the command line. What chooses instances, or
 * decides what comes of them, cannot be another than it was.
 */
export async function resumedFlags<F extends Resumable>(flags: F, world: Environment): Promise<F> {
  const { resume } = flags;
  if (resume === undefined) return flags;
  const log = await readLog(resolve(world.cwd, resume, 'fleet.jsonl'));
  if (!log) return flags;
  checkLog(log);
  refuseSelection(flags, log.header, world);
  if (flags.out !== undefined && resolve(world.cwd, flags.out) !== resolve(world.cwd, resume))
    throw usage('--out', 'a resumed run continues in its own folder', 'leave out --out');
  refuseInventory(flags, log.header, world);
  const kept = knownOnly(log.header.options ?? {});
  const given = keptFlags(flags, world.cwd);
  for (const flag of RESULT_FLAGS) {
    // A flag with a default is always there.
    if (flag === 'since' || given[flag] === undefined) continue;
    if (JSON.stringify(given[flag]) === JSON.stringify(kept[flag])) continue;
    throw usage(
      `--${kebab(flag)}`,
      `the run in ${quotedName(resume)} was started ${kept[flag] === undefined ? 'without' : 'with another'} --${kebab(flag)}`,
      'leave the flag out, or start a new run in another folder',
    );
  }
  return { ...flags, ...kept, ...given, ...(kept.since === undefined ? {} : { since: kept.since }) };
}

/** Nothing but the flags above, whatever a file holds. */
function knownOnly(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const known = [...RESULT_FLAGS, ...RUN_FLAGS].filter((flag) => Object.hasOwn(options, flag));
  return Object.fromEntries(known.map((flag) => [flag, options[flag]]));
}

const SELECTION = ['only', 'except', 'where', 'wave', 'changedSince', 'failedFrom', 'shard'] as const;

/** Flags that choose instances may be given again, and no others. */
function refuseSelection(
  flags: Resumable,
  { selection: { flags: kept, shard } }: FleetRunHeader,
  { cwd }: Environment,
): void {
  const given = givenOf(flags);
  const before: Readonly<Record<string, unknown>> = {
    ...kept,
    ...(shard ? { shard: `${shard.index}/${shard.count}` } : {}),
  };
  const isOther = (flag: string): boolean => {
    const value = given.get(flag);
    const path = flag === 'failedFrom' && typeof value === 'string' ? relativePath(value, cwd) : value;
    return value !== undefined && JSON.stringify(path) !== JSON.stringify(before[flag]);
  };
  const flag = SELECTION.find(isOther);
  if (flag === undefined) return;
  throw usage(
    `--${kebab(flag)}`,
    `--${kebab(flag)} cannot be combined with --resume, which reads its instances from the folder`,
    'leave it out, or start a new run with --failed-from',
  );
}

/** The inventory of a resumed run is that of its folder, and so are the plans that it applies. */
function refuseInventory(
  { inventory = DEFAULT_INVENTORY }: Resumable,
  { inventory: { file }, selection: { flags } }: FleetRunHeader,
  { cwd }: Environment,
): void {
  if (inventory === DEFAULT_INVENTORY) return;
  const known = [file, flags.plans].filter((one) => typeof one === 'string');
  if (known.some((one) => resolve(cwd, one) === resolve(cwd, inventory))) return;
  throw usage(
    '--resume',
    `the run did not read ${quotedName(inventory)}, but ${quotedName(known.at(-1) ?? '')}`,
    'leave the name out: --resume takes it from the folder',
  );
}

const DEFAULT_INVENTORY = 'fleet.yaml';

/** The flags that are there. An empty list is none. */
function givenOf(flags: object): ReadonlyMap<string, unknown> {
  return new Map(
    Object.entries(flags).filter(
      ([, value]) => value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

function kebab(flag: string): string {
  return flag.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
}

function usage(what: string, message: string, hint: string): ProblemError {
  return new ProblemError(problem('usage', message, { where: { what }, hint }));
}
