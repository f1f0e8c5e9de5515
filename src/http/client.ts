import pLimit from 'p-limit';
import pRetry from 'p-retry';
import { baseAddress } from './address.js';
import { readAnswer, type HttpAnswer } from './answer.js';
import type { Gateway } from './agent.js';
import { openConnections, type Connections } from './connections.js';
import { HttpError, NoReplyError, type FailedRequest } from './failure.js';
import { noAnswer } from './no-answer.js';
import type { Environment } from './proxy.js';
import { oneLine, openRedactor, type Redactor } from './redact.js';
import {
  credentialValue,
  isRead,
  maySendAgain,
  refusedWrite,
  urlOf,
  type Credential,
  type HttpRequest,
  type SeenRequest,
} from './request.js';
import { retryDelay } from './retry.js';
import { ANY_SERVICE, type Service } from './service.js';
import { openTransport, type InProcessFetch, type Transport } from './transport.js';
import { openWait, type Sleep } from './wait.js';
import { withTimeout } from './with-timeout.js';

/** Options of a client. Only the address is required. Times are in milliseconds. */
export interface ClientOptions {
  /** `https://api.example.com`; plain http to loopback only. */
  baseUrl: string;
  /** What is specific to this service. By default, nothing. */
  service?: Service;
  /** The default credential of requests that have none. */
  credential?: Credential;
  /** The name in messages. Default: the host. */
  instance?: string;
  /** The timeout of one try. Default 60,000. */
  timeoutMs?: number;
  /** The timeout of a request with all its tries and waits. Default 180,000. */
  totalBudgetMs?: number;
  /** The number of retries. Default 4. */
  retries?: number;
  /** Concurrent requests. Default 8. */
  concurrency?: number;
  /** Default 64 MiB. */
  maxAnswerBytes?: number;
  userAgent?: string;
  /** Rejects writes before anything is sent. */
  readOnly?: boolean;
  /** Answers in-process instead of the network. */
  fetch?: InProcessFetch;
  /** Connections of another client to share. Default: new connections. */
  connections?: Connections;
  /** The environment variables that name proxies. Default: none. */
  environment?: Environment;
  /** An additional certificate authority to trust, PEM. */
  ca?: string;
  /** Aborts requests and retries. */
  signal?: AbortSignal;
  /**
   * Once it is aborted, no write is sent again; the one in flight is waited for. Includes `stopWaiting`. A client that has not
   * written also aborts its reads.
   */
  stop?: AbortSignal;
  /** Once it is aborted, no request waits before another try: one that fails is sent once more, at once. */
  stopWaiting?: AbortSignal;
  onRequest?: (seen: SeenRequest) => void;
  sleep?: Sleep;
  /** Epoch milliseconds. */
  now?: () => number;
  /** Random numbers from 0 to 1. */
  random?: () => number;
}

/** Sends requests to one server. */
export interface HttpClient {
  readonly baseUrl: string;
  readonly instance: string;
  readonly readOnly: boolean;
  /** Resolves only for a 2xx response; raises `HttpError` otherwise. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** To share with other clients; null where requests are answered in-process. */
  readonly connections: Connections | null;
  /** A copy of this client that uses the connections of another one. It keeps its own address, credential and options. */
  over(session: HttpClient): HttpClient;
  /** Waits as between two tries: with the same clock, and not after a stop. */
  wait(ms: number): Promise<void>;
  /** Redacts every secret that this client has seen from a text. */
  redact(text: string): string;
  /** Aborts pending requests and retries, and closes the connections. */
  close(): void;
}

/** Opens a client. Raises `bad-target` for an address that cannot be used. Nothing is sent yet. */
export function openClient(given: ClientOptions): HttpClient {
  const closed = new AbortController();
  // When one of several concurrent requests ends the command, the others may still be waiting to retry.
  const signal = given.signal ? AbortSignal.any([given.signal, closed.signal]) : closed.signal;
  const options = { ...given, signal };
  const base = baseAddress(options.baseUrl, options.service);
  const { concurrency = 8, readOnly = false, maxAnswerBytes = 64 * 2 ** 20, environment = {} } = options;
  const redactor = openRedactor();
  const connections = options.fetch
    ? null
    : (options.connections ?? openConnections({ ...options, environment, maxSockets: concurrency }));
  const gateway = connections?.gatewayFor(base) ?? null;
  const agent = gateway?.agent ?? null;
  const transport = openTransport({ agent, fetch: options.fetch ?? null, maxAnswerBytes });
  const limit = pLimit(concurrency);
  const now = options.now ?? Date.now;
  const state: ClientState = { options, base, gateway, redactor, transport, now, hasWritten: false };
  const client: HttpClient = {
    baseUrl: base.origin,
    instance: options.instance ?? base.hostname,
    readOnly,
    send: async (request) => {
      if (readOnly && !isRead(request)) throw refusedWrite(request);
      return limit(() => send(request, state));
    },
    connections,
    over: (session) =>
      connections === null || session.connections === null || session.connections === connections
        ? client
        : openClient({ ...options, connections: session.connections }),
    wait: openWait(options),
    redact: redactor.redact,
    close: () => {
      closed.abort();
      // Shared connections belong to the client that opened them.
      if (!options.connections) connections?.close();
    },
  };
  return client;
}

