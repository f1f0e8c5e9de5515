import { createAdaptorServer } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Sandbox } from './sandbox.js';

/** A sandbox on a port of this machine. */
export interface ServedSandbox {
  /** `http://127.0.0.1:PORT` */
  url: string;
  port: number;
  /** Stops serving and breaks every open connection; the sandbox itself stays open. */
  close(): Promise<void>;
}

/**
 * Serves a sandbox over HTTP, to this machine only. Without a port, a free one is taken.
 * A network fault of the sandbox becomes a broken connection.
 */
export async function serveSandbox(
  sandbox: Pick<Sandbox, 'fetch'>,
  options: { port?: number; host?: '127.0.0.1' } = {},
): Promise<ServedSandbox> {
  const server = createAdaptorServer({
    overrideGlobalObjects: false,
    fetch: async (request, { incoming }) => {
      try {
        return await sandbox.fetch(request);
      } catch {
        // Whatever stopped the sandbox from answering, its client sees a reset and nothing else.
        if ('resetAndDestroy' in incoming.socket) incoming.socket.resetAndDestroy();
        return RESPONSE_ALREADY_SENT;
      }
    },
  }) as Server;
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}`,
    port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
