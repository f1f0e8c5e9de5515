import type { HttpAnswer } from '../http/answer.js';
import type { HttpClient } from '../http/client.js';
import { HttpError } from '../http/failure.js';
import { oneLine } from '../http/redact.js';
import { isRead, type HttpRequest, type SeenRequest } from '../http/request.js';
import type { Auth } from './auth.js';
import { routeError, type RoleCrudError, type RoleNotRetrieved, type RouteContext } from './errors.js';

/** What every route takes beside its own arguments; the options of the Python routes. */
export interface RouteOptions {
  /** A client to send with, kept open over many calls; left out, the one of the auth. */
  session?: HttpClient;
  /** Tells each request: to stderr, or to a function. Never shows a secret. */
  debugApi?: boolean | ((line: string) => void);
  /** How many stack frames are left out when `debugApi` tells who called. Default 0: the caller of the route. */
  debugNumStacksToDrop?: number;
  /** Handed through to the answer and to errors: on whose behalf the route was called. */
  parentClass?: string;
}

/** What a route answers. What is no success is raised, so `isSuccess` is there for readers of records. */
export interface RouteResponse<T> {
  status: number;
  response: T;
  isSuccess: boolean;
  parentClass: string | null;
}

/** One call of a route, under way. */
export interface RouteCall {
  readonly context: RouteContext;
  readonly client: HttpClient;
  /** Sends with the credential of the auth; failures come as the route's error. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Wraps what was read. */
  answer<T>(status: number, response: T): RouteResponse<T>;
}

/** Begins a call of the route of this name. `raises` is the error that it tells failures with. */
export function openCall(
  auth: Auth,
  functionName: string,
  given: {
    options: RouteOptions;
    roleId?: number;
    raises?: typeof RoleNotRetrieved | typeof RoleCrudError;
  },
): RouteCall {
  const { options, raises } = given;
  const client = options.session ?? auth.client();
  const parentClass = options.parentClass ?? null;
  const context = { instance: auth.instance, functionName, roleId: given.roleId ?? null, parentClass };
  const trace = tracer(functionName, client, options);
  let written = false;
  return {
    context,
    client,
    send: async (request) => {
      const isWrite = !isRead(request);
      try {
        const credential = await auth.credential(client);
        const answer = await client
          .send({ ...request, credential, ...(trace ? { onTry: trace } : {}) })
          .catch((error: unknown) => {
            written ||= isWrite && error instanceof HttpError && error.sent;
            throw error;
          });
        written ||= isWrite;
        return answer;
      } catch (error) {
        throw raises ? routeError(raises, context, { error, sent: written }) : error;
      }
    },
    answer: (status, response) => ({
      status,
      response,
      isSuccess: status >= 200 && status <= 299,
      parentClass,
    }),
  };
}

function tracer(
  functionName: string,
  client: HttpClient,
  { debugApi, debugNumStacksToDrop = 0 }: RouteOptions,
): ((seen: SeenRequest) => void) | null {
  if (debugApi === undefined || debugApi === false) return null;
  const print = debugApi === true ? (line: string) => void process.stderr.write(`${line}\n`) : debugApi;
  const caller = callerOf(functionName, debugNumStacksToDrop);
  return ({ method, path, status, ms, attempt }) => {
    const outcome = status === null ? 'no answer' : String(status);
    const again = attempt > 1 ? `, try ${attempt}` : '';
    print(
      oneLine(
        client.redact(`${functionName}: ${method} ${path}: ${outcome}, ${ms} ms${again}${caller}`),
        1_000,
      ),
    );
  };
}

/** `, called by NAME (FILE:LINE)`, or nothing where the stack does not go so far. */
function callerOf(functionName: string, drop: number): string {
  const frames = (new Error().stack ?? '').split('\n').map((frame) => frame.trim().replace(/^at /, ''));
  const route = frames.findLastIndex((frame) =>
    new RegExp(`^(async )?(\\w+\\.)*${functionName} `).test(frame),
  );
  const frame = route < 0 ? undefined : frames[route + 1 + drop];
  return frame === undefined ? '' : `, called by ${frame}`;
}
