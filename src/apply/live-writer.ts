import { HttpError } from '../http/failure.js';
import { parseRetryAfter } from '../http/retry.js';
import { hasCode, plainMessage, ProblemError } from '../problem/problem.js';
import { RouteError } from '../routes/errors.js';
import type { Routes } from '../routes/open-routes.js';
import { MAX_PEOPLE_PER_REQUEST } from '../routes/requests.js';
import { wireId } from '../routes/wire.js';
import type { LiveWriter, WriteAnswer } from './writer.js';
import type { PersonId } from '../model/ids.js';

type WriteCall = Promise<{ status: number; response: unknown }>;

/** Routes do not confirm their own writes, because a run reads back in bulk. */
const STRICT = { settle: false } as const;

/** A writer that uses the routes of an instance. `now` is the clock for a `Retry-After` with a date. */
export function openWriter(routes: Routes, now: () => number = Date.now): LiveWriter {
  const answered = (writing: WriteCall): Promise<WriteAnswer> => answerOf(writing, now);
  return {
    createRole: async (role) => {
      const made = routes.createRole(role);
      const answer = await answered(made);
      // Without a readable id, the new role is found by name.
      return answer.kind === 'accepted' ? { ...answer, id: wireId((await made).response.id) } : answer;
    },
    updateRole: (role) => answered(routes.updateRoleMetadata(role, STRICT)),
    setGrants: (roleId, grants) => answered(routes.setRoleGrants({ roleId, grants }, STRICT)),
    moveMembers: (roleId, people) =>
      moveInBatches(people, (userIds) => answered(routes.roleMembershipAddUsers({ roleId, userIds }))),
    setDefaultRole: (roleId, allowlist) => answered(routes.setDefaultRole({ roleId, allowlist })),
    setAllowlist: (allowlistRoleIds, defaultRoleId) =>
      answered(routes.setRoleSettings({ defaultRoleId, allowlistRoleIds })),
    deleteRole: (roleId) => answered(routes.deleteRole(roleId, STRICT)),
  };
}

/**
 * Sends all batches, regardless of the answers, because a write that is answered with 400 may still succeed. Returns
 * the first answer other than `accepted`.
 */
async function moveInBatches(
  people: readonly PersonId[],
  send: (batch: readonly PersonId[]) => Promise<WriteAnswer>,
): Promise<WriteAnswer> {
  const sorted = [...new Set(people)].sort((a, b) => a - b);
  const answers: WriteAnswer[] = [];
  for (let start = 0; start < sorted.length; start += MAX_PEOPLE_PER_REQUEST)
    answers.push(await send(sorted.slice(start, start + MAX_PEOPLE_PER_REQUEST)));
  const first = answers.find(({ kind }) => kind !== 'accepted') ?? answers[0];
  if (!first) return { kind: 'accepted', id: null, status: 204 };
  // Other batches may have succeeded.
  if (first.kind === 'unsent' && answers.some(({ kind }) => kind !== 'unsent'))
    return { kind: 'lost', message: first.message };
  return first;
}

async function answerOf(writing: WriteCall, now: () => number): Promise<WriteAnswer> {
  try {
    return { kind: 'accepted', id: null, status: (await writing).status };
  } catch (error) {
    if (!(error instanceof ProblemError) || hasCode(error, 'read-only')) throw error;
    if (error instanceof RouteError && !error.sent)
      return { kind: 'unsent', message: plainMessage(error), cause: error };
    const status = error instanceof RouteError || error instanceof HttpError ? error.status : null;
    // An unreadable 2xx, a redirect or a proxy page is not an answer of the instance.
    if (status === null || status < 400) return { kind: 'lost', message: plainMessage(error) };
    const retryAfterMs = retryAfterOf(error, now());
    const message = plainMessage(error);
    return { kind: 'refused', status, message, ...(retryAfterMs === null ? {} : { retryAfterMs }) };
  }
}

/** Milliseconds to wait according to the server's `Retry-After`; null without one. */
function retryAfterOf(error: ProblemError, now: number): number | null {
  const from = error instanceof HttpError ? error : error.cause;
  return from instanceof HttpError ? parseRetryAfter(from.retryAfter, now) : null;
}
