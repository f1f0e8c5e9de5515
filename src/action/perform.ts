import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Drift } from '../drift/drift.js';
import { runsFolder, RUN_FILES } from '../journal/folder.js';
import type { Snapshot } from '../model/snapshot.js';
import { ProblemError, problem } from '../problem/problem.js';
import { applyManifest, applySavedPlan } from '../reconcile/apply-plan.js';
import type { Connection } from '../reconcile/connect.js';
import { detectDrift } from '../reconcile/detect-drift.js';
import { dryRunManifest, dryRunSavedPlan } from '../reconcile/dry-run.js';
import { planManifest } from '../reconcile/plan-manifest.js';
import { outcomeText } from '../render/text/outcome.js';
import { withConnection } from '../shell/connect.js';
import type { Environment } from '../shell/environment.js';
import { EXIT, exitOfOutcome, exitOfRun } from '../shell/exit.js';
import type { Exit } from '../shell/exit.js';
import { readManifest, readPlan, readPolicy, readSnapshotFile } from '../shell/input.js';
import { PLAN_FORMATS } from '../shell/formats.js';
import { deliverFiles, planDocument, renderPlan } from '../shell/output.js';
import type { DocumentOutputs } from '../shell/output.js';
import { parseReports } from '../shell/reports.js';
import { repositoryPlaces } from '../shell/repository.js';
import { planningOptions, runRequest } from '../shell/run-options.js';
import { afterPost, checkWebhookOf } from './drift-webhook.js';
import { shownDocument } from './input-names.js';
import { isFleetStep } from './inputs.js';
import type { Inputs } from './inputs.js';
import { performFleet } from './perform-fleet.js';
import { EMPTY_STEP, runIdOf } from './step.js';
import type { Step, StepContext } from './step.js';
import { stoppedStep } from './stopped-step.js';
import { validate } from './validate.js';
import { systemCodeOf } from '../problem/system-error.js';

/** Runs the mode and writes its output to the log. A problem that stops the mode is part of the result. */
export async function perform(context: StepContext): Promise<Step> {
  const step = await performMode(context).catch((error: unknown) => stoppedStep(error, context));
  return { ...step, exit: exitOfRun(step.exit, context.environment.ledger) };
}

async function performMode(context: StepContext): Promise<Step> {
  const { inputs, environment } = context;
  switch (isFleetStep(inputs) ? 'fleet' : inputs.mode) {
    case 'fleet':
    case 'merge':
      return performFleet(context, await temporaryFolder(environment));
    case 'validate':
      return validate(context);
    case 'plan':
      return plan(context);
    case 'drift':
      return drift(context);
    case 'apply':
      return apply(context);
  }
}

async function plan(context: StepContext): Promise<Step> {
  const { inputs, runner, environment } = context;
  const outputs = await documentOutputs(context);
  const options = { ...planningOptions(guards(inputs)), runtime: environment };
  const manifest = await readManifest(inputs.manifest, environment, policyOf(inputs));
  const { plan: document, snapshot } = await withSource(context, (source) =>
    planManifest(manifest, source, options),
  );
  await runner.log(await renderPlan(shownDocument(document), 'text', { colour: false, ...grouping(inputs) }));
  const file = await saveDocument(document, outputs, { ...context, snapshot });
  const changes = inputs.detailedExitcode && document.changes.length > 0 ? EXIT.changes : EXIT.done;
  return { ...EMPTY_STEP, exit: document.refusals.length > 0 ? EXIT.refused : changes, document, file };
}

async function drift(context: StepContext): Promise<Step> {
  const { inputs, runner, environment } = context;
  checkWebhookOf(inputs);
  const outputs = await documentOutputs(context);
  const manifest = await readManifest(inputs.manifest, environment, policyOf(inputs));
  const request = {
    runtime: environment,
    sinceDays: inputs.since ?? undefined,
    impactLimit: inputs.impactLimit ?? undefined,
  };
  const { drift: document, snapshot } = await withSource(context, (source) =>
    detectDrift(manifest, source, request),
  );
  await runner.log(await renderPlan(shownDocument(document), 'text', { colour: false, ...grouping(inputs) }));
  const file = await saveDocument(document, outputs, { ...context, snapshot });
  const exit = document.problems.length > 0 ? EXIT.manifest : exitOfDrift(document);
  return afterPost({ ...EMPTY_STEP, exit, document, file }, document, context);
}

function exitOfDrift({ summary }: Drift): Exit {
  return summary.differences > 0 ? EXIT.changes : EXIT.done;
}

async function apply(context: StepContext): Promise<Step> {
  const { inputs, runner, environment } = context;
  const reports = parseReports(inputs.reports, PLAN_FORMATS);
  await planDocument(environment, { reports });
  const done = inputs.dryRun ? await dryRun(context) : await write(context);
  await runner.log(
    await renderPlan(shownDocument(done.document), 'text', { colour: false, ...grouping(inputs) }),
  );
  await runner.log(outcomeText(done.outcome, { colour: false, verbose: true }));
  await deliverFiles(
    done.document,
    { reports },
    { environment, placeOf: repositoryPlaces(environment), ...grouping(inputs) },
  );
  return { ...EMPTY_STEP, ...done, file: planFileOf(done, context) };
}

type Performed = Pick<Step, 'exit'> & {
  document: NonNullable<Step['document']>;
  outcome: NonNullable<Step['outcome']>;
};

