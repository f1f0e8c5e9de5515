import { readFile } from 'node:fs/promises';
import type { Environment } from './inputs.js';
import { parsed } from './step.js';

type Event = Readonly<Record<string, unknown>>;

/** The repository, pull request and branch of a run. */
export interface WorkflowContext {
  /** `owner/name`; null outside of a run. */
  repository: string | null;
  /** Number of the pull request that the run is for; null for none. */
  pullRequest: number | null;
  /** The page of this run; null outside of one. */
  run: string | null;
  actor: string | null;
  /** The branch or tag, where it is another one than the default branch; else null. */
  sideBranch: string | null;
}

/** Reads the event from the runner. A file that is missing or not JSON is an event without a pull request. */
export async function readWorkflowContext(env: Environment): Promise<WorkflowContext> {
  const repository = /^[\w.-]+\/[\w.-]+$/u.test(env.GITHUB_REPOSITORY ?? '')
    ? (env.GITHUB_REPOSITORY ?? '')
    : null;
  const event = parsed(await readFile(env.GITHUB_EVENT_PATH ?? '', 'utf8').catch(() => ''));
  const pull = event.pull_request;
  const number = typeof pull === 'object' && pull !== null ? (pull as { number?: unknown }).number : null;
  const id = /^\d+$/u.test(env.GITHUB_RUN_ID ?? '') ? env.GITHUB_RUN_ID : undefined;
  const server = env.GITHUB_SERVER_URL ?? 'https://github.com';
  return {
    repository,
    pullRequest: Number.isSafeInteger(number) ? (number as number) : null,
    run:
      repository === null || id === undefined || !/^https?:\/\/[\w.:-]+(?:\/[\w./-]*)?$/u.test(server)
        ? null
        : `${server}/${repository}/actions/runs/${id}`,
    actor: env.GITHUB_ACTOR ?? null,
    sideBranch: sideBranchOf(env, event),
  };
}

/** A schedule runs on the default branch alone; an event that does not say which one that is, says nothing. */
function sideBranchOf({ GITHUB_EVENT_NAME, GITHUB_REF }: Environment, event: Event): string | null {
  const repository = event.repository;
  const name =
    typeof repository === 'object' && repository !== null
      ? (repository as { default_branch?: unknown }).default_branch
      : undefined;
  if (GITHUB_EVENT_NAME === 'schedule' || typeof name !== 'string' || (GITHUB_REF ?? '') === '') return null;
  return GITHUB_REF === `refs/heads/${name}` ? null : (GITHUB_REF ?? null);
}
