import { realpath } from 'node:fs/promises';
import type { LiveReader } from '../live/reader.js';
import type { LiveWriter } from '../apply/writer.js';
import type { Routes } from '../routes/open-routes.js';
import { ProblemError, problem } from '../problem/problem.js';
import { resolveTarget } from './target.js';
import type { Target, TargetFlags } from './target.js';
import { onEmbedded } from './embedded.js';
import { survive, write } from './world.js';
import type { Environment } from './world.js';

/** Flags of a connection. */
export interface ConnectFlags extends TargetFlags {
  timeout?: number | undefined;
  budget?: number | undefined;
  retries?: number | undefined;
  concurrency?: number | undefined;
  pageSize?: number | undefined;
  verbose?: boolean | undefined;
}

/** An open connection to an instance, or to the embedded one. */
export interface Connection {
  instance: string;
  sandbox: boolean;
  /** What is written to, for the lock: the address, or the folder of the embedded instance. */
  address: string;
  reader: LiveReader;
  /** Null for a connection that was opened for reading: then nothing can write, by construction. */
  writer: LiveWriter | null;
  routes: Routes;
  /** For a request with all its tries, in milliseconds; null where nothing was asked for. */
  budgetMs: number | null;
  close(): Promise<void>;
}

/** Opens a connection. With `purpose: 'read'` the client itself refuses whatever is not a read. */
export async function connect(
  flags: ConnectFlags,
  world: Environment,
  purpose: 'read' | 'write',
): Promise<Connection> {
  const target = await resolveTarget(flags, world);
  const numbers = readNumbers(flags, world.env);
  const { openRoutes } = await import('../routes/open-routes.js');
  const { openReader } = await import('../live/open-reader.js');
  const common = {
    ...numbers.client,
    readOnly: purpose === 'read',
    userAgent: `domo-roles/${world.version}`,
    environment: world.env,
    sleep: world.sleep,
    now: world.now,
    random: world.random,
    ...(purpose === 'read' ? { signal: world.signal } : {}),
    ...(flags.verbose ? { onRequest: tell(world) } : {}),
  };
  const sandbox = target.kind === 'sandbox' ? await openEmbedded(target) : null;
  if (target.kind === 'instance' && target.notice)
    await write(world.stderr, `note: ${target.notice}\n`).catch(() => undefined);
  const routes = openRoutes(
    target.kind === 'instance'
      ? { ...common, instance: target.instance, baseUrl: target.baseUrl, auth: target.secret }
      : {
          ...common,
          instance: 'sandbox',
          baseUrl: 'http://127.0.0.1',
          auth: { accessToken: sandbox?.token ?? '' },
          fetch: (request) => (sandbox as NonNullable<typeof sandbox>).fetch(request),
        },
  );
  const instance = target.kind === 'instance' ? target.instance : 'sandbox';
  const reader = openReader(routes, { instance, sandbox: sandbox !== null, ...numbers.reader });
  const writer = purpose === 'write' ? (await import('../apply/live-writer.js')).openWriter(routes) : null;
  return {
    instance,
    sandbox: sandbox !== null,
    address: target.kind === 'instance' ? target.baseUrl : `sandbox:${await realFolder(target.folder)}`,
    reader,
    writer,
    routes,
    budgetMs: numbers.client.totalBudgetMs ?? null,
    close: async () => {
      routes.close();
      await onEmbedded(() => sandbox?.close());
    },
  };
}

/** The folder by its own name; one that is not there yet has no other. */
function realFolder(folder: string): Promise<string> {
  return realpath(folder).catch(() => folder);
}

async function openEmbedded(target: Extract<Target, { kind: 'sandbox' }>) {
  const { openSandbox } = await import('../sandbox/index.js');
  return onEmbedded(() => openSandbox({ folder: target.folder }));
}

function tell(
  world: Environment,
): (seen: { method: string; path: string; status: number | null; ms: number }) => void {
  return ({ method, path, status, ms }) => {
    survive(world.stderr).write(`${method} ${path} ${status ?? 'no answer'} ${Math.round(ms)} ms\n`);
  };
}

function readNumbers(flags: ConnectFlags, env: Environment['env']) {
  const timeout = wholeNumber('timeout', flags.timeout, env.DOMO_ROLES_TIMEOUT, 1, 3600);
  const budget = wholeNumber('budget', flags.budget, env.DOMO_ROLES_BUDGET, 1, 86_400);
  const retries = wholeNumber('retries', flags.retries, env.DOMO_ROLES_RETRIES, 0, 20);
  const concurrency = wholeNumber('concurrency', flags.concurrency, env.DOMO_ROLES_CONCURRENCY, 1, 64);
  const pageSize = wholeNumber('page-size', flags.pageSize, env.DOMO_ROLES_PAGE_SIZE, 1, 100_000);
  return {
    client: {
      ...(timeout === null ? {} : { timeoutMs: timeout * 1000 }),
      ...(budget === null ? {} : { totalBudgetMs: budget * 1000 }),
      ...(retries === null ? {} : { retries }),
      ...(concurrency === null ? {} : { concurrency }),
    },
    reader: pageSize === null ? {} : { pageSize },
  };
}

/** A whole number from flag, else from environment; null where neither gives one. Raises `usage`. */
export function wholeNumber(
  name: string,
  ...[flag, variable, least, most]: [number | undefined, string | undefined, number, number]
): number | null {
  const value = flag ?? (variable === undefined || variable.trim() === '' ? undefined : Number(variable));
  if (value === undefined) return null;
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new ProblemError(
      problem('usage', `--${name} takes a whole number from ${least} to ${most}`, {
        where: { what: `--${name}` },
      }),
    );
  }
  return value;
}
