import type { SingleBar } from 'cli-progress';
import type { Progress } from '../reconcile/callbacks.js';
import { oneLine } from '../render/format/one-line.js';
import { isInteractive } from './environment.js';
import type { Environment } from './environment.js';

/** Starts a progress bar on stderr, which shows a note next to its numbers. */
export async function startBar(
  { stderr }: Pick<Environment, 'stderr'>,
  total: number,
  note: string,
): Promise<SingleBar> {
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({
    stream: stderr,
    format: '{bar} {value}/{total} {note}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(total, 0, { note });
  return bar;
}

/** Opens the progress display of a run. */
export async function openProgress(environment: Environment, total: number): Promise<Progress> {
  if (!isInteractive(environment)) return { report: () => undefined, stop: () => undefined };
  const bar = await startBar(environment, total, 'looking');
  return {
    report: (progress) => {
      if (progress.kind === 'settled') bar.update(progress.settled, { note: oneLine(progress.change.id) });
      else if (progress.kind === 'sending') bar.update({ note: oneLine(progress.change) });
      else if (progress.kind === 'waiting') bar.update({ note: 'reading back' });
    },
    stop: () => bar.stop(),
  };
}
