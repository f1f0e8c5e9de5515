import type { HttpAnswer } from '../http/answer.js';
import type { HttpClient } from '../http/client.js';
import { HttpError } from '../http/failure.js';
import { oneLine } from '../http/redact.js';
import { isRead, type HttpRequest, type TriedRequest } from '../http/request.js';
import type { Auth } from './auth.js';
import { RouteError, routeError, type RouteContext, type RouteErrorClass } from './errors.js';
import type { RoleId } from '../model/ids.js';
import { roleIdIn, type RoleIdLike } from './ids.js';

/** What every route takes beside its own arguments; the options of the Python routes. */
export interface RouteOptions {
  /**
   * A client whose connections are used, kept open over many calls. It shares nothing else: address, credential and
   * options are those of the auth.
   */
  session?: HttpClient;
  /** Prints method, address, headers and body of each request: to stderr, or to a function. Masks secrets. */
  debugApi?: boolean | ((line: string) => void);
  /** How many stack frames are left out when `debugApi` prints the caller. Default 0: the caller of the route. */
  debugNumStacksToDrop?: number;
  /** Handed through to the answer and to errors: on whose behalf the route was called. */
  parentClass?: string;
}

/** What a route answers. What is not a success is raised, but for `returnRaw`. */
export interface RouteResponse<T> {
  status: number;
  response: T;
  isSuccess: boolean;
  parentClass: string | null;
}

/** One call of a route, under way. */
export interface RouteCall {
  readonly context: RouteContext;
  readonly auth: Auth;
  /** Sends to the address of the auth, over the session's connections where there is one. */
  readonly client: HttpClient;
  /** Sends with the credential of the auth; failures come as the route's error. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Wraps what was read. */
  answer<T>(status: number, response: T, isSuccess?: boolean): RouteResponse<T>;
}

/** A call of a route about one role, under way. */
export interface RoleCall extends RouteCall {
  /** The role's id, as a number. */
  readonly roleId: RoleId;
}

/** What a call is opened with. `raises` is the class of its errors. */
interface Opening {
  options: RouteOptions;
  raises?: RouteErrorClass;
}

/** Begins a call of the route of this name. */
export function openCall(auth: Auth, functionName: string, opening: Opening): RouteCall {
  return callWith(auth, contextOf(auth, functionName, opening), opening);
}

/** Begins a call about one role. Raises the route's error for an id that is none, before anything is sent. */
export function openRoleCall(
  auth: Auth,
  functionName: string,
  opening: Opening & { roleId: RoleIdLike },
): RoleCall {
  const bare = contextOf(auth, functionName, opening);
  const roleId = roleIdIn(opening.roleId, { raises: opening.raises ?? RouteError, context: bare });
  return { ...callWith(auth, { ...bare, roleId }, opening), roleId };
}

function contextOf({ instance }: Auth, functionName: string, { options }: Opening): RouteContext {
  return { instance, functionName, roleId: null, parentClass: options.parentClass ?? null };
}

function callWith(auth: Auth, context: RouteContext, { options, raises = RouteError }: Opening): RouteCall {
  const own = auth.client();
  const client = options.session ? own.over(options.session) : own;
  const trace = tracer(context.functionName, client, options);
  let written = false;
  return {
    context,
    auth,
    client,
    send: async (request) => {
      const isWrite = !isRead(request);
      try {
        const credential = await auth.credential(client);
        const onTry = trace ? (tried: TriedRequest): void => trace(tried, request.body) : null;
        const answer = await client
          .send({ ...request, credential, ...(onTry ? { onTry } : {}) })
          .catch((error: unknown) => {
            written ||= isWrite && error instanceof HttpError && error.sent;
            throw error;
          });
        written ||= isWrite;
        return answer;
      } catch (error) {
        throw routeError(raises, context, { error, sent: written });
      }
    },
    answer: (status, response, isSuccess = status >= 200 && status <= 299) => ({
      status,
      response,
      isSuccess,
      parentClass: context.parentClass,
    }),
  };
}

/** A longer body is cut. */
const MOST_TRACE = 10_000;

function tracer(
  functionName: string,
  client: HttpClient,
  { debugApi, debugNumStacksToDrop = 0 }: RouteOptions,
): ((tried: TriedRequest, body: unknown) => void) | null {
  if (debugApi === undefined || debugApi === false) return null;
  const print = debugApi === true ? (line: string) => void process.stderr.write(`${line}\n`) : debugApi;
  const caller = callerOf(functionName, debugNumStacksToDrop);
  return ({ method, url, headers, status, ms, attempt }, body) => {
    const outcome = status === null ? 'no answer' : String(status);
    const again = attempt > 1 ? `, try ${attempt}` : '';
    const sent = body === undefined || body === null ? '' : `, body ${JSON.stringify(body)}`;
    const line = `${functionName}: ${method} ${url}: ${outcome}, ${ms} ms${again}${caller}, headers ${JSON.stringify(headers)}${sent}`;
    print(oneLine(client.redact(line), MOST_TRACE));
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
