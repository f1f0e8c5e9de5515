import { HttpError } from '../http/failure.js';
import type { HttpAnswer } from '../http/answer.js';
import type { RouteCall, RouteOptions, RouteResponse } from './call.js';
import { RouteError } from './errors.js';

/** Options of the writes that Domo may answer with 400 although it carried them out. */
export interface WriteOptions extends RouteOptions {
  /** The answer as it came: a refusal (4xx) is an answer too, and nothing is read back. */
  returnRaw?: boolean;
  /**
   * Is a 400 settled by reading back what was written? Default true. With false it is an error whatever was
   * done, for callers who read back themselves.
   */
  settle?: boolean;
  /** Where the warning of a settled 400 goes; stdout where left out. */
  print?: (line: string) => void;
}

/** A write that may be settled. */
export interface SettledWrite {
  send: () => Promise<HttpAnswer>;
  /** Reads back: is all that was written there? */
  isDone: () => Promise<boolean>;
  /** What became of the role: `modified` or `deleted`. */
  verb: 'modified' | 'deleted';
}

/** Waits before each look: a write may take a moment to be seen. */
const LOOKS_MS = [0, 1_000, 2_000];

/** Refusals of the credential or the network, and a request to slow down: no answer to the write itself. */
const NOT_THE_WRITE = new Set([401, 403, 407, 408, 429]);

/** Sends a write. A 400 is looked into: done, it is a success with the sources' warning; else it is raised. */
export async function settledWrite(
  call: RouteCall,
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
    if (answer.status !== 400 || options.settle === false || !(await isSeen(call, isDone))) throw error;
    const { print = printLine } = options;
    print(`😕 weird API issue, but role should have been ${verb}.  setting is_success = True`);
    return call.answer(answer.status, answer.body, true);
  }
}

async function isSeen(call: RouteCall, isDone: () => Promise<boolean>): Promise<boolean> {
  for (const ms of LOOKS_MS) {
    if (ms > 0) await call.client.wait(ms);
    // What cannot be read back proves nothing: the 400 remains an error.
    if (await isDone().catch(() => false)) return true;
  }
  return false;
}

/** What the instance answered to a write that it refused; null for all else that can go wrong. */
function refusalOf(error: unknown): { status: number; body: unknown } | null {
  const cause = error instanceof RouteError ? error.cause : error;
  if (!(cause instanceof HttpError) || cause.status === null) return null;
  const isRefusal = cause.status >= 400 && cause.status <= 499 && !NOT_THE_WRITE.has(cause.status);
  return isRefusal ? { status: cause.status, body: cause.body } : null;
}

/** A line on stdout, where `domolibrary` prints too. */
export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