/** The state that all tries of a client share. */
interface ClientState {
  options: ClientOptions;
  base: URL;
  /** Null where requests are answered in-process. */
  gateway: Gateway | null;
  redactor: Redactor;
  transport: Transport;
  now: () => number;
  /** A write was sent, or was about to be sent. */
  hasWritten: boolean;
}

async function send(request: HttpRequest, state: ClientState): Promise<HttpAnswer> {
  const { now, options } = state;
  const { retries = 4, totalBudgetMs = 180_000, random = Math.random, stop, stopWaiting } = options;
  const isStopping = (): boolean => stop?.aborted === true && !isRead(request);
  const sleep = openWait(options);
  const headers = headersFor(request, state);
  const deadline = now() + totalBudgetMs;
  const history = { sent: false };
  let isLast = false;
  return pRetry((attempt) => tryOnce(request, { state, headers, attempt, deadline, history }), {
    retries: maySendAgain(request) ? retries : 0,
    // p-retry does not wait: the delay below uses the clock and sleep of the options.
    minTimeout: 0,
    shouldRetry: async ({ error, attemptNumber }) => {
      if (!(error instanceof HttpError) || !error.isTemporary || isStopping() || isLast) return false;
      const { retryAfter } = error;
      const wait = retryDelay({ attempt: attemptNumber, retryAfter, now: now(), random: random() });
      if (now() + wait >= deadline) return false;
      await sleep(wait);
      isLast = [stop, stopWaiting].some((one) => one?.aborted);
      // The next try sees an aborted signal and reports it.
      return !isStopping();
    },
  });
}

/** One try of a request. */
interface Try {
  state: ClientState;
  headers: Readonly<Record<string, string>>;
  attempt: number;
  deadline: number;
  /** Shared by all tries of the request: has any of them possibly reached the server? */
  history: { sent: boolean };
}

async function tryOnce(request: HttpRequest, given: Try): Promise<HttpAnswer> {
  const { state, headers, attempt, deadline, history } = given;
  const { options, base, now } = state;
  const { redact } = state.redactor;
  const started = now();
  const most = Math.max(1, Math.min(options.timeoutMs ?? 60_000, deadline - started));
  const { method, path } = request;
  const failed: FailedRequest = {
    what: oneLine(redact(`${method} ${path}`)),
    host: base.host,
    needs: request.needs ?? null,
    service: options.service ?? ANY_SERVICE,
    proxy: state.gateway?.proxy ?? null,
  };
  let status: number | null = null;
  try {
    const answer = await withTimeout(most, endsOf(request, state), (signal) =>
      state.transport({
        method,
        url: urlOf(base, request),
        headers,
        body: request.body === undefined ? null : JSON.stringify(request.body),
        signal,
      }),
    );
    status = answer.status;
    history.sent = true;
    const { answer: asked = 'json', items = null } = request;
    return readAnswer(answer, { ...failed, asked, reads: isRead(request), items, redact });
  } catch (error) {
    if (!(error instanceof NoReplyError)) throw error;
    const { sent, failure } = noAnswer(error, failed, { gateway: state.gateway, redact });
    history.sent ||= sent;
    throw new HttpError(failure, { sent: history.sent });
  } finally {
    const seen = { method, path, status, ms: Math.max(0, now() - started), attempt };
    options.onRequest?.(seen);
    request.onTry?.({ ...seen, url: redact(urlOf(base, request)), headers: shown(headers, redact) });
  }
}

function shown(
  headers: Readonly<Record<string, string>>,
  redact: (text: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, redact(value)]));
}

/** The signals that abort a request. After the first write, reads are not aborted by a stop: they confirm what was written. */
function endsOf(request: HttpRequest, state: ClientState): readonly AbortSignal[] {
  const { signal, stop } = state.options;
  state.hasWritten ||= !isRead(request);
  return [signal, state.hasWritten ? undefined : stop].filter((one) => one !== undefined);
}

function headersFor(request: HttpRequest, { options, redactor }: ClientState): Record<string, string> {
  const credential = request.credential === undefined ? options.credential : request.credential;
  for (const secret of request.secrets ?? []) redactor.add(secret);
  const headers: Record<string, string> = {
    accept: 'application/json',
    'user-agent': options.userAgent ?? 'domo-roles',
  };
  if (request.body !== undefined) headers['content-type'] = 'application/json';
  if (credential) {
    const value = credentialValue(credential);
    redactor.add(credential.secret);
    headers[credential.header] = value;
  }
  return headers;
}
