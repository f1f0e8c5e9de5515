import type { HttpClient } from '../http/client.js';
import { HttpError } from '../http/failure.js';
import { isHeaderText } from '../http/request.js';
import { oneLine } from '../http/redact.js';
import { problem, ProblemError } from '../problem/problem.js';
import { isRecord } from '../model/record.js';
import type { WireRecord } from './wire.js';

/** Path that exchanges a password for a session (docs/reference/domo-api.md, *Authentication*). */
const LOGIN_PATH = '/api/content/v2/authentication';

/**
 * Logs in and returns the session token. Raises `authentication` for a refused login, which Domo answers with 200 and a
 * reason.
 */
export async function login(
  client: HttpClient,
  { username, password }: { username: string; password: string },
): Promise<string> {
  if (![username, password].every(isText)) {
    throw new ProblemError(
      problem('authentication', 'the user name or the password is missing', {
        hint: 'set both',
      }),
    );
  }
  const answer = await client
    .send({
      method: 'POST',
      path: LOGIN_PATH,
      body: { method: 'password', emailAddress: username, password },
      read: true,
      credential: null,
      secrets: [password],
    })
    .catch((error: unknown) => {
      if (!(error instanceof HttpError)) throw error;
      if (error.status !== 401 && error.status !== 403) throw error;
      // The advice of the client is about tokens.
      const body = refusalBody(error.body);
      if (isText(body.reason)) throw refusedLogin(client, body, error);
      if (error.status === 403) throw unknownInstance(client, error);
      throw refusedLogin(client, { ...body, reason: 'INVALID_CREDENTIALS' }, error);
    });
  const body = isRecord(answer.body) ? answer.body : {};
  const { sessionToken: token } = body;
  if (isHeaderText(token) && body.success !== false) return token;
  throw refusedLogin(client, body);
}

/** The body of a refusal: an object, or plain text as its message. A web page is for people. */
function refusalBody(body: unknown): WireRecord {
  if (isRecord(body)) return body;
  return isText(body) && !/^\s*</.test(body) ? { message: body } : {};
}

/** From JavaScript, both may also be `undefined`: environment variables that are not set. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function refusedLogin(client: HttpClient, answer: WireRecord, cause?: HttpError): ProblemError {
  const { message, hint } = refusalOf(client, answer);
  const where = { what: `POST ${LOGIN_PATH}` };
  return new ProblemError(problem('authentication', message, { where, hint }), { cause });
}

/** Why a login failed, and what to do. */
function refusalOf(client: HttpClient, answer: WireRecord): { message: string; hint: string } {
  const { instance } = client;
  const { reason, success } = answer;
  const detailOf = (text: unknown): string => (isText(text) ? oneLine(client.redact(text), 80) : '');
  switch (reason) {
    case 'INVALID_CREDENTIALS':
      return {
        message: withDetail(`${instance} rejected this user name and password`, detailOf(answer.message)),
        hint: 'check DOMO_USERNAME and DOMO_PASSWORD; where single sign-on is enforced, use an access token',
      };
    case 'ACCOUNT_LOCKED':
      return {
        message: `the account is locked on ${instance}`,
        hint: 'an administrator can unlock it; or wait, or use an access token',
      };
    default: {
      const detail = detailOf(reason);
      const isRefusal = success === false || detail !== '';
      const what = isRefusal
        ? withDetail('refused the login', detail)
        : 'answered the login without a usable session';
      return { message: `${instance} ${what}`, hint: 'use an access token instead' };
    }
  }
}

function withDetail(text: string, detail: string): string {
  return detail === '' || detail === 'Unauthorized' ? text : `${text}: ${detail}`;
}

/** An instance that does not exist answers a login with 403 (docs/reference/domo-api.md). */
function unknownInstance(client: HttpClient, cause: HttpError): ProblemError {
  return new ProblemError(
    problem(
      'authentication',
      `POST ${LOGIN_PATH} returned 403: the instance ${client.instance} may not exist`,
      {
        where: { what: `POST ${LOGIN_PATH}` },
        hint: 'check the instance name',
      },
    ),
    { cause },
  );
}
