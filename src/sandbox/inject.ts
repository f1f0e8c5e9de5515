import { htmlPage, refusalAnswer } from './answers.js';
import { infoOf, type Fault } from './faults.js';
import type { Quirks } from './quirks.js';

/** How a fault changes the handling of a write. */
export interface WriteHandling {
  discard: boolean;
  lateMs: number;
}

/** The request that a fault affects. */
interface AffectedRequest {
  /** Handles the request without the fault. */
  answer(how: WriteHandling): Promise<Response>;
  /** Aborted when the client disconnects or the sandbox closes. */
  signal: AbortSignal;
  quirks: Quirks;
  now: number;
}

/** Returns a network error with its code. */
export function networkError(code: 'ECONNRESET' | 'ECONNREFUSED'): Error {
  const message = code === 'ECONNRESET' ? 'the connection was reset' : 'the connection was refused';
  return Object.assign(new Error(message), { code });
}

const UNCHANGED: WriteHandling = { discard: false, lateMs: 0 };

/** Answers a request with a fault. Raises the network error of a broken connection. */
export async function inject(fault: Fault, request: AffectedRequest): Promise<Response> {
  const { answer, signal, quirks, now } = request;
  const value = fault.value ?? infoOf(fault.name).value?.preset ?? 0;
  const { name } = fault;
  switch (name) {
    case '429':
      return tooMany(quirks, String(value));
    case '429-date':
      return tooMany(quirks, new Date(now + value * 1000).toUTCString());
    case '429-bare':
      return tooMany(quirks, null);
    case '500':
    case '502':
    case '503':
      return refusalAnswer(quirks, Number(name), 'something is down');
    case 'refused':
      throw networkError('ECONNREFUSED');
    case 'reset':
      throw networkError('ECONNRESET');
    case 'answer-lost':
      await answer(UNCHANGED);
      throw networkError('ECONNRESET');
    case 'answer-cut':
      return cutAnswer(await answer(UNCHANGED));
    case 'not-applied':
      return answer({ ...UNCHANGED, discard: true });
    case 'late-visibility':
      return answer({ ...UNCHANGED, lateMs: value });
    case 'short-list':
      return rewritten(await answer(UNCHANGED), (body) => shortened(body, value));
    case 'empty-list':
      return rewritten(await answer(UNCHANGED), emptied);
    case 'moving-total':
      return rewritten(await answer(UNCHANGED), (body) => moved(body, value));
    case 'html-error':
      return htmlPage(502, '502 Bad Gateway');
    case 'malformed':
      return malformed(await answer(UNCHANGED));
    case 'hung':
      return never(signal);
    case 'hung-after-write':
      await answer(UNCHANGED);
      return never(signal);
    case 'hung-body':
      return hungBody(await answer(UNCHANGED), signal);
    case 'oversized':
      return oversized(value);
    case 'someone-else':
      return answer(UNCHANGED);
  }
}

/** Waits. Raises the reason of the signal when it is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(reasonOfAbort(signal));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

function never(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = (): void => reject(reasonOfAbort(signal));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

function reasonOfAbort(signal: AbortSignal): Error {
  return signal.reason as Error;
}

function tooMany(quirks: Quirks, retryAfter: string | null): Response {
  const answer = refusalAnswer(quirks, 429, 'too many requests');
  if (retryAfter !== null) answer.headers.set('retry-after', retryAfter);
  return answer;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function cutAnswer(answer: Response): Response {
  const { status, headers } = answer;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encode('[{"id":')),
    pull: (controller) => controller.error(networkError('ECONNRESET')),
  });
  return new Response(body, { status: status === 204 ? 200 : status, headers });
}

async function malformed(answer: Response): Promise<Response> {
  const text = await answer.text();
  const cut = text.length > 2 ? text.slice(0, Math.ceil(text.length / 2)) : '{"status":';
  return new Response(cut, { status: 200, headers: { 'content-type': 'application/json' } });
}

function hungBody(answer: Response, signal: AbortSignal): Response {
  const { status, headers } = answer;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encode('['));
      never(signal).catch((error: unknown) => controller.error(error));
    },
  });
  return new Response(body, { status: status === 204 ? 200 : status, headers });
}

const MEGABYTE = 2 ** 20;

function oversized(megabytes: number): Response {
  const chunk = encode('x'.repeat(MEGABYTE));
  let left = megabytes;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encode('["')),
    pull(controller) {
      if (left > 0) controller.enqueue(chunk.slice());
      else {
        controller.enqueue(encode('"]'));
        controller.close();
      }
      left -= 1;
    },
  });
  return new Response(body, { status: 200, headers: { 'content-type': 'application/json' } });
}

async function rewritten(answer: Response, rewrite: (body: unknown) => unknown): Promise<Response> {
  if (answer.status !== 200 || !(answer.headers.get('content-type') ?? '').includes('json')) return answer;
  return Response.json(rewrite(await answer.json()));
}

function shortened(body: unknown, by: number): unknown {
  if (Array.isArray(body)) return body.slice(0, Math.max(0, body.length - by)) as unknown[];
  if (typeof body !== 'object' || body === null || !('users' in body) || !Array.isArray(body.users))
    return body;
  return { ...body, users: shortened(body.users, by) };
}

/** The fields of responses that declare a total. */
const TOTALS: readonly string[] = ['count', 'totalCount', 'totalFilteredCount'];

function emptied(body: unknown): unknown {
  if (Array.isArray(body)) return [];
  if (typeof body !== 'object' || body === null || !('users' in body)) return body;
  const totals = TOTALS.filter((key) => key in body);
  return { ...body, ...Object.fromEntries(totals.map((key) => [key, 0])), users: [] };
}

function moved(body: unknown, by: number): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const entries = Object.entries(body) as [string, unknown][];
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key,
      TOTALS.includes(key) && typeof value === 'number' ? value + by : value,
    ]),
  );
}
