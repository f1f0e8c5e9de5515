import { isAbsolute, resolve } from 'node:path';
import { displayPath } from '../../manifest/files/paths.js';
import { quotedName } from '../../model/quoted-name.js';
import { usageError, type ProblemError } from '../../problem/problem.js';
import { RESULT_FLAGS, readCheckedLog } from '../../reconcile/fleet/fleet-log.js';
import type { FleetRunHeader } from '../../reconcile/fleet/fleet-log.js';
import type { Environment } from '../environment.js';
import { readPolicy } from '../input.js';
import { flagName, isGiven } from '../unused-flags.js';
import type { ExportedFormat } from './formats.js';
import { isOwn } from './recorded-inventory.js';

/**
 * Flags that a resumed run restores from its folder, in addition to those that affect its result. Never addresses,
 * credentials or the confirmation.
 */
const RUN_FLAGS = [
  'allow',
  'reason',
  'allOrNothing',
  'maxFailures',
  'atOnce',
  'instanceBudget',
  'detailedExitcode',
] as const;

/** Flags of a run that can be resumed. */
interface Resumable {
  /** Default: `fleet.yaml`. */
  inventory?: string | undefined;
  resume?: string | undefined;
  out?: string | undefined;
  /** The inventory of saved plans or of an apply to undo. */
  fleet?: string | undefined;
  /** The folder of the apply to undo. */
  folder?: string | undefined;
  /** The exported format, if it is not the default. */
  exported?: ExportedFormat | undefined;
}

/** Flags that name a path. */
const PATHS: ReadonlySet<string> = new Set(['policy', 'snapshots', 'sandbox']);

/** The flags of a run to store in its folder. Paths are stored relative to the working directory. */
export function storedFlags(flags: Resumable, cwd: string): NonNullable<FleetRunHeader['options']> {
  const given = givenOf(flags);
  return Object.fromEntries(
    [...RESULT_FLAGS, ...RUN_FLAGS].flatMap((flag) => {
      const value = given.get(flag);
      if (value === undefined) return [];
      return [[flag, PATHS.has(flag) && typeof value === 'string' ? relativePath(value, cwd) : value]];
    }),
  );
}

/** A path as given, or relative to a folder if it was absolute: documents must not contain paths of this machine. */
export function relativePath(path: string, cwd: string): string {
  return isAbsolute(path) ? displayPath(path, cwd) : path;
}

/**
 * The flags of a resumed run: those in its folder, overridden by the command line. Flags that select instances or affect
 * the result cannot change.
 */
export async function resumedFlags<F extends Resumable>(flags: F, environment: Environment): Promise<F> {
  const { resume } = flags;
  if (resume === undefined) return flags;
  const log = await readCheckedLog(resolve(environment.cwd, resume));
  if (!log) return flags;
  refuseSelection(flags, log.header, environment);
  if (flags.out !== undefined && resolve(environment.cwd, flags.out) !== resolve(environment.cwd, resume))
    throw usageError('a resumed run continues in its own folder', { what: '--out', hint: 'leave out --out' });
  refuseInventory(flags, log.header, environment);
  if (flags.exported !== undefined && log.header.selection.flags.exported !== flags.exported)
    throw otherFlag(resume, { flag: 'format', wasGiven: true });
  const kept = knownOnly(log.header.options ?? {});
  const given = storedFlags(flags, environment.cwd);
  for (const flag of RESULT_FLAGS) {
    if (given[flag] === undefined) continue;
    if (JSON.stringify(given[flag]) === JSON.stringify(kept[flag])) continue;
    throw otherFlag(resume, { flag, wasGiven: kept[flag] !== undefined });
  }
  if (given.policy === undefined) await checkRecordedPolicy(kept.policy, log.header, environment);
  return { ...flags, ...kept, ...given };
}

/** Rejects a policy file outside of the folder and its repository that is not the one that the run read. */
async function checkRecordedPolicy(
  policy: unknown,
  header: FleetRunHeader,
  environment: Environment,
): Promise<void> {
  if (typeof policy !== 'string' || (await isOwn(policy, environment))) return;
  const found = await readPolicy(policy, environment).catch(() => undefined);
  // Documents never contain absolute paths.
  if (!isAbsolute(policy) && found !== undefined && found.origin.digest === header.policy) return;
  throw usageError(
    `the run names the policy file ${quotedName(policy)}, which is outside of this folder and its repository, and not what it read`,
    { what: '--policy', hint: 'specify the file, if it is the right one: --policy FILE' },
  );
}

/** The error for a flag that would change the result of a resumed run. */
function otherFlag(resume: string, { flag, wasGiven }: { flag: string; wasGiven: boolean }): ProblemError {
  return usageError(
    `the run in ${quotedName(resume)} was started ${wasGiven ? 'with another' : 'without'} ${flagName(flag)}`,
    { what: flagName(flag), hint: 'leave the flag out, or start a new run in another folder' },
  );
}

/** Only the flags above: the file is untrusted. */
function knownOnly(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const known = [...RESULT_FLAGS, ...RUN_FLAGS].filter((flag) => Object.hasOwn(options, flag));
  return Object.fromEntries(known.map((flag) => [flag, options[flag]]));
}

const SELECTION = ['only', 'except', 'where', 'wave', 'changedSince', 'failedFrom', 'shard'] as const;

/** Rejects flags that select other instances than the run did. */
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
  throw usageError(
    `${flagName(flag)} cannot be combined with --resume, which reads its instances from the folder`,
    { what: flagName(flag), hint: 'leave it out, or start a new run with --failed-from' },
  );
}

/** Rejects another inventory or folder than the run used. */
function refuseInventory(
  { inventory = DEFAULT_INVENTORY, fleet, folder }: Resumable,
  { inventory: { file }, selection: { flags } }: FleetRunHeader,
  { cwd }: Environment,
): void {
  const either = inventory === DEFAULT_INVENTORY ? undefined : inventory;
  for (const [name, ...paths] of [
    [either, file, flags.plans],
    [fleet, file],
    [folder, flags.plans],
  ]) {
    if (typeof name !== 'string') continue;
    const known = paths.filter((one) => typeof one === 'string');
    if (known.some((one) => resolve(cwd, one) === resolve(cwd, name))) continue;
    throw usageError(`the run did not read ${quotedName(name)}, but ${quotedName(known.at(-1) ?? '')}`, {
      what: '--resume',
      hint: 'leave the name out: --resume takes it from the folder',
    });
  }
}

const DEFAULT_INVENTORY = 'fleet.yaml';

function givenOf(flags: object): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(flags).filter(([, value]) => isGiven(value)));
}
