import { problem, ProblemError } from '../problem/problem.js';

/** Environment variables as a plain record: the caller that opens a client passes them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A proxy, with its name for messages. */
export interface Proxy {
  /** With user name and password: only for connecting, never for messages. */
  readonly url: URL;
  /** `http://host:port`. */
  readonly address: string;
  /** The environment variable that names it, in its actual spelling. */
  readonly variable: string;
  readonly hasPassword: boolean;
}

/**
 * The proxy for an https address according to `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, in upper or lower case;
 * null for none. Loopback addresses never go through a proxy, and plain http is for loopback only.
 * Raises `bad-target` for a proxy that cannot be used.
 */
export function proxyFor(target: URL, environment: Environment): Proxy | null {
  if (target.protocol !== 'https:' || isLoopback(target.hostname)) return null;
  if (isExcepted(target, valueOf(environment, nameOf(environment, 'no_proxy')))) return null;
  const variable = ['https_proxy', 'all_proxy']
    .map((name) => nameOf(environment, name))
    .find((name) => valueOf(environment, name) !== '');
  if (variable === undefined) return null;
  const given = valueOf(environment, variable);
  const address = given.includes('://') ? given : `http://${given}`;
  if (!/^https?:/i.test(address) || !URL.canParse(address)) {
    throw unusable(variable, 'is not an http or https address');
  }
  const url = new URL(address);
  if (!isDecodable(url.username) || !isDecodable(url.password)) {
    throw unusable(variable, 'has a user name or password with a "%" that starts no escape', PERCENT);
  }
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const hasPassword = url.username !== '' || url.password !== '';
  return { url, address: `${url.protocol}//${url.hostname}:${port}`, variable, hasPassword };
}

const PERCENT = 'write a "%" in it as %25';

function unusable(variable: string, why: string, hint?: string): ProblemError {
  return new ProblemError(
    problem('bad-target', `the proxy of the environment (${variable}) ${why}`, {
      where: { what: variable },
      hint: hint ?? 'write it as http://host:port, or list the host of the request in NO_PROXY',
    }),
  );
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** Is this a loopback host? */
export function isLoopback(hostname: string): boolean {
  const host = hostname.toLowerCase();
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(host)
  );
}

/** `NO_PROXY` lists hosts: `*`, a name (and its subdomains, as in curl), `.name`, `*.name`, each with an optional port. */
function isExcepted(target: URL, list: string): boolean {
  const host = target.hostname.toLowerCase();
  const port = target.port === '' ? '443' : target.port;
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [, name = '', onlyPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (onlyPort !== undefined && onlyPort !== port) return false;
      const bare = name.replace(/^\*?\./, '');
      return bare !== '' && (host === bare || host.endsWith(`.${bare}`));
    });
}

/** The spelling of a variable that the environment sets: lower case takes precedence, as in curl. */
function nameOf(environment: Environment, name: string): string {
  return environment[name] === undefined ? name.toUpperCase() : name;
}

function valueOf(environment: Environment, name: string): string {
  return (environment[name] ?? '').trim();
}
