import { resolve } from 'node:path';
import { applyPlan } from '../../apply/apply.js';
import type { Outcome } from '../../apply/outcome.js';
import { StalePlanError, staleRefusal } from '../../apply/stale.js';
import { openRun } from '../../journal/folder.js';
import type { RunFolder } from '../../journal/folder.js';
import { acquireLock } from '../../journal/lock.js';
import { resumeOf } from '../../journal/runs.js';
import { unfinishedCreates } from '../../journal/unfinished.js';
import { snapshotToJson } from '../../live/file.js';
import type { Snapshot } from '../../model/snapshot.js';
import { parseAllow } from '../../plan/allow.js';
import type { Allow } from '../../plan/allow.js';
import type { Plan } from '../../plan/plan.js';
import { judgePlan } from '../../plan/saved-plan.js';
import { outcomeText } from '../../render/outcome-text.js';
import { requestsFor } from '../../routes/requests.js';
import { readSnapshotForPlan } from '../../reconcile.js';
import { ProblemError, problem } from '../../problem/problem.js';
import { askYes } from '../ask.js';
import { connect } from '../connect.js';
import type { ConnectFlags, Connection } from '../connect.js';
import { EXIT, exitOfOutcome } from '../exit.js';
import type { Exit } from '../exit.js';
import { readManifest, sniff } from '../input.js';
import type { ManifestInput } from '../input.js';
import { json, tellPlan } from '../output.js';
import { planLive, planOptions } from '../planning.js';
import type { PlanningFlags } from '../planning.js';
import { openProgress } from '../progress.js';
import { rehearseAndTell } from '../rehearse-and-tell.js';
import { readPlan } from '../saved.js';
import { Refused } from '../stops.js';
import { mayColour, write } from '../world.js';
import type { World } from '../world.js';

/** Flags of `apply`; `rollback` shares all but the manifest. */
export interface ApplyFlags extends ConnectFlags, PlanningFlags {
  manifest: readonly string[];
  format: 'text' | 'json';
  yes?: boolean | undefined;
  dryRun?: boolean | undefined;
  state: string;
}

/** A plan to be applied, and what it came from. */
export interface Job {
  plan: Plan;
  allow: Allow;
  /** Null for a saved plan: it needs none. */
  input: ManifestInput | null;
  /** What the plan was made from; null for a saved plan. */
  snapshot: Snapshot | null;
}

/** `apply`: a manifest or a saved plan. */
export async function apply(flags: ApplyFlags, world: World): Promise<Exit> {
  const saved = await savedPlanOf(flags.manifest, world);
  const allow = parseAllow(flags.allow ?? []);
  const plan = saved === null ? null : await readPlan(saved, world);
  const input = plan ? null : await readManifest(flags.manifest, world);
  const connection = await connect(flags, world, flags.dryRun ? 'read' : 'write');
  try {
    const lock = flags.dryRun
      ? null
      : await acquireLock(resolve(world.cwd, flags.state), {
          instance: connection.instance,
          now: world.now(),
        });
    try {
      const job = plan
        ? { plan, allow, input: null, snapshot: null }
        : await planned(input as ManifestInput, connection, { flags, world });
      return await perform(job, connection, { flags, world });
    } finally {
      await lock?.release();
    }
  } finally {
    await connection.close();
  }
}

/** Flags that performing a plan looks at. */
export type PerformFlags = Omit<ApplyFlags, 'manifest'>;

interface Setting<F = ApplyFlags> {
  flags: F;
  world: World;
}

async function planned(
  input: ManifestInput,
  connection: Connection,
  { flags, world }: Setting,
): Promise<Job> {
  const options = planOptions(flags, world);
  const made = await planLive(input, connection, {
    options,
    unfinished: (snapshot) => unfinishedStarts(resolve(world.cwd, flags.state), snapshot),
  });
  return { plan: made.plan, allow: made.allow, input, snapshot: made.snapshot };
}

/** Live roles that an interrupted run made and did not finish, with what they should have started with. */
async function unfinishedStarts(
  state: string,
  snapshot: Snapshot,
): Promise<ReadonlyMap<number, readonly string[]>> {
  const starts = new Map<number, readonly string[]>();
  for (const left of await unfinishedCreates(state, snapshot.instance)) {
    const role = snapshot.roles.find((one) =>
      left.roleId === null ? one.name === left.name && !left.knownIds.has(one.id) : one.id === left.roleId,
    );
    if (role) starts.set(role.id, left.start);
  }
  return starts;
}