async function write({ inputs, environment }: StepContext): Promise<Performed> {
  const options = { ...planningOptions(guards(inputs)), ...runRequest(runFlags(inputs), environment) };
  const { saved, manifest, policy } = await applySource(inputs, environment);
  const request = { ...options, policy };
  const { plan: document, outcome } = await withConnection(
    { flags: target(inputs), environment, purpose: 'write' },
    (connection) =>
      manifest ? applyManifest(manifest, connection, request) : applySavedPlan(saved, connection, request),
  );
  return { exit: document.changes.length === 0 ? EXIT.done : exitOfOutcome(outcome), document, outcome };
}

async function dryRun({ inputs, environment }: StepContext): Promise<Performed> {
  const state = resolve(environment.cwd, runFlags(inputs).state);
  const { saved, manifest, policy } = await applySource(inputs, environment);
  const request = { ...planningOptions(guards(inputs)), runtime: environment, state, policy };
  const { plan: document, rehearsal } = await withConnection(
    { flags: target(inputs), environment, purpose: 'read' },
    (connection) =>
      manifest ? dryRunManifest(manifest, connection, request) : dryRunSavedPlan(saved, connection, request),
  );
  const exit = rehearsal.holds ? EXIT.done : EXIT.failed;
  return { exit, document, outcome: rehearsal.document };
}

/** What to apply: a manifest merged with the policy file, or a saved plan and the policy file. */
async function applySource(inputs: Inputs, environment: Environment) {
  const { policy } = policyOf(inputs);
  if (inputs.planFile === null)
    return { manifest: await readManifest(inputs.manifest, environment, { policy }), saved: null };
  return {
    manifest: null,
    saved: await readPlan(inputs.planFile, environment),
    policy: await readPolicy(policy, environment),
  };
}

/** Path of the saved plan that was applied, otherwise of the plan in the folder of the run; null if there is none. */
function planFileOf(step: Pick<Step, 'outcome'>, { inputs, environment }: StepContext): string | null {
  if (inputs.planFile !== null) return resolve(environment.cwd, inputs.planFile);
  const runId = runIdOf(step);
  const state = resolve(environment.cwd, runFlags(inputs).state);
  return runId === null ? null : join(runsFolder(state), runId, RUN_FILES.plan);
}

/** Calls `work` with the live instance, or with the snapshot file that the input `against` names. */
async function withSource<T>(
  { inputs, environment }: StepContext,
  work: (source: Connection | Snapshot) => Promise<T>,
): Promise<T> {
  if (inputs.against !== null) return work(await readSnapshotFile(inputs.against, environment));
  return withConnection({ flags: target(inputs), environment, purpose: 'read' }, work);
}

/** Returns the output files. Raises `usage` before the first request if an output would overwrite an input. */
async function documentOutputs({
  inputs,
  environment,
}: StepContext): Promise<DocumentOutputs & { out: string }> {
  const reports = parseReports(inputs.reports, PLAN_FORMATS);
  const out = inputs.planFile ?? (await temporaryFile(environment, `${inputs.mode}.json`));
  await planDocument(environment, { out, reports });
  return { out: resolve(environment.cwd, out), reports };
}

/** Writes the document and its reports. Returns the path of the document; null if it could not be written. */
async function saveDocument(
  document: NonNullable<Step['document']>,
  outputs: DocumentOutputs & { out: string },
  { inputs, environment, snapshot }: StepContext & { snapshot: Snapshot },
): Promise<string | null> {
  const options = { environment, snapshot, placeOf: repositoryPlaces(environment), ...grouping(inputs) };
  await deliverFiles(document, { ...outputs, reports: [] }, options);
  const isSaved = !environment.ledger.incomplete;
  await deliverFiles(document, { reports: outputs.reports }, options);
  return isSaved ? outputs.out : null;
}

function target({ instance, baseUrl }: Inputs) {
  return { instance: instance ?? undefined, baseUrl: baseUrl ?? undefined };
}

function policyOf({ policy }: Inputs) {
  return { policy: policy ?? undefined };
}

function grouping({ groupBy }: Inputs) {
  return groupBy === null ? {} : { groupBy };
}

function guards({ allow, reason, impactLimit, onlyExpired }: Inputs) {
  return { allow, reason: reason ?? undefined, impactLimit: impactLimit ?? undefined, onlyExpired };
}

function runFlags({ state, waitForLock }: Inputs) {
  return { state: state ?? '.domo-roles', waitForLock: waitForLock ?? undefined };
}

/** A file in a new temporary folder: two steps of one job must not share a plan. */
async function temporaryFile(environment: Environment, name: string): Promise<string> {
  return join(await temporaryFolder(environment), name);
}

async function temporaryFolder({ env }: Environment): Promise<string> {
  const parent = env.RUNNER_TEMP === undefined || env.RUNNER_TEMP === '' ? tmpdir() : env.RUNNER_TEMP;
  try {
    return await mkdtemp(join(parent, 'domo-roles-'));
  } catch (cause) {
    const message = `cannot create a folder in ${parent} (${systemCodeOf(cause) ?? 'unknown'})`;
    throw new ProblemError(
      problem('bad-file', message, {
        hint: 'set the input plan-file to a file, the input out to a folder, or RUNNER_TEMP to a folder that exists',
      }),
      { cause },
    );
  }
}
