import type { World } from '../cli/world.js';
import { putComment } from './comment.js';
import type { Place } from './event.js';
import { openGitHub, whyNot } from './github.js';
import type { GitHub } from './github.js';
import type { Inputs } from './inputs.js';
import { keepIssue } from './issue.js';
import type { Runner } from './runner.js';
import type { Step } from './step.js';

/** What is published, and where. */
export interface Publication {
  inputs: Inputs;
  world: World;
  runner: Runner;
  place: Place;
  markdown: string;
}

/**
 * Puts the plan on its pull request, or the drift into its issue. Where GitHub does not take it, that is
 * told and changes nothing else: the job summary has the same text.
 */
export async function publish(step: Step, publication: Publication): Promise<void> {
  const { inputs, runner, place } = publication;
  const { repository, pullRequest } = place;
  if (repository === null) return;
  if (inputs.mode === 'plan') {
    // What no marker begins could not be found again.
    if (!inputs.comment || pullRequest === null || !publication.markdown.startsWith('<!-- domo-roles:'))
      return;
    await attempt(publication, async (github) => {
      await putComment(github, publication.markdown, { repository, pullRequest });
      return `the plan is a comment on pull request ${pullRequest}`;
    });
    return;
  }
  const { document } = step;
  // A run that came to no result says nothing about drift, neither that there is some nor that there is none.
  if (!inputs.issue || document?.kind !== 'drift') return;
  const done = await attempt(publication, async (github) => {
    const text = { drift: document, markdown: publication.markdown, run: place.run };
    return `drift issue: ${await keepIssue(github, text, repository)}`;
  });
  if (!done && document.summary.differences > 0)
    await runner.warning('there is drift, and no issue tells of it: see the job summary');
}

async function attempt(
  { inputs, world, runner }: Publication,
  work: (github: GitHub) => Promise<string>,
): Promise<boolean> {
  const what = inputs.mode === 'drift' ? 'issue' : 'comment';
  if (inputs.githubToken === null) {
    await runner.notice(`no ${what} was written, since there is no github-token: see the job summary`);
    return false;
  }
  let github: GitHub | null = null;
  try {
    github = openGitHub(inputs.githubToken, world);
    await runner.log(await work(github));
    return true;
  } catch (error) {
    await runner.notice(`no ${what} was written, ${whyNot(error)}: see the job summary`);
    return false;
  } finally {
    github?.close();
  }
}
