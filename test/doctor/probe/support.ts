import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openReader } from '../../../src/live/open-reader.js';
import type { ProbeResult } from '../../../src/doctor/probe/probe.js';
import type { ProbeFact, ProbeReport } from '../../../src/doctor/probe/report.js';
import { probeInstance } from '../../../src/reconcile/probe-instance.js';
import { openRoutes } from '../../../src/routes/index.js';
import { openSandbox, seedState } from '../../../src/sandbox/index.js';
import type { Quirks, Sandbox } from '../../../src/sandbox/index.js';

const TOKEN = 'a-token-for-probes';

/** A request on its way to the sandbox: pass it on, or fail. `n` counts from 1 in each probe. */
export type Wire = (n: number, pass: () => Promise<Response>, request: Request) => Promise<Response>;

/** A sandbox to probe, with its own state folder and clock. */
export interface Bench {
  sandbox: Sandbox;
  state: string;
  /** Runs a probe. Its clock moves only when the probe waits. */
  run(options?: {
    wire?: Wire;
    signal?: AbortSignal;
    writes?: boolean;
    address?: string;
  }): Promise<ProbeResult>;
  /** Names of the roles that are live. */
  names(): string[];
  close(): Promise<void>;
}

let tokens = 0;

/** Opens a sandbox with these quirks. */
export async function openBench(quirks: Partial<Quirks> = {}): Promise<Bench> {
  const state = await mkdtemp(join(tmpdir(), 'domo-roles-probe-'));
  let time = Date.UTC(2026, 0, 1);
  const sandbox = await openSandbox({ quirks, token: TOKEN, clock: () => time });
  const clock = {
    now: () => time,
    sleep: async (ms: number) => {
      time += ms;
    },
  };
  return {
    sandbox,
    state,
    names: () =>
      sandbox
        .state()
        .roles.map(({ name }) => name)
        .sort(),
    close: async () => {
      await sandbox.close();
      await rm(state, { recursive: true, force: true });
    },
    async run({
      wire = (_n: number, pass: () => Promise<Response>) => pass(),
      signal,
      writes = true,
      address = 'http://127.0.0.1',
    } = {}) {
      let n = 0;
      const routes = openRoutes({
        instance: 'acme',
        baseUrl: 'http://127.0.0.1',
        auth: { accessToken: TOKEN },
        fetch: (request) => wire((n += 1), () => sandbox.fetch(request), request),
        readOnly: !writes,
        ...clock,
      });
      const reader = openReader(routes, { instance: 'acme', sandbox: false });
      const connection = { instance: 'acme', sandbox: false, address, reader, writer: null, routes };
      const runtime = {
        ...clock,
        random: () => 0.5,
        token: () => `${String((tokens += 1)).padStart(6, '0')}ab`,
        signal: signal ?? new AbortController().signal,
        version: '0.0.0',
        env: { HOME: state },
      };
      const close = async (): Promise<void> => routes.close();
      try {
        return await probeInstance(
          { ...connection, budgetMs: null, close },
          { runtime, state: join(state, 'runs-here'), writes },
        );
      } finally {
        await close();
      }
    },
  };
}

/** The roles of the small company. */
export const SEED_NAMES = seedState()
  .roles.map(({ name }) => name)
  .sort();

/** The entry of a fact in a report. */
export function factOf({ facts }: ProbeReport, id: ProbeFact['id']): ProbeFact['value'] {
  return facts.find((fact) => fact.id === id)?.value ?? null;
}

/** A lost connection. */
export function lost(): Error {
  return Object.assign(new Error('the connection was reset'), { code: 'ECONNRESET' });
}
