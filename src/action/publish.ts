import { EXIT } from '../shell/exit.js';
import type { Environment } from '../shell/environment.js';
import { upsertComment } from './comment.js';
import type { WorkflowContext } from './event.js';
import { openGitHub, githubFailureText } from './github.js';
import type { GitHub } from './github.js';
import type { Inputs } from './inputs.js';
import type { FleetDocument } from '../fleet/document.js';
import { snapshotLabel } from '../render/facts/heading-facts.js';
import { driftIssue, fleetIssue, updateIssue } from './issue.js';
import type { DriftIssue } from './issue.js';
import type { Runner } from './runner.js';
import { threadOf } from './step.js';
import type { Step } from './step.js';

/** What to publish, and where. */
interface Publication {
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
  const thread = threadOf(step, inputs);
  if (thread === 'plan') await publishPlan(publication);
  if (thread !== 'drift' || !inputs.issue || place.repository === null) return true;
  return publishDrift(step, publication, place.repository);
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

async function publishDrift(step: Step, publication: Publication, repository: string): Promise<boolean> {
  const { runner, place, markdown, key, inputs } = publication;
  const against = snapshotOf(step, inputs);
  if (against !== null) {
    await runner.notice(`the issue was not updated: the drift is that of ${against}`);
    return true;
  }
  const text = issueOf(step, key);
  // A run without a result does not show whether there is drift.
  if (!text) return true;
  const complete = step.exit === EXIT.done && (!step.fleet || coversIssue(step.fleet, inputs.key));
  const done = await attempt('issue', publication, async (github) => {
    const result = await updateIssue(github, { ...text, markdown, complete, run: place.run }, repository);
    return `drift issue: ${result}`;
  });
  if (done || text.differences === null) return true;
  await runner.warning('there is drift, but its issue could not be written: see the job summary');
  return false;
}

/** What was compared instead of a live instance; null if it was live. */
function snapshotOf({ document, fleet }: Step, { against }: Inputs): string | null {
  if (document?.offline) return `${snapshotLabel(document)}, not of the live instance`;
  return fleet && against !== null ? 'snapshot files, not of the live instances' : null;
}

function issueOf({ document, fleet }: Step, key: string): DriftIssue | null {
  if (fleet) return fleetIssue(fleet, key);
  return document?.kind === 'drift' ? driftIssue(document, key) : null;
}

/** Does the run cover everything that its issue is about? A part of a fleet does so only if it has its own key. */
function coversIssue({ selection }: FleetDocument, key: string | null): boolean {
  return key !== null || Object.keys(selection.flags).length === 0;
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
