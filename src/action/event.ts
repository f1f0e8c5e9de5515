import { readFile } from 'node:fs/promises';
import type { Variables } from './inputs.js';
import { parseObject } from './step.js';
import { isRecord } from '../model/record.js';

type Event = Readonly<Record<string, unknown>>;

/** The repository, pull request and branch of a run. */
export interface WorkflowContext {
  /** `owner/name`; null outside of a workflow run. */
  repository: string | null;
  /** Number of the pull request that triggered the run; null if there is none. */
  pullRequest: number | null;
  /** URL of this run; null outside of a workflow run. */
  run: string | null;
  actor: string | null;
  /** The branch or tag of the run; null for the default branch, and if the default branch is unknown. */
  sideBranch: string | null;
}

/** Reads the event that triggered the run. A file that is missing or not JSON counts as an event without a pull request. */
export async function readWorkflowContext(env: Variables): Promise<WorkflowContext> {
  const repository = /^[\w.-]+\/[\w.-]+$/u.test(env.GITHUB_REPOSITORY ?? '')
    ? (env.GITHUB_REPOSITORY ?? '')
    : null;
  const event = parseObject(await readFile(env.GITHUB_EVENT_PATH ?? '', 'utf8').catch(() => ''));
  const pull = event.pull_request;
  const number = isRecord(pull) ? pull.number : null;
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

/** Scheduled workflows run only on the default branch. An event may leave out what the default branch is. */
function sideBranchOf({ GITHUB_EVENT_NAME, GITHUB_REF }: Variables, event: Event): string | null {
  const repository = event.repository;
  const name = isRecord(repository) ? repository.default_branch : undefined;
  if (GITHUB_EVENT_NAME === 'schedule' || typeof name !== 'string' || (GITHUB_REF ?? '') === '') return null;
  return GITHUB_REF === `refs/heads/${name}` ? null : (GITHUB_REF ?? null);
}
