import { problem, ProblemError } from '../problem/problem.js';
import { isLoopback } from './proxy.js';
import { oneLine } from './redact.js';
import { ANY_SERVICE, type Service } from './service.js';

/**
 * The address of a server as a URL: https, or plain http to loopback, since a token must not cross a network
 * unencrypted. A loopback address may have a path, which is prefixed to the path of every request: one port may serve
 * many instances. Raises `bad-target` for anything else; a user and password in the address are never shown.
 */
export function baseAddress(text: string, { name, addressHint }: Service = ANY_SERVICE): URL {
  const badTarget = (message: string): ProblemError =>
    new ProblemError(problem('bad-target', message, { hint: addressHint, where: { what: 'base URL' } }));
  if (!URL.canParse(text)) throw badTarget(`the address of ${name} is not a URL`);
  const url = new URL(text);
  const shown = oneLine(`${url.protocol}//${url.host}`);
  if (url.hostname.split('.').slice(0, -1).includes('')) {
    throw badTarget(`the address ${shown} has an empty part in its host name`);
  }
  if (url.username !== '' || url.password !== '') {
    throw badTarget(`the address ${shown} contains a user or password`);
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw badTarget(`the address ${shown} is neither https nor on this machine`);
  }
  const hasPath = url.pathname !== '/' && !isLoopback(url.hostname);
  if (hasPath || url.search !== '' || url.hash !== '') {
    throw badTarget(`the address ${shown} has more than a host`);
  }
  return url;
}
