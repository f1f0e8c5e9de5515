import { afterEach } from '@jest/globals';
import { openSandbox, serveSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.js';

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const thing of opened.splice(0).reverse()) await thing.close();
});

/** The response, with the body as JSON if it is JSON, else as text. */
interface Answer {
  status: number;
  body: unknown;
  text: string;
  headers: Headers;
}

/** A sandbox on a real socket, and a plain client for it. */
export interface Served {
  sandbox: Sandbox;
  url: string;
  /** Sends a request as the sandbox's Admin; `token: null` sends none. */
  call(method: string, path: string, body?: unknown, token?: string | null): Promise<Answer>;
}

/** Opens and serves a sandbox; both are closed after the test. */
export async function serve(options: SandboxOptions = {}): Promise<Served> {
  const sandbox = await openSandbox(options);
  opened.push(sandbox);
  const served = await serveSandbox(sandbox);
  opened.push(served);
  const call: Served['call'] = async (method, path, body, token = sandbox.token) => {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (token !== null) headers['x-domo-developer-token'] = token;
    const init: RequestInit = { method, headers, redirect: 'manual' };
    if (body !== undefined) init.body = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${served.url}${path}`, init);
    const text = await response.text();
    return { status: response.status, body: parsed(text), text, headers: response.headers };
  };
  return { sandbox, url: served.url, call };
}

/** Sends a request in-process, as the sandbox's Admin. */
export function inProcess(
  sandbox: Sandbox,
): (method: string, path: string, body?: unknown) => Promise<Response> {
  return (method, path, body) => {
    const init: RequestInit = { method, headers: { 'x-domo-developer-token': sandbox.token } };
    if (body !== undefined) init.body = JSON.stringify(body);
    return sandbox.fetch(new Request(`http://sandbox${path}`, init));
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export const ROLES = '/api/authorization/v1/roles';
export const CATALOGUE = '/api/authorization/v1/authorities';
export const SEARCH = '/api/identity/v1/users/search';
export const DEFAULT_STATE = '/api/content/v1/customer-states/user.roleid.default';
/** Custom roles of the seeded company. */
export const ANALYST = 810_756_122;
export const OLD_REPORTING = 158_233_404;
export const FINANCE = 604_118_927;