/** Judges, asks, performs and tells: the same for every plan. */
export async function perform(
  job: Job,
  connection: Connection,
  { flags, world }: Setting<PerformFlags>,
): Promise<Exit> {
  const { plan, allow } = job;
  let snapshot = job.snapshot;
  if (snapshot) refuse(plan.refusals);
  else {
    snapshot = await readSnapshotForPlan(connection.reader, plan);
    // Saved permissions do not count: what the plan was refused for is judged anew, with this run's own flags.
    refuse(judgePlan(plan, snapshot, { requestsFor, allow }));
  }
  if (flags.dryRun) return rehearseAndTell({ ...job, snapshot }, { flags, world });
  if (flags.format === 'text')
    await write(
      world.stdout,
      await tellPlan(plan, 'text', { colour: mayColour(world.stdout, world.env), limit: flags.impactLimit }),
    );
  if (plan.changes.length === 0) {
    if (flags.format === 'json') await write(world.stdout, json(nothingToDo(plan, world)));
    return EXIT.done;
  }
  if (flags.yes !== true) await askYes(plan, world);
  const outcome = await runPlan(job, connection, { flags, world });
  await write(
    world.stdout,
    flags.format === 'json'
      ? json(outcome)
      : outcomeText(outcome, { colour: mayColour(world.stdout, world.env) }),
  );
  return exitOfOutcome(outcome);
}

async function runPlan(
  job: Job,
  connection: Connection,
  { flags, world }: Setting<PerformFlags>,
): Promise<Outcome> {
  const { plan, allow } = job;
  const { reader, writer } = connection;
  if (!writer) throw new TypeError('this connection cannot write');
  const state = resolve(world.cwd, flags.state);
  const resume = await resumeOf(state, plan);
  const run = await openRun(state, plan, { now: world.now(), random: world.token });
  const progress = await openProgress(world, plan.changes.length);
  let wrote = false;
  let sent = false;
  try {
    const outcome = await applyPlan({
      plan,
      reader,
      writer,
      journal: {
        append: async (entry) => {
          wrote = true;
          await run.append(entry);
        },
      },
      clock: { now: world.now, sleep: world.sleep },
      runId: run.id,
      resume,
      signal: world.signal,
      onProgress: progress.tell,
      onSent: () => (sent = true),
      ...(flags.concurrency === undefined ? {} : { limits: { concurrency: flags.concurrency } }),
      beforeWrite: async (fresh) => {
        refuse(judgePlan(plan, fresh, { requestsFor, allow }));
        // As a snapshot document: it can be planned against, too.
        await run.writeBefore(
          JSON.parse(snapshotToJson(fresh, { takenAt: new Date(world.now()).toISOString() })) as Snapshot,
        );
      },
    });
    await run.writeOutcome(outcome);
    return outcome;
  } catch (error) {
    if (!sent) wrote = false;
    throw await toldError(error, connection, world);
  } finally {
    progress.stop();
    await endRun(run, wrote);
  }
}

/** A run that was refused before it wrote anything leaves nothing behind. */
async function endRun(run: RunFolder, wrote: boolean): Promise<void> {
  if (wrote) await run.close();
  else await run.discard();
}

/** A stale plan also says who moved what, where the audit log may be read. */
async function toldError(error: unknown, connection: Connection, world: World): Promise<unknown> {
  if (!(error instanceof StalePlanError)) return error;
  const stale = staleRefusal(error.moved);
  const { whoMoved } = await import('../who-moved.js');
  const who = await whoMoved(error.moved, connection, world);
  return new Refused([{ ...stale, items: [...stale.items, ...who] }]);
}

function refuse(refusals: Plan['refusals']): void {
  if (refusals.length > 0) throw new Refused(refusals);
}

function nothingToDo(plan: Plan, world: World): Outcome {
  const at = new Date(world.now()).toISOString();
  return {
    formatVersion: 1,
    kind: 'outcome',
    // Nothing was written, so no run is kept.
    runId: 'none',
    instance: plan.instance,
    startedAt: at,
    finishedAt: at,
    dryRun: false,
    summary: { changes: 0, done: 0, already: 0, failed: 0, skipped: 0, unknown: 0 },
    changes: [],
    warnings: plan.warnings,
  };
}

/** The one file that is a saved plan; null where manifests are meant. */
async function savedPlanOf(paths: readonly string[], world: World): Promise<string | null> {
  const kinds = await Promise.all(paths.map((path) => sniff(path, world)));
  const index = kinds.findIndex((kind) => kind !== 'manifest');
  if (index < 0) return null;
  if (paths.length > 1) {
    throw new ProblemError(
      problem('usage', 'a saved plan is applied alone', { where: { file: paths[index] ?? '' } }),
    );
  }
  return paths[index] ?? null;
}
