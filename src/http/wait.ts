import { setTimeout as pause } from 'node:timers/promises';

/** Waits for some milliseconds, or less if the signal is aborted. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** The signals that end a wait, and how time passes. */
interface WaitOptions {
  sleep?: Sleep;
  signal?: AbortSignal;
  stop?: AbortSignal;
  stopWaiting?: AbortSignal;
}

/** Waits between two tries. A stop ends the wait at once and without an error, even if `sleep` does not see it. */
export function openWait({ sleep = pauseFor, signal, stop, stopWaiting }: WaitOptions) {
  const signals = [signal, stop, stopWaiting].filter((one) => one !== undefined);
  return async (ms: number): Promise<void> => {
    if (signals.some(({ aborted }) => aborted)) return;
    const end = new AbortController();
    const ended = new Promise<void>((resolve) => end.signal.addEventListener('abort', () => resolve()));
    const onStop = (): void => end.abort();
    for (const one of signals) one.addEventListener('abort', onStop);
    try {
      await Promise.race([sleep(ms, end.signal), ended]);
    } finally {
      for (const one of signals) one.removeEventListener('abort', onStop);
    }
  };
}

async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
}
