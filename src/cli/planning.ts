import { checkGrantsPresent } from '../manifest/load.js';
import type { LoadedManifest } from '../manifest/manifest.js';
import { byCodeUnit } from '../model/sort.js';
import { instanceName } from '../model/names.js';
import { refusal } from '../model/refusal.js';
import type { Snapshot } from '../model/snapshot.js';
import { parseAllow } from '../plan/guards/allow.js';
import type { Allow } from '../plan/guards/allow.js';
import { makePlan, sealPlan } from '../plan/make-plan.js';
import type { PlanOptions } from '../plan/make-plan.js';
import type { Plan, Refusal } from '../plan/plan.js';
import { ProblemError, type Problem } from '../problem/problem.js';
import { readSnapshot } from '../reconcile/read-live-state.js';
import { requestsFor } from '../apply/requests-for-change.js';
import { categoryOf } from '../problem/codes.js';
import type { Connection } from './connect.js';
import type { ManifestInput } from './input.js';
import { InvalidManifest, Refused } from '../reconcile/errors.js';
import type { Environment } from './world.js';

/** Flags of every command that plans. */
export interface PlanningFlags {
  allow?: readonly string[] | undefined;
  reason?: string | undefined;
  impactLimit?: number | undefined;
}

/** A plan and what it was made from. */
export interface Planned {
  plan: Plan;
  snapshot: Snapshot;
  allow: Allow;
}

/** Options of a plan, from flags and world. Raises `usage` for an unknown `--allow`. */
export function planOptions(
  flags: PlanningFlags,
  world: Environment,
  rest: Partial<PlanOptions> = {},
): PlanOptions & { allow: Allow } {
  return {
    now: new Date(world.now()).toISOString(),
    version: world.version,
    requestsFor,
    allow: parseAllow(flags.allow ?? []),
    reason: flags.reason ?? null,
    ...(flags.impactLimit === undefined ? {} : { impactLimit: flags.impactLimit }),
    ...rest,
  };
}

/** Reads live state and plans. Raises `InvalidManifest` where the manifest names what is not there. */
export async function planLive(
  input: ManifestInput,
  connection: Connection,
  {
    options,
    unfinished,
  }: {
    options: PlanOptions & { allow: Allow };
    unfinished?: (snapshot: Snapshot) => Promise<ReadonlyMap<number, readonly string[]>>;
  },
): Promise<Planned> {
  const { loaded } = input;
  const desiredOptions = {
    now: options.now,
    allowMissing: options.allow.has('missing-people'),
  };
  const snapshot = await readSnapshot(connection.reader, loaded, desiredOptions);
  const left = unfinished ? await unfinished(snapshot) : new Map<number, readonly string[]>();
  const plan = planOffline(input, snapshot, left.size > 0 ? { ...options, unfinished: left } : options);
  return { plan, snapshot, allow: options.allow };
}

/** Plans against a snapshot at hand. The manifest's instance is compared; not with a sandbox, whose plans say so. */
export function planOffline(input: ManifestInput, snapshot: Snapshot, options: PlanOptions): Plan {
  const plan = withPlaces(input, () => {
    const { loaded } = input;
    const warnings = [...loaded.warnings, ...checkGrants(loaded, snapshot)];
    return makePlan({ ...loaded, warnings }, snapshot, options);
  });
  const mismatch = mismatchOf(input.loaded, snapshot);
  if (!mismatch) return plan;
  const refusals = [...plan.refusals, mismatch].sort((a, b) => byCodeUnit(a.code, b.code));
  return sealPlan({ ...plan, refusals, summary: { ...plan.summary, refusals: refusals.length } });
}

/**
 * Raises the problem of every single unknown grant with its own place; planning would tell only the role. Gives the
 * warnings of grants whose feature may be off.
 */
export function checkGrants(loaded: LoadedManifest, snapshot: Snapshot): Problem[] {
  const found = grantsFound(loaded, snapshot);
  const unknown = found.filter((one) => one.severity === 'error');
  if (unknown.length > 0) throw new ProblemError(unknown);
  return found;
}

/** The problems of single grants that the instance does not have. */
export function unknownGrants(loaded: LoadedManifest, snapshot: Snapshot): Problem[] {
  return grantsFound(loaded, snapshot).filter((one) => one.severity === 'error');
}

function grantsFound(loaded: LoadedManifest, { roles, catalogue }: Snapshot): Problem[] {
  return checkGrantsPresent(loaded, catalogue, new Set(roles.flatMap((role) => role.grants)));
}

/** Refuses a manifest that is for another instance: where there is no plan that could carry the refusal. */
export function refuseMismatch(loaded: LoadedManifest, snapshot: Snapshot): void {
  const mismatch = mismatchOf(loaded, snapshot);
  if (mismatch) throw new Refused([mismatch]);
}

function mismatchOf({ manifest }: LoadedManifest, { instance, sandbox }: Snapshot): Refusal | null {
  const wanted = manifest.instance;
  if (wanted === null || sandbox || instanceName(wanted) === instanceName(instance)) return null;
  return refusal('instance-mismatch', `the manifest is for "${wanted}", and this is "${instance}"`, {
    key: 'instance',
    hint: 'name the right instance, or the right manifest',
  });
}

/** Gives problems of the manifest against the instance the same code frames as all others. */
export function withPlaces<T>({ files, sources }: ManifestInput, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problems.some((one) => categoryOf(one.code) !== 'manifest'))
      throw error;
    throw new InvalidManifest(error.problems, { files, sources });
  }
}
