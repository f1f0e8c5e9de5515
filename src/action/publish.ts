import { EXIT } from '../shell/exit.js';
import type { Exit } from '../shell/exit.js';
import type { Environment } from '../shell/environment.js';
import type { Drift } from '../drift/drift.js';
import { putComment } from './comment.js';
import type { WorkflowContext } from './event.js';
import { openGitHub, failureText } from './github.js';
import type { GitHub } from './github.js';
import type { Inputs } from './inputs.js';
import type { FleetDocument } from '../fleet/document.js';
import { threadOf } from './fleet-report.js';
import { isFleetStep } from './inputs.js';
import { driftIssue, fleetIssue, keepIssue } from './issue.js';
import type { Runner } from './runner.js';
import type { Step } from './step.js';

/** What is published, and where. */
export interface Publication {
  inputs: Inputs;
  environment: Environment;
  runner: Runner;
  place: WorkflowContext;
  markdown: string;
  /** The manifest as a title names it. */
  key: string;
}

/**
 * Puts the plan on its pull request, or the drift into its issue. Where GitHub does not take it, the job
 * summary has the same text. False where there is drift and the issue that was asked for could not be written.
 */
export async function publish(step: Step, publication: Publication): Promise<boolean> {
  const { inputs, place } = publication;
  if (isFleetStep(inputs)) return publishFleet(step, publication);
  if (inputs.mode === 'plan') {
    await publishPlan(publication);
    return true;
  }
  const { document } = step;
  // A run without a result does not show whether there is drift.
  if (!inputs.issue || document?.kind !== 'drift' || place.repository === null) return true;
  return publishDrift(document, { publication, repository: place.repository, exit: step.exit });
}

async function publishPlan(publication: Publication): Promise<void> {
  const { repository, pullRequest } = publication.place;
  // What no marker begins could not be found again.
  const isFindable = publication.markdown.startsWith('<!-- domo-roles:');
  if (!publication.inputs.comment || repository === null || pullRequest === null || !isFindable) return;
  await attempt('comment', publication, async (github) => {
    await putComment(github, publication.markdown, { repository, pullRequest });
    return `the plan is a comment on pull request ${pullRequest}`;
  });
}

/** A fleet has one comment and one issue, whatever the number of its shards. */
async function publishFleet({ fleet = null, exit }: Step, publication: Publication): Promise<boolean> {
  const { inputs, place, runner, markdown, key } = publication;
  const thread = threadOf(inputs, fleet);
  if (thread === 'plan') await publishPlan(publication);
  if (thread !== 'drift' || !inputs.issue || !fleet || place.repository === null) return true;
  const { repository } = place;
  const text = fleetIssue(fleet, key);
  const done = await attempt('issue', publication, async (github) => {
    const complete = exit === EXIT.done && isWhole(fleet, inputs);
    return `drift issue: ${await keepIssue(github, { ...text, markdown, complete, run: place.run }, repository)}`;
  });
  if (done || text.differences === null) return true;
  await runner.warning('there is drift, and the issue about it could not be written: see the job summary');
  return false;
}

/** A part of a fleet without drift closes no issue about all of it; one with a key of its own has its own issue. */
function isWhole({ selection }: FleetDocument, { key, against }: Inputs): boolean {
  return against === null && (key !== null || Object.keys(selection.flags).length === 0);
}

async function publishDrift(
  drift: Drift,
  { publication, repository, exit }: { publication: Publication; repository: string; exit: Exit },
): Promise<boolean> {
  const { runner, place, markdown, key } = publication;
  if (drift.offline) {
    await runner.notice('no issue was opened or closed: a snapshot file does not show the live instance');
    return true;
  }
  const done = await attempt('issue', publication, async (github) => {
    const text = { ...driftIssue(drift, key), markdown, complete: exit === EXIT.done, run: place.run };
    return `drift issue: ${await keepIssue(github, text, repository)}`;
  });
  if (done || drift.summary.differences + drift.problems.length === 0) return true;
  await runner.warning('there is drift, and the issue about it could not be written: see the job summary');
  return false;
}

async function attempt(
  what: 'comment' | 'issue',
  { inputs, environment, runner }: Publication,
  work: (github: GitHub) => Promise<string>,
): Promise<boolean> {
  if (inputs.githubToken === null) {
    await runner.notice(`no ${what} was written, since there is no github-token: see the job summary`);
    return false;
  }
  let github: GitHub | null = null;
  try {
    github = openGitHub(inputs.githubToken, environment);
    await runner.log(await work(github));
    return true;
  } catch (error) {
    await runner.notice(`no ${what} was written, ${failureText(error)}: see the job summary`);
    return false;
  } finally {
    github?.close();
  }
}
