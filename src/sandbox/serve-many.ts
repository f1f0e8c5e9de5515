import type { Sandbox } from './sandbox.js';
import { serveSandbox, type ServedSandbox } from './serve.js';

/** Sandboxes by the name of their instance. */
type SandboxesByName = ReadonlyMap<string, Pick<Sandbox, 'fetch'>>;

/**
 * Serves many sandboxes on one port: at the path `/NAME`, or by a Host header whose first label is the name. Any other request
 * is answered with 404.
 */
export function serveSandboxes(
  sandboxes: SandboxesByName,
  options: { port?: number } = {},
): Promise<ServedSandbox> {
  return serveSandbox({ fetch: (request) => fetchByName(request, sandboxes) }, options);
}

/** Answers a request with the sandbox that its path or host names. */
export async function fetchByName(request: Request, sandboxes: SandboxesByName): Promise<Response> {
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

/** Returns the request with another address. The server's request objects cannot be cloned. */
async function at(url: URL, request: Request): Promise<Request> {
  const { method, headers, signal } = request;
  const body = method === 'GET' || method === 'HEAD' ? null : await request.arrayBuffer();
  return new Request(url, { method, headers, signal, body });
}
