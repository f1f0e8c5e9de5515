import { resolve } from 'node:path';
import { nothingToDo } from '../../apply/outcome.js';
import type { Outcome } from '../../apply/outcome.js';
import { unfinishedCreates } from '../../journal/unfinished.js';
import type { Snapshot } from '../../model/snapshot.js';
import { parseAllow } from '../../plan/guards/allow.js';
import type { Allow } from '../../plan/guards/allow.js';
import type { Plan } from '../../plan/plan.js';
import { verifyPlan } from '../../plan/saved/verify-plan.js';
import type { VerifyOptions } from '../../plan/saved/verify-plan.js';
import { outcomeText } from '../../render/text/outcome.js';
import { requestsFor } from '../../apply/requests-for-change.js';
import { readSnapshotForPlan } from '../../reconcile/read-live-state.js';
import { ProblemError, problem } from '../../problem/problem.js';
import { askYes } from '../ask.js';
import { connect } from '../connect.js';
import type { ConnectFlags, Connection } from '../connect.js';
import { EXIT, exitOfOutcome } from '../exit.js';
import type { Exit } from '../exit.js';
import { readManifest, sniff } from '../input.js';
import type { ManifestInput } from '../input.js';
import { withLock } from '../lock.js';
import { json, renderPlan } from '../output.js';
import { planLive, planOptions } from '../planning.js';
import type { PlanningFlags } from '../planning.js';
import { runDryRun } from '../rehearse-and-tell.js';
import { readPlan } from '../saved.js';
import { runPlan } from '../run-plan.js';
import { Refused } from '../../reconcile/errors.js';
import { print } from '../deliver.js';
import { mayColour } from '../world.js';
import type { Environment } from '../world.js';

/** Flags of `apply`; `rollback` shares all but the manifest. */
export interface ApplyFlags extends ConnectFlags, PlanningFlags {
  manifest: readonly string[];
  format: 'text' | 'json';
  yes?: boolean | undefined;
  dryRun?: boolean | undefined;
  state: string;
  waitForLock?: number | undefined;
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
export async function apply(flags: ApplyFlags, world: Environment): Promise<Exit> {
  const saved = await savedPlanOf(flags.manifest, world);
  const allow = parseAllow(flags.allow ?? []);
  const plan = saved === null ? null : await readPlan(saved, world);
  const input = plan ? null : await readManifest(flags.manifest, world);
  const connection = await connect(flags, world, flags.dryRun ? 'read' : 'write');
  try {
    const work = async (): Promise<Exit> => {
      const job = plan
        ? { plan, allow, input: null, snapshot: null }
        : await planned(input as ManifestInput, connection, { flags, world });
      return perform(job, connection, { flags, world });
    };
    // With the answer given beforehand, what is planned is what is there once nobody else writes.
    const answered = flags.yes === true && flags.dryRun !== true;
    return answered ? await withLock(connection, { flags, world }, work) : await work();
  } finally {
    await connection.close();
  }
}

/** Flags that performing a plan looks at. */
export type PerformFlags = Omit<ApplyFlags, 'manifest'>;

interface Setting<F = ApplyFlags> {
  flags: F;
  world: Environment;
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
  const { plan } = job;
  let snapshot = job.snapshot;
  let { allowed } = plan;
  if (snapshot) refuse(plan.refusals);
  else {
    snapshot = await readSnapshotForPlan(connection.reader, plan);
    // Saved permissions do not count: what the plan was refused for is judged anew, with this run's own flags.
    const judged = verifyPlan(plan, snapshot, judging(job, flags));
    refuse(judged.refusals);
    ({ allowed } = judged);
  }
  if (flags.dryRun) return runDryRun({ ...job, snapshot, allowed }, { flags, world });
  const isShown = flags.format !== 'text' || (await show(plan, { flags, world }));
  if (plan.changes.length === 0) {
    if (flags.format === 'json')
      await print(world, json(nothingToDo({ ...plan, allowed }, new Date(world.now()).toISOString())));
    return EXIT.done;
  }
  const work = (): Promise<Outcome> => runPlan({ ...job, allowed }, connection, { flags, world });
  let outcome: Outcome;
  if (flags.yes === true) outcome = await work();
  else {
    await askYes(plan, world, isShown);
    // Nobody else waits for an answer. What changed meanwhile is found just before the first write.
    outcome = await withLock(connection, { flags, world }, work);
  }
  await print(
    world,
    flags.format === 'json'
      ? json(outcome)
      : outcomeText(outcome, { colour: mayColour(world.stdout, world.env) }),
  );
  return exitOfOutcome(outcome);
}

function judging({ allow }: Job, { reason }: PerformFlags): VerifyOptions {
  return { requestsFor, allow, reason: reason ?? null };
}

async function show(plan: Plan, { flags, world }: Setting<PerformFlags>): Promise<boolean> {
  const look = { colour: mayColour(world.stdout, world.env), limit: flags.impactLimit };
  return print(world, await renderPlan(plan, 'text', look));
}

function refuse(refusals: Plan['refusals']): void {
  if (refusals.length > 0) throw new Refused(refusals);
}

/** The one file that is a saved plan; null where manifests are meant. */
async function savedPlanOf(paths: readonly string[], world: Environment): Promise<string | null> {
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
