import { readFile } from 'node:fs/promises';
import type { Environment } from './inputs.js';
import { parsed } from './step.js';

/** Where a run stands. */
export interface Place {
  /** `owner/name`; null outside of a run. */
  repository: string | null;
  /** Number of the pull request that the run is for; null for none. */
  pullRequest: number | null;
  /** The page of this run; null outside of one. */
  run: string | null;
  actor: string | null;
}

/** Reads what the runner says of the event. A file that is missing or no JSON is an event without a pull request. */
export async function readPlace(env: Environment): Promise<Place> {
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
  };
}
