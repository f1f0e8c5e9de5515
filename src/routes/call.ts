import type { HttpAnswer } from '../http/answer.js';
import type { HttpClient } from '../http/client.js';
import { HttpError } from '../http/failure.js';
import { oneLine } from '../http/redact.js';
import { isRead, type HttpRequest, type TriedRequest } from '../http/request.js';
import type { Auth } from './auth.js';
import { RouteError, routeError, type RouteContext, type RouteErrorClass } from './errors.js';
import type { RoleId } from '../model/ids.js';
import { roleIdIn, type RoleIdLike } from './ids.js';

/** Options of every route. The names are those of `domolibrary`. */
export interface RouteOptions {
  /**
   * A client whose open connections are used. Nothing else is shared: address, credential and options are those of the auth.
   */
  session?: HttpClient;
  /** Prints method, address, headers and body of each request: to stderr, or to a function. Masks secrets. */
  debugApi?: boolean | ((line: string) => void);
  /** Stack frames to skip when `debugApi` prints the caller. Default 0: the caller of the route. */
  debugNumStacksToDrop?: number;
  /** Name of the calling class; copied to the response and to errors. */
  parentClass?: string;
}

/** The response of a route. Anything but a success is raised as an error, except with `returnRaw`. */
export interface RouteResponse<T> {
  status: number;
  response: T;
  isSuccess: boolean;
  parentClass: string | null;
}

/** An open call of a route. */
export interface RouteCall {
  readonly context: RouteContext;
  readonly auth: Auth;
  /** Sends to the address of the auth, over the connections of the session if there is one. */
  readonly client: HttpClient;
  /** Does the work of the route. Its problems, those of a response too, are raised as the route's error. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Sends with the credential of the auth. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Wraps the result of the call. It is a success by its status, unless given. */
  answer<T>(status: number, response: T, result?: { isSuccess: boolean }): RouteResponse<T>;
}

/** An open call of a route about one role. */
export interface RoleCall extends RouteCall {
  /** The role's id, as a number. */
  readonly roleId: RoleId;
}

/** The parameters of a call. `raises` is the class of its errors. */
interface CallParameters {
  options: RouteOptions;
  raises?: RouteErrorClass;
}

/** Opens a call of the route with this name. */
export function openCall(auth: Auth, functionName: string, parameters: CallParameters): RouteCall {
  return callWith(auth, contextOf(auth, functionName, parameters), parameters);
}

/** Opens a call about one role. Raises the route's error for an invalid id, before anything is sent. */
export function openRoleCall(
  auth: Auth,
  functionName: string,
  parameters: CallParameters & { roleId: RoleIdLike },
): RoleCall {
  const baseContext = contextOf(auth, functionName, parameters);
  const roleId = roleIdIn(parameters.roleId, {
    raises: parameters.raises ?? RouteError,
    context: baseContext,
  });
  return { ...callWith(auth, { ...baseContext, roleId }, parameters), roleId };
}

function contextOf({ instance }: Auth, functionName: string, { options }: CallParameters): RouteContext {
  return { instance, functionName, roleId: null, parentClass: options.parentClass ?? null };
}

function callWith(
  auth: Auth,
  context: RouteContext,
  { options, raises = RouteError }: CallParameters,
): RouteCall {
  const own = auth.client();
  const client = options.session ? own.over(options.session) : own;
  const trace = tracer(context.functionName, client, options);
  let written = false;
  let status: number | null = null;
  return {
    context,
    auth,
    client,
    run: async (work) => {
      try {
        return await work();
      } catch (error) {
        throw routeError(raises, context, { error, status, sent: written });
      }
    },
    send: async (request) => {
      const isWrite = !isRead(request);
      status = null;
      const credential = await auth.credential(client);
      const onTry = (tried: TriedRequest): void => {
        ({ status } = tried);
        trace?.(tried, request.body);
      };
      const answer = await client.send({ ...request, credential, onTry }).catch((error: unknown) => {
        written ||= isWrite && error instanceof HttpError && error.sent;
        throw error;
      });
      written ||= isWrite;
      return answer;
    },
    answer: (status, response, { isSuccess } = { isSuccess: status >= 200 && status <= 299 }) => ({
      status,
      response,
      isSuccess,
      parentClass: context.parentClass,
    }),
  };
}

/** Maximum number of characters of a trace line. */
const MAX_TRACE_LENGTH = 10_000;

function tracer(
  functionName: string,
  client: HttpClient,
  { debugApi, debugNumStacksToDrop = 0 }: RouteOptions,
): ((tried: TriedRequest, body: unknown) => void) | null {
  if (debugApi === undefined || debugApi === false) return null;
  const print = debugApi === true ? (line: string) => void process.stderr.write(`${line}\n`) : debugApi;
  const caller = callerOf(functionName, debugNumStacksToDrop);
  return ({ method, url, headers, status, ms, attempt }, body) => {
    const outcome = status === null ? 'no response' : String(status);
    const retry = attempt > 1 ? `, attempt ${attempt}` : '';
    const sent = body === undefined || body === null ? '' : `, body ${JSON.stringify(body)}`;
    const line = `${functionName}: ${method} ${url}: ${outcome}, ${ms} ms${retry}${caller}, headers ${JSON.stringify(headers)}${sent}`;
    print(oneLine(client.redact(line), MAX_TRACE_LENGTH));
  };
}

/** Returns `, called by NAME (FILE:LINE)`; empty if the stack is too short. */
function callerOf(functionName: string, drop: number): string {
  const frames = (new Error().stack ?? '').split('\n').map((frame) => frame.trim().replace(/^at /, ''));
  const route = frames.findLastIndex((frame) =>
    new RegExp(`^(async )?(\\w+\\.)*${functionName} `).test(frame),
  );
  const frame = route < 0 ? undefined : frames[route + 1 + drop];
  return frame === undefined ? '' : `, called by ${frame}`;
}
