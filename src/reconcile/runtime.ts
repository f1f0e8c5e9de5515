import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { VERSION } from '../version.js';

/** Answers a request within this process. */
export type Fetch = (request: Request) => Promise<Response>;

/** What every use case takes from outside of the program. */
export interface Runtime {
  /** Epoch milliseconds. */
  now: () => number;
  sleep: (ms: number) => Promise<void>;
  /** From 0 to 1. */
  random: () => number;
  /** Letters and digits, new at each call. */
  token: () => string;
  /** Aborted: no further write is sent; what is in flight is finished and confirmed. */
  signal: AbortSignal;
  /** Version of this program, for plans and the user agent. */
  version: string;
  /** Variables of the environment, for proxies and the user's state folder. */
  env: Readonly<Record<string, string | undefined>>;
  /** Answers requests to an address in place of the network; null for an address that it does not know. */
  fetchFor?: ((baseUrl: string) => Fetch | null) | undefined;
}

/** The runtime of this process. What is given replaces its part. */
export function openRuntime(given: Partial<Runtime> = {}): Runtime {
  return {
    now: Date.now,
    sleep: async (ms) => {
      await sleep(ms);
    },
    random: Math.random,
    token: () => randomBytes(4).toString('hex'),
    signal: new AbortController().signal,
    version: VERSION,
    env: process.env,
    ...given,
  };
}

/** The time of a run as documents carry it: ISO 8601, UTC. */
export function timeOf({ now }: Pick<Runtime, 'now'>): string {
  return new Date(now()).toISOString();
}
