import { requestsFor } from '../apply/requests-for-change.js';
import { needsAllPeople } from '../desired/required-reads.js';
import { resolveDesiredState, type DesiredOptions } from '../desired/resolve.js';
import type { LoadedManifest } from '../manifest/manifest.js';
import { isAboutPeople } from '../model/access-rule.js';
import { grantSet } from '../model/grant.js';
import { byCodeUnit } from '../model/sort.js';
import { instanceName } from '../model/instance-name.js';
import { quotedName } from '../model/quoted-name.js';
import { refusal } from '../model/refusal.js';
import type { Refusal } from '../model/refusal.js';
import type { Snapshot } from '../model/snapshot.js';
import { refuseUnknownRules } from '../plan/guards/allow.js';
import type { Allow } from '../plan/guards/allow.js';
import { makePlan } from '../plan/make-plan.js';
import { sealPlan } from '../plan/seal-plan.js';
import type { PlanOptions } from '../plan/make-plan.js';
import type { Plan } from '../plan/plan.js';
import { ProblemError, problem } from '../problem/problem.js';
import type { Problem } from '../problem/problem.js';
import type { Connection } from './connect.js';
import { Refused } from './errors.js';
import { withPlaces } from './load-manifest.js';
import type { ManifestInput } from './load-manifest.js';
import { readSnapshot } from './read-live-state.js';
import { timeOf } from './runtime.js';
import type { Runtime } from './runtime.js';
import type { RoleId } from '../model/ids.js';
import { inFileOrder } from '../model/in-file-order.js';
import { checkGrantsPresent } from '../manifest/load/loaded-manifest.js';

/** Options of planning. */
export interface PlanningOptions {
  /** Guards that this run allows; `parseAllow` reads them from text. */
  allow?: Allow | undefined;
  /** Why they are allowed. */
  reason?: string | undefined;
  /** Only remove memberships that have ended. */
  onlyExpired?: boolean | undefined;
  /** The most names in the impact list of an unprotected grant. Default 100. */
  impactLimit?: number | undefined;
}

/** A plan and its input. */
export interface Planned {
  plan: Plan;
  snapshot: Snapshot;
}

/** Finds unfinished roles of interrupted runs, with the grants that they should have started with. */
export type FindUnfinished = (snapshot: Snapshot) => Promise<ReadonlyMap<RoleId, readonly string[]>>;

/**
 * Plans a manifest against live state, which it reads, or against a snapshot. Refusals are in the plan.
 *
 * @throws InvalidManifest if the manifest names objects that the instance does not have.
 */
export async function planManifest(
  manifest: ManifestInput,
  source: Connection | Snapshot,
  { runtime, unfinished, ...options }: PlanningOptions & { runtime: Runtime; unfinished?: FindUnfinished },
): Promise<Planned> {
  const made = planOptions(options, runtime);
  refuseUnknownRules(made.allow, manifest.loaded.manifest.policy.rules);
  if (!isConnection(source)) {
    requireAllPeople(manifest.loaded, source, made);
    return { plan: planSnapshot(manifest, source, { ...made, offline: true }), snapshot: source };
  }
  const snapshot = await readSnapshot(source.reader, manifest.loaded, {
    now: made.now,
    allowMissing: made.allow.has('missing-people'),
  });
  const left = unfinished ? await unfinished(snapshot) : NONE;
  const plan = planSnapshot(manifest, snapshot, left.size > 0 ? { ...made, unfinished: left } : made);
  return { plan, snapshot };
}

/**
 * Raises `bad-file` if a snapshot lacks people that the manifest needs: the snapshot of a run may contain only
 * administrators, if its plan needed no others.
 */
export function requireAllPeople(
  loaded: LoadedManifest,
  { people, ...core }: Snapshot,
  options: DesiredOptions,
): void {
  if (people.scope === 'all' || !needsAllPeople(loaded, core, options)) return;
  const rule = loaded.manifest.policy.rules.find(isAboutPeople);
  const why = rule
    ? `rule ${quotedName(rule.name)} is about all people`
    : 'the manifest concerns the access of other people too';
  throw new ProblemError(
    problem('bad-file', `the snapshot holds administrators only, and ${why}`, {
      hint: 'write one with `domo-roles export --format snapshot`, or leave the snapshot out',
    }),
  );
}

