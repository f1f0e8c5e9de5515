import { realpath } from 'node:fs/promises';
import type { LiveWriter } from '../apply/writer.js';
import type { LiveReader } from '../live/reader.js';
import { checkChoice, checkText } from '../problem/given.js';
import { usageError } from '../problem/problem.js';
import type { OpenRoutesOptions, Routes } from '../routes/open-routes.js';
import { withSandboxErrors } from './embedded.js';
import type { Runtime } from './runtime.js';

/** An instance with its credential, or an embedded sandbox. */
export type Target = InstanceTarget | SandboxTarget;

/** A Domo instance. The credential is sent only to `baseUrl`. */
export interface InstanceTarget {
  kind: 'instance';
  /** The name, as in `https://NAME.domo.com`. */
  instance: string;
  baseUrl: string;
  secret: { accessToken: string } | { username: string; password: string };
}

/** The embedded instance, with its state in a folder. */
export interface SandboxTarget {
  kind: 'sandbox';
  /** The name in plans. Default: `sandbox`. */
  instance?: string;
  folder: string;
}

/** Options of requests; all have defaults. */
export interface RequestOptions {
  /** Timeout of one try, in milliseconds. */
  timeoutMs?: number;
  /** Timeout of a request with all its tries, in milliseconds. */
  totalBudgetMs?: number;
  /** The number of retries. */
  retries?: number;
  /** Concurrent requests. */
  concurrency?: number;
  /** Page size of the user search. */
  pageSize?: number;
  /** Called after each request. */
  onRequest?: (seen: { method: string; path: string; status: number | null; ms: number }) => void;
}

/** An open connection to an instance or to the embedded sandbox. */
export interface Connection {
  instance: string;
  sandbox: boolean;
  /** Identifies the target for its lock: the address, or the sandbox's folder. */
  address: string;
  reader: LiveReader;
  /** Null for a connection opened for reading, which therefore cannot write. */
  writer: LiveWriter | null;
  routes: Routes;
  /** Timeout of a request with all its tries, in milliseconds; null for the default. */
  budgetMs: number | null;
  close(): Promise<void>;
}

/** How a connection is opened. */
export interface ConnectOptions extends RequestOptions {
  purpose: 'read' | 'write';
  /** Ends waits before another try when aborted, even if the runtime's signal lets the work continue. */
  stopWaiting?: AbortSignal;
}

/**
 * Opens a connection. With `purpose: 'read'` the HTTP client itself rejects writes.
 *
 * @throws ProblemError if the target or the purpose is incomplete.
 */
export async function connect(
  target: Target,
  { purpose, stopWaiting, ...options }: ConnectOptions,
  runtime: Runtime,
): Promise<Connection> {
  checkChoice('purpose', purpose, ['read', 'write']);
  checkTarget(target);
  const { openRoutes } = await import('../routes/open-routes.js');
  const { openReader } = await import('../live/open-reader.js');
  const { pageSize, ...client } = options;
  const common = {
    ...client,
    readOnly: purpose === 'read',
    userAgent: `domo-roles/${runtime.version}`,
    environment: runtime.env,
    sleep: runtime.sleep,
    now: runtime.now,
    random: runtime.random,
    ...(purpose === 'read' ? { signal: runtime.signal } : { stop: runtime.signal }),
    stopWaiting: stopWaiting ?? runtime.signal,
  };
  const endpoint = await openEndpoint(target, runtime);
  const { instance, sandbox } = endpoint;
  const routes = openRoutes({ ...common, instance, ...endpoint.options });
  const reader = openReader(routes, {
    instance,
    sandbox,
    ...(pageSize === undefined ? {} : { pageSize }),
  });
  const writer =
    purpose === 'write' ? (await import('../apply/live-writer.js')).openWriter(routes, runtime.now) : null;
  return {
    instance,
    sandbox,
    address: endpoint.address,
    reader,
    writer,
    routes,
    budgetMs: options.totalBudgetMs ?? null,
    close: async () => {
      routes.close();
      await endpoint.close();
    },
  };
}

/** Checks the target of a caller in plain JavaScript. */
function checkTarget(target: Target): void {
  checkChoice('target.kind', target.kind, ['instance', 'sandbox']);
  if (target.kind === 'sandbox') return checkText('target.folder', target.folder);
  checkText('target.instance', target.instance);
  checkText('target.baseUrl', target.baseUrl);
  const secret: Partial<Record<string, unknown>> = target.secret ?? {};
  if (typeof secret['accessToken'] === 'string') return;
  if (typeof secret['username'] === 'string' && typeof secret['password'] === 'string') return;
  throw usageError('target.secret must hold accessToken, or username and password', {
    what: 'target.secret',
  });
}

/** Where the requests of a connection go. */
interface Endpoint extends Pick<Connection, 'instance' | 'sandbox' | 'address' | 'close'> {
  options: Pick<OpenRoutesOptions, 'auth' | 'fetch'> & { baseUrl: string };
}

async function openEndpoint(target: Target, runtime: Runtime): Promise<Endpoint> {
  if (target.kind === 'instance') {
    const { instance, baseUrl, secret } = target;
    const fetch = runtime.fetchFor?.(baseUrl);
    const options = { baseUrl, auth: secret, ...(fetch ? { fetch } : {}) };
    return { instance, sandbox: false, address: baseUrl, options, close: async () => undefined };
  }
  const sandbox = await openEmbedded(target);
  return {
    instance: target.instance ?? 'sandbox',
    sandbox: true,
    address: `sandbox:${await realFolder(target.folder)}`,
    options: {
      baseUrl: 'http://127.0.0.1',
      auth: { accessToken: sandbox.token },
      fetch: (request) => sandbox.fetch(request),
    },
    close: () => withSandboxErrors(() => sandbox.close()),
  };
}

/** The real path of a folder; the path itself if it does not exist yet. */
function realFolder(folder: string): Promise<string> {
  return realpath(folder).catch(() => folder);
}

async function openEmbedded({ folder }: SandboxTarget) {
  const { openSandbox } = await import('../sandbox/index.js');
  return withSandboxErrors(() => openSandbox({ folder }), folder);
}
