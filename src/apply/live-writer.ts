import { HttpError } from '../http/failure.js';
import { parseRetryAfter } from '../http/retry.js';
import { plainMessage, ProblemError } from '../problem/problem.js';
import { RouteError } from '../routes/errors.js';
import type { Routes } from '../routes/open-routes.js';
import { PEOPLE_A_REQUEST } from '../routes/requests.js';
import type { LiveWriter, WriteAnswer } from './writer.js';

type WriteCall = Promise<{ status: number; response: unknown }>;

/** A run reads back itself, in bulk: no route settles an answer, and none prints. */
const STRICT = { settle: false } as const;

/** Writes over the routes of an instance. */
export function openWriter(routes: Routes): LiveWriter {
  return {
    createRole: async (role) => {
      const made = routes.createRole(role);
      const said = await answerOf(made);
      return said.kind === 'yes' ? { ...said, id: idOf((await made).response.id) } : said;
    },
    updateRole: (role) => answerOf(routes.updateRoleMetadata(role, STRICT)),
    setGrants: (roleId, grants) => answerOf(routes.setRoleGrants({ roleId, grants }, STRICT)),
    moveMembers: (roleId, people) => moveMembers(routes, roleId, people),
    setDefaultRole: (roleId, allowlist) => answerOf(routes.setDefaultRole({ roleId, allowlist })),
    setAllowlist: (allowlistRoleIds, defaultRoleId) =>
      answerOf(routes.setRoleSettings({ defaultRoleId, allowlistRoleIds })),
    deleteRole: (roleId) => answerOf(routes.deleteRole(roleId, STRICT)),
  };
}

/**
 * Sends all batches, whatever is said to one of them (a 400 may be done all the same), and gives the first
 * answer that is no yes.
 */
async function moveMembers(routes: Routes, roleId: number, people: readonly number[]): Promise<WriteAnswer> {
  const sorted = [...new Set(people)].sort((a, b) => a - b);
  const answers: WriteAnswer[] = [];
  for (let start = 0; start < sorted.length; start += PEOPLE_A_REQUEST) {
    const userIds = sorted.slice(start, start + PEOPLE_A_REQUEST);
    answers.push(await answerOf(routes.roleMembershipAddUsers({ roleId, userIds })));
  }
  const first = answers.find(({ kind: said }) => said !== 'yes') ?? answers[0];
  if (!first) return { kind: 'yes', id: null, status: 204 };
  // Of several batches some may be there.
  if (first.kind === 'unsent' && answers.some(({ kind: said }) => said !== 'unsent'))
    return { kind: 'nothing', message: first.message };
  return first;
}

async function answerOf(writing: WriteCall): Promise<WriteAnswer> {
  try {
    return { kind: 'yes', id: null, status: (await writing).status };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    if (error.problems.some(({ code }) => code === 'read-only')) throw error;
    if (error instanceof RouteError && !error.sent)
      return { kind: 'unsent', message: plainMessage(error), cause: error };
    const status = error instanceof RouteError || error instanceof HttpError ? error.status : null;
    // A 2xx that cannot be read, a redirect, a page from something in between: no word of the instance.
    if (status === null || status < 400) return { kind: 'nothing', message: plainMessage(error) };
    const retryAfterMs = retryAfterOf(error);
    const message = plainMessage(error);
    return { kind: 'no', status, message, ...(retryAfterMs === null ? {} : { retryAfterMs }) };
  }
}

/** How long the instance asks to wait; null where it does not say. */
function retryAfterOf(error: ProblemError): number | null {
  const from = error instanceof HttpError ? error : error.cause;
  return from instanceof HttpError ? parseRetryAfter(from.retryAfter, Date.now()) : null;
}

/** The id of a new role as a number, whichever way it was sent; null where it makes no sense: the name tells. */
function idOf(value: unknown): number | null {
  const id = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : null;
}
