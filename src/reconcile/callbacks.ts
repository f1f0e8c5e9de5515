import type { ApplyProgress } from '../apply/options.js';

/** The progress display of a run. */
export interface Progress {
  report: (progress: ApplyProgress) => void;
  stop: () => void;
}

const NO_PROGRESS: Progress = { report: () => undefined, stop: () => undefined };

/**
 * Opens a progress display whose failures do not reach the run: while changes are being written, an error in a display
 * would count as one of the change.
 */
export async function openSafely(open: (() => Promise<Progress>) | undefined): Promise<Progress> {
  const display = await open?.().catch(() => NO_PROGRESS);
  if (!display) return NO_PROGRESS;
  return {
    report: (progress) => ignoringErrors(() => display.report(progress)),
    stop: () => ignoringErrors(() => display.stop()),
  };
}

/** Calls something of the caller that must not stop a run. */
export function ignoringErrors(call: () => void): void {
  try {
    call();
  } catch {
    // The run goes on: its result is known only at its end.
  }
}