const NONE: ReadonlyMap<RoleId, readonly string[]> = new Map();

/** Is this a connection and not a snapshot? */
export function isConnection(source: Connection | Snapshot): source is Connection {
  return 'reader' in source;
}

/** Options of `makePlan`. */
export function planOptions(
  { allow, reason, impactLimit, onlyExpired }: PlanningOptions,
  runtime: Runtime,
): PlanOptions & { allow: Allow } {
  return {
    now: timeOf(runtime),
    version: runtime.version,
    requestsFor,
    allow: allow ?? new Map(),
    reason: reason ?? null,
    ...(impactLimit === undefined ? {} : { impactLimit }),
    ...(onlyExpired ? { onlyExpired } : {}),
  };
}

/** Plans against a snapshot. Refuses a manifest of another instance, except in a sandbox, whose plans are marked. */
export function planSnapshot(manifest: ManifestInput, snapshot: Snapshot, options: PlanOptions): Plan {
  const plan = withPlaces(manifest, () => {
    const { loaded } = manifest;
    // Unknown grants must not keep memberships from ending.
    const found = options.onlyExpired ? [] : checkGrants(loaded, snapshot, options);
    const warnings = [...loaded.warnings, ...found];
    return inOrder(loaded, () => makePlan({ ...loaded, warnings }, snapshot, options));
  });
  const mismatch = mismatchOf(manifest.loaded, snapshot);
  if (!mismatch) return plan;
  const refusals = [...plan.refusals, mismatch].sort((a, b) => byCodeUnit(a.code, b.code));
  return sealPlan({ ...plan, refusals, summary: { ...plan.summary, refusals: refusals.length } });
}

/**
 * Raises a problem for every unknown grant, at its place, together with everything else that the instance lacks;
 * returns warnings for grants whose feature may be off.
 */
export function checkGrants(loaded: LoadedManifest, snapshot: Snapshot, options: DesiredOptions): Problem[] {
  const found = grantProblems(loaded, snapshot);
  const unknown = found.filter((one) => one.severity === 'error');
  if (unknown.length === 0) return found;
  const { problems } = resolveDesiredState(loaded, snapshot, options).findings;
  // A problem of a single grant replaces that of the whole role.
  const others = problems.filter(({ code }) => code !== 'unknown-grant');
  throw new ProblemError(sorted(loaded, [...unknown, ...others]));
}

/** Runs work, and sorts manifest problems that it raises by file and line. */
function inOrder<T>(loaded: LoadedManifest, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    throw new ProblemError(sorted(loaded, error.problems), { cause: error.cause });
  }
}

function sorted({ manifest: { files } }: LoadedManifest, problems: readonly Problem[]): Problem[] {
  return inFileOrder(
    problems,
    files.map(({ path }) => path),
  );
}

/** The problems of grants that the instance does not have. */
export function unknownGrants(loaded: LoadedManifest, snapshot: Snapshot): Problem[] {
  return grantProblems(loaded, snapshot).filter((one) => one.severity === 'error');
}

function grantProblems(loaded: LoadedManifest, { roles, catalogue }: Snapshot): Problem[] {
  return checkGrantsPresent(loaded, catalogue, (grant) =>
    roles.some((role) => grantSet(role.grants).has(grant)),
  );
}

/** Raises the refusal of a manifest for another instance, for commands without a plan. */
export function refuseMismatch(loaded: LoadedManifest, snapshot: Snapshot): void {
  const mismatch = mismatchOf(loaded, snapshot);
  if (mismatch) throw new Refused([mismatch]);
}

function mismatchOf({ manifest }: LoadedManifest, { instance, sandbox }: Snapshot): Refusal | null {
  const wanted = manifest.instance;
  if (wanted === null || sandbox || instanceName(wanted) === instanceName(instance)) return null;
  return refusal('instance-mismatch', `the manifest is for "${wanted}", and this is "${instance}"`, {
    key: 'instance',
    hint: 'use the right instance, or the right manifest',
  });
}
