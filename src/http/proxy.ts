import { problem, ProblemError } from '../problem/problem.js';

/** Environment variables as a plain record: whoever opens a client hands them in. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for an https address by `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, in either case of letters;
 * null for none. Loopback addresses and plain http (which is for loopback alone) never go through one.
 * Raises `bad-target` for a proxy that cannot be used.
 */
export function proxyFor(target: URL, environment: Environment): URL | null {
  if (target.protocol !== 'https:' || isLoopback(target.hostname)) return null;
  if (isExcepted(target, variable(environment, 'no_proxy'))) return null;
  const given = variable(environment, 'https_proxy') || variable(environment, 'all_proxy');
  if (given === '') return null;
  const address = given.includes('://') ? given : `http://${given}`;
  if (/^https?:/i.test(address) && URL.canParse(address)) return new URL(address);
  throw new ProblemError(
    problem('bad-target', 'the proxy of the environment (HTTPS_PROXY) is not an http or https address', {
      where: { what: 'HTTPS_PROXY' },
      hint: 'write it as http://host:port, or list the instance in NO_PROXY',
    }),
  );
}

/** Is this host the machine itself? */
export function isLoopback(hostname: string): boolean {
  const host = hostname.toLowerCase();
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(host)
  );
}

/** `NO_PROXY` lists hosts: `*`, a name (itself and all below it, as with curl), `.name`, `*.name`, each with an optional port. */
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

function variable(environment: Environment, name: string): string {
  return (environment[name] ?? environment[name.toUpperCase()] ?? '').trim();
}
