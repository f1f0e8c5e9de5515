import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { AxiosStatic } from 'axios';
import type { NodeAgent } from './agent.js';
import { NoReplyError, networkReason } from './failure.js';
import { systemCodeOf } from '../problem/system-error.js';

/** A request as it is sent. */
interface WireRequest {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string | null;
  signal: AbortSignal;
}

/** A response as received, whatever its status. */
export interface WireAnswer {
  status: number;
  /** Names in lower case. */
  headers: ReadonlyMap<string, string>;
  /** The body as it arrived. */
  chunks: readonly Uint8Array[];
}

/** Sends one request. Raises `NoReplyError` if there is no response. */
export type Transport = (request: WireRequest) => Promise<WireAnswer>;

/** Answers a request in-process, as the sandbox does. */
export type InProcessFetch = (request: Request) => Promise<Response>;

/** Options of a transport: requests go to `fetch` in this process if given, else over the network through `agent`. */
interface TransportOptions {
  agent: NodeAgent | null;
  fetch: InProcessFetch | null;
  /** Larger responses are rejected. */
  maxAnswerBytes: number;
}

/** Opens the transport: the only code that sends requests. */
export function openTransport({ agent, fetch, maxAnswerBytes }: TransportOptions): Transport {
  const send = fetch
    ? (request: WireRequest) => askWithin(request, fetch, maxAnswerBytes)
    : (request: WireRequest) => askNetwork(request, agent, maxAnswerBytes);
  return async (request) => {
    try {
      return await send(request);
    } catch (error) {
      throw noReply(error, request.signal);
    }
  };
}

/** Loaded at the first request, because many commands never send one. */
let library: Promise<{ default: AxiosStatic }> | null = null;

async function askNetwork(
  request: WireRequest,
  agent: NodeAgent | null,
  maxAnswerBytes: number,
): Promise<WireAnswer> {
  const { default: axios } = await (library ??= import('axios'));
  const { transport, failure } = watched(request.url.startsWith('https:') ? https : http);
  const answer = await axios.request<Readable>({
    method: request.method,
    url: request.url,
    headers: request.headers,
    ...(request.body === null ? {} : { data: request.body }),
    signal: request.signal,
    responseType: 'stream',
    transport,
    maxBodyLength: Infinity,
    // No redirects, status checks or parsing here: the client checks every response itself.
    maxRedirects: 0,
    proxy: false,
    validateStatus: () => true,
    transformRequest: (data: unknown) => data,
    transformResponse: (data: unknown) => data,
    ...(agent ? { adapter: 'http', httpAgent: agent, httpsAgent: agent } : {}),
  });
  const { status, headers, data } = answer;
  const chunks = await Promise.race([chunksOf(data, maxAnswerBytes), failure]);
  return { status, headers: headerMap(headers), chunks };
}

/**
 * Sends requests with this module of Node, and a promise that rejects with their error. The library drops an error that comes
 * after the headers, which has the reason why a body ends early.
 */
function watched(wire: Pick<typeof http, 'request'>): { transport: unknown; failure: Promise<never> } {
  let fail = (_: Error): void => undefined;
  const failure = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Also if no response is waited for.
  failure.catch(() => undefined);
  const request = (options: RequestOptions, onResponse: (response: IncomingMessage) => void): ClientRequest =>
    wire.request(options, onResponse).once('error', fail);
  return { transport: { request }, failure };
}

/** Reads a stream to its end. By events, because an iterator would join chunks, and so copy them. */
async function chunksOf(stream: Readable, maxBytes: number): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  stream.on('data', (chunk: Uint8Array) => {
    size += chunk.byteLength;
    if (size <= maxBytes) chunks.push(chunk);
    else stream.destroy(new NoReplyError('too-large', `more than ${maxBytes} bytes`));
  });
  await finished(stream);
  return chunks;
}

async function askWithin(
  request: WireRequest,
  fetch: InProcessFetch,
  maxAnswerBytes: number,
): Promise<WireAnswer> {
  request.signal.throwIfAborted();
  const answer = async (): Promise<WireAnswer> => {
    const response = await fetch(toRequest(request));
    const { status, headers } = response;
    return { status, headers: new Map(headers), chunks: await chunksOf(bodyOf(response), maxAnswerBytes) };
  };
  return race(answer(), request.signal);
}

function headerMap(headers: object): Map<string, string> {
  return new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function toRequest({ method, url, headers, body, signal }: WireRequest): Request {
  return new Request(url, { method, headers, signal, ...(body === null ? {} : { body }) });
}

function bodyOf({ body }: Response): Readable {
  // The declared type of a body has no async iterator; at run time it has one.
  return Readable.from((body ?? []) as AsyncIterable<Uint8Array>);
}

/** Stops waiting for work when the signal fires, even if the work ignores the signal. */
async function race<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/**
 * The only error that leaves this file. The library's own error is dropped, because it contains the request with its
 * headers, and so the token.
 */
function noReply(error: unknown, signal: AbortSignal): NoReplyError {
  if (error instanceof NoReplyError) return error;
  const { message, cause } = error as { message?: unknown; cause?: unknown };
  const text = typeof message === 'string' ? message : '';
  if (signal.aborted) {
    const { reason } = signal as { reason: unknown };
    return reason instanceof NoReplyError ? reason : new NoReplyError('interrupted', '');
  }
  if (cause instanceof NoReplyError) return cause;
  const code = systemCodeOf(error) ?? '';
  return new NoReplyError(networkReason(code), code === '' ? text : code);
}
