import { EXIT } from '../shell/exit.js';
import type { Exit } from '../shell/exit.js';
import type { Environment } from '../shell/environment.js';
import type { Drift } from '../drift/drift.js';
import { upsertComment } from './comment.js';
import type { WorkflowContext } from './event.js';
import { openGitHub, githubFailureText } from './github.js';
import type { GitHub } from './github.js';
import type { Inputs } from './inputs.js';
import type { FleetDocument } from '../fleet/document.js';
import { threadOf } from './fleet-report.js';
import { isFleetStep } from './inputs.js';
import { driftIssue, fleetIssue, updateIssue } from './issue.js';
import type { Runner } from './runner.js';
import type { Step } from './step.js';

/** What to publish, and where. */
export interface Publication {
  inputs: Inputs;
  environment: Environment;
  runner: Runner;
  place: WorkflowContext;
  markdown: string;
  /** Names the manifest or the inventory in titles. */
  key: string;
}

/**
 * Writes the plan as a comment on its pull request, or the drift as an issue. The job summary has the same text if that
 * fails. Returns false if there is drift and the requested issue could not be written.
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
  // Without a marker, the next run would not find the comment.
  const hasMarker = publication.markdown.startsWith('<!-- domo-roles:');
  if (!publication.inputs.comment || repository === null || pullRequest === null || !hasMarker) return;
  await attempt('comment', publication, async (github) => {
    await upsertComment(github, publication.markdown, { repository, pullRequest });
    return `wrote the plan as a comment on pull request ${pullRequest}`;
  });
}

/** A fleet has one comment and one issue, regardless of its number of shards. */
async function publishFleet({ fleet = null, exit }: Step, publication: Publication): Promise<boolean> {
  const { inputs, place, runner, markdown, key } = publication;
  const thread = threadOf(inputs, fleet);
  if (thread === 'plan') await publishPlan(publication);
  if (thread !== 'drift' || !inputs.issue || !fleet || place.repository === null) return true;
  const { repository } = place;
  const text = fleetIssue(fleet, key);
  const done = await attempt('issue', publication, async (github) => {
    const complete = exit === EXIT.done && coversIssue(fleet, inputs);
    return `drift issue: ${await updateIssue(github, { ...text, markdown, complete, run: place.run }, repository)}`;
  });
  if (done || text.differences === null) return true;
  await runner.warning(ISSUE_FAILED);
  return false;
}

const ISSUE_FAILED = 'there is drift, but its issue could not be written: see the job summary';

/** Does the run cover everything that its issue is about? A part of a fleet does so only if it has its own key. */
function coversIssue({ selection }: FleetDocument, { key, against }: Inputs): boolean {
  return against === null && (key !== null || Object.keys(selection.flags).length === 0);
}

async function publishDrift(
  drift: Drift,
  { publication, repository, exit }: { publication: Publication; repository: string; exit: Exit },
): Promise<boolean> {
  const { runner, place, markdown, key } = publication;
  if (drift.offline) {
    await runner.notice(
      'the issue was not updated: the drift is that of a snapshot file, not of the live instance',
    );
    return true;
  }
  const done = await attempt('issue', publication, async (github) => {
    const text = { ...driftIssue(drift, key), markdown, complete: exit === EXIT.done, run: place.run };
    return `drift issue: ${await updateIssue(github, text, repository)}`;
  });
  if (done || drift.summary.differences + drift.problems.length === 0) return true;
  await runner.warning(ISSUE_FAILED);
  return false;
}

/** Calls `work` and logs the text that it returns. Returns false, with a notice, if there is no token or GitHub fails. */
async function attempt(
  what: 'comment' | 'issue',
  { inputs, environment, runner }: Publication,
  work: (github: GitHub) => Promise<string>,
): Promise<boolean> {
  if (inputs.githubToken === null) {
    await runner.notice(`wrote no ${what}, because the input github-token is empty: see the job summary`);
    return false;
  }
  let github: GitHub | null = null;
  try {
    github = openGitHub(inputs.githubToken, environment);
    await runner.log(await work(github));
    return true;
  } catch (error) {
    await runner.notice(`wrote no ${what}, because ${githubFailureText(error)}: see the job summary`);
    return false;
  } finally {
    github?.close();
  }
}
