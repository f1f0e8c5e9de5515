import { problem, ProblemError } from '../problem/problem.js';
import { isLoopback } from './proxy.js';
import { oneLine } from './redact.js';

/**
 * The address of an instance as a URL: https, or plain http to loopback, since a token must not go over the
 * wire in the clear. Raises `bad-target` for anything else; user and password in it are never shown.
 */
export function baseAddress(text: string): URL {
  if (!URL.canParse(text)) throw badTarget('the address of the instance is not a URL');
  const url = new URL(text);
  const shown = oneLine(`${url.protocol}//${url.host}`);
  if (url.username !== '' || url.password !== '') {
    throw badTarget(`the address ${shown} carries a user or password`);
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw badTarget(`the address ${shown} is neither https nor on this machine`);
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw badTarget(`the address ${shown} goes on after the host`);
  }
  return url;
}

function badTarget(message: string): ProblemError {
  return new ProblemError(
    problem('bad-target', message, {
      hint: 'write it as https://INSTANCE.domo.com',
      where: { what: 'base URL' },
    }),
  );
}
