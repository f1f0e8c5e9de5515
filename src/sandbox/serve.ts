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
  /** Stops serving and closes every connection; the sandbox stays open. */
  close(): Promise<void>;
}

/**
 * Serves a sandbox over HTTP, to this machine only. The default is a free port. A network fault of the sandbox breaks the
 * connection.
 */
export async function serveSandbox(
  sandbox: Pick<Sandbox, 'fetch'>,
  options: { port?: number; host?: '127.0.0.1' } = {},
): Promise<ServedSandbox> {
  const server = createAdaptorServer({
    overrideGlobalObjects: false,
    fetch: async (request, { incoming }) => {
      try {
        return guarded(await sandbox.fetch(request), () => incoming.socket.destroy());
      } catch {
        // The client sees every error of the sandbox as a reset.
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

// Long enough to send the head of a response before the connection breaks.
const FLUSH_MS = 10;

/** Makes a body that fails break the connection, instead of ending in an error page. */
function guarded(answer: Response, breakOff: () => void): Response {
  const { body, status, headers } = answer;
  if (body === null) return answer;
  if (status === 204) return new Response(null, { status, headers });
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  const guardedBody = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const chunk = await reader.read().catch(() => null);
      if (chunk === null) return new Promise<never>(() => setTimeout(breakOff, FLUSH_MS));
      if (chunk.done) controller.close();
      else controller.enqueue(chunk.value);
      return undefined;
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return new Response(guardedBody, { status, headers });
}
