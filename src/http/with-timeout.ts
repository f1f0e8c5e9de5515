import { NoReplyError } from './failure.js';

/** Does work that ends by a timeout in milliseconds, or when one of the signals is aborted. */
export async function withTimeout<T>(
  ms: number,
  ends: readonly AbortSignal[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const end = new AbortController();
  const stop = (): void => end.abort(ends.find(({ aborted }) => aborted)?.reason);
  const timer = setTimeout(() => end.abort(new NoReplyError('timeout', '')), ms);
  for (const one of ends) one.addEventListener('abort', stop, { once: true });
  try {
    if (ends.some(({ aborted }) => aborted)) stop();
    return await work(end.signal);
  } finally {
    clearTimeout(timer);
    for (const one of ends) one.removeEventListener('abort', stop);
  }
}
