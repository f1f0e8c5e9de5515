import { realpath } from 'node:fs/promises';
import type { LiveWriter } from '../apply/writer.js';
import type { LiveReader } from '../live/reader.js';
import type { Routes } from '../routes/open-routes.js';
import { onEmbedded } from './embedded.js';
import type { Fetch, Runtime } from './runtime.js';

/** An instance and the credential for it, or an embedded sandbox. */
export type Target = InstanceTarget | SandboxTarget;

/** A Domo instance. The credential goes to `baseUrl` and nowhere else. */
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
  /** What plans call it; `sandbox` unless given. */
  instance?: string;
  folder: string;
}

/** How requests are sent. Everything left out has a default. */
export interface RequestOptions {
  /** Milliseconds for one try of a request. */
  timeoutMs?: number;
  /** Milliseconds for a request with all its tries. */
  totalBudgetMs?: number;
  /** Tries after the first. */
  retries?: number;
  /** Requests in flight at once. */
  concurrency?: number;
  /** People to ask for in one page of the user search. */
  pageSize?: number;
  /** Called once per request, when it has ended. */
  onRequest?: (seen: { method: string; path: string; status: number | null; ms: number }) => void;
}

/** An open connection to an instance, or to the embedded one. */
export interface Connection {
  instance: string;
  sandbox: boolean;
  /** Names the place that is written to, for its lock: the address, or the sandbox's folder. */
  address: string;
  reader: LiveReader;
  /** Null for a connection that was opened for reading: then nothing can write, by construction. */
  writer: LiveWriter | null;
  routes: Routes;
  /** Milliseconds that a request with all its tries may take; null for the default. */
  budgetMs: number | null;
  close(): Promise<void>;
}

/** Opens a connection. With `purpose: 'read'` the HTTP client itself refuses whatever is not a read. */
export async function connect(
  target: Target,
  { purpose, ...options }: RequestOptions & { purpose: 'read' | 'write' },
  runtime: Runtime,
): Promise<Connection> {
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
    ...(purpose === 'read' ? { signal: runtime.signal } : {}),
  };
  const sandbox = target.kind === 'sandbox' ? await openEmbedded(target) : null;
  const instance = target.instance ?? 'sandbox';
  const routes = openRoutes(
    target.kind === 'instance'
      ? {
          ...common,
          ...{ instance, baseUrl: target.baseUrl, auth: target.secret },
          ...inPlaceOfNetwork(target, runtime),
        }
      : {
          ...common,
          instance,
          baseUrl: 'http://127.0.0.1',
          auth: { accessToken: sandbox?.token ?? '' },
          fetch: (request) => (sandbox as NonNullable<typeof sandbox>).fetch(request),
        },
  );
  const reader = openReader(routes, {
    instance,
    sandbox: sandbox !== null,
    ...(pageSize === undefined ? {} : { pageSize }),
  });
  const writer = purpose === 'write' ? (await import('../apply/live-writer.js')).openWriter(routes) : null;
  return {
    instance,
    sandbox: sandbox !== null,
    address: target.kind === 'instance' ? target.baseUrl : `sandbox:${await realFolder(target.folder)}`,
    reader,
    writer,
    routes,
    budgetMs: options.totalBudgetMs ?? null,
    close: async () => {
      routes.close();
      await onEmbedded(() => sandbox?.close());
    },
  };
}

function inPlaceOfNetwork({ baseUrl }: InstanceTarget, runtime: Runtime): { fetch?: Fetch } {
  const fetch = runtime.fetchFor?.(baseUrl);
  return fetch ? { fetch } : {};
}

/** The folder by its own name; one that is not there yet has no other. */
function realFolder(folder: string): Promise<string> {
  return realpath(folder).catch(() => folder);
}

async function openEmbedded({ folder }: SandboxTarget) {
  const { openSandbox } = await import('../sandbox/index.js');
  return onEmbedded(() => openSandbox({ folder }));
}
