import type { Sandbox } from './sandbox.js';
import { serveSandbox, type ServedSandbox } from './serve.js';

/** Sandboxes by the name of their instance. */
export type SandboxesByName = ReadonlyMap<string, Pick<Sandbox, 'fetch'>>;

/**
 * Serves many sandboxes on one port: at `/NAME`, or at the address whose first label is the name, by the Host header.
 * Any other request is answered with 404.
 */
export function serveSandboxes(
  sandboxes: SandboxesByName,
  options: { port?: number } = {},
): Promise<ServedSandbox> {
  return serveSandbox({ fetch: (request) => askByName(request, sandboxes) }, options);
}

/** Answers a request by the sandbox that its address names. */
export async function askByName(request: Request, sandboxes: SandboxesByName): Promise<Response> {
  const url = new URL(request.url);
  const [, first = '', ...rest] = url.pathname.split('/');
  const byPath = sandboxes.get(first);
  if (byPath) {
    url.pathname = `/${rest.join('/')}`;
    return byPath.fetch(await at(url, request));
  }
  const host = (request.headers.get('host') ?? '').split('.')[0] ?? '';
  const byHost = sandboxes.get(host.toLowerCase());
  return byHost
    ? byHost.fetch(request)
    : Response.json({ status: 404, message: 'no such instance' }, { status: 404 });
}

/** The same request at another address. The server's own request objects cannot be copied as they are. */
async function at(url: URL, request: Request): Promise<Request> {
  const { method, headers, signal } = request;
  const body = method === 'GET' || method === 'HEAD' ? null : await request.arrayBuffer();
  return new Request(url, { method, headers, signal, body });
}
