import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { VERSION } from '../version.js';

/** Answers a request within this process. */
export type Fetch = (request: Request) => Promise<Response>;

/** The dependencies of every use case on its environment. */
export interface Runtime {
  /** Epoch milliseconds. */
  now: () => number;
  /** Ends early, without an error, when the signal is aborted. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Random numbers from 0 to 1. */
  random: () => number;
  /** A new random text of letters and digits. */
  token: () => string;
  /** When aborted, no further write is sent; pending writes are finished and confirmed. */
  signal: AbortSignal;
  /** Version of this program, for plans and the user agent. */
  version: string;
  /** Environment variables, for proxies and the user's state folder. */
  env: Readonly<Record<string, string | undefined>>;
  /** Returns an in-process replacement of the network for an address; null to use the network. */
  fetchFor?: ((baseUrl: string) => Fetch | null) | undefined;
}

/** The runtime of this process, with the given parts replaced. */
export function openRuntime(given: Partial<Runtime> = {}): Runtime {
  return {
    now: Date.now,
    sleep: async (ms, signal) => {
      await sleep(ms, undefined, signal ? { signal } : {}).catch(() => undefined);
    },
    random: Math.random,
    token: () => randomBytes(4).toString('hex'),
    signal: new AbortController().signal,
    version: VERSION,
    env: process.env,
    ...given,
  };
}

/** The current time for documents: ISO 8601, UTC. */
export function timeOf({ now }: Pick<Runtime, 'now'>): string {
  return new Date(now()).toISOString();
}
