import { HttpError } from '../http/failure.js';
import type { HttpAnswer } from '../http/answer.js';
import type { RouteCall, RouteOptions, RouteResponse } from './call.js';
import { RouteError } from './errors.js';

/** Options of writes that Domo may answer with 400 even though they were done. */
export interface WriteOptions extends RouteOptions {
  /** Return a refusal (4xx) like any other response, without reading back. */
  returnRaw?: boolean;
  /**
   * Read back the write after a 400, and treat it as a success if it was done. Default true. False always raises an error, for
   * callers that read back themselves.
   */
  settle?: boolean;
  /** Prints the warning about a 400 that was done. Default: to stdout. */
  print?: (line: string) => void;
}

/** A write that can be read back. */
interface SettledWrite {
  send: () => Promise<HttpAnswer>;
  /** Reads back whether the write was done. */
  isDone: () => Promise<boolean>;
  /** What the write does to the role, for the warning. */
  verb: 'modified' | 'deleted';
}

/** What a write needs of an open call. */
type WriteCall = Pick<RouteCall, 'answer'> & { client: Pick<RouteCall['client'], 'wait'> };

/** Delays before each read, in milliseconds: a write may not be visible at once. */
const READ_DELAYS_MS = [0, 1_000, 2_000];

/** Statuses that refuse the credential, the network or the rate of requests, not the write itself. */
const NOT_ABOUT_THE_WRITE = new Set([401, 403, 407, 408, 429]);

/** Sends a write. After a 400 it is read back: if it was done, the call succeeds with the same warning as `domolibrary`. */
export async function settledWrite(
  call: WriteCall,
  options: WriteOptions,
  { send, isDone, verb }: SettledWrite,
): Promise<RouteResponse<unknown>> {
  try {
    const { status, body } = await send();
    return call.answer(status, body);
  } catch (error) {
    const answer = refusalOf(error);
    if (!answer) throw error;
    if (options.returnRaw === true) return call.answer(answer.status, answer.body);
    if (answer.status !== 400 || options.settle === false || !(await isVisible(call, isDone))) throw error;
    const { print = printLine } = options;
    print(`😕 weird API issue, but role should have been ${verb}.  setting is_success = True`);
    return call.answer(answer.status, answer.body, { isSuccess: true });
  }
}

async function isVisible(call: WriteCall, isDone: () => Promise<boolean>): Promise<boolean> {
  for (const ms of READ_DELAYS_MS) {
    if (ms > 0) await call.client.wait(ms);
    // A failed read proves nothing, so the 400 remains an error.
    if (await isDone().catch(() => false)) return true;
  }
  return false;
}

/** Returns the response to a refused write; null for any other error. */
function refusalOf(error: unknown): { status: number; body: unknown } | null {
  const cause = error instanceof RouteError ? error.cause : error;
  if (!(cause instanceof HttpError) || cause.status === null) return null;
  const isRefusal = cause.status >= 400 && cause.status <= 499 && !NOT_ABOUT_THE_WRITE.has(cause.status);
  return isRefusal ? { status: cause.status, body: cause.body } : null;
}

/** Prints a line to stdout, as `domolibrary` does. */
export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
