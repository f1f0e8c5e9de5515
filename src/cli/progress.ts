import type { SingleBar } from 'cli-progress';
import type { ApplyProgress } from '../apply/options.js';
import { oneLine } from '../render/format/one-line.js';
import { isInteractive } from './world.js';
import type { Environment } from './world.js';

/** Tells how far a run is: a bar on a terminal, nothing elsewhere. */
export interface Progress {
  tell: (progress: ApplyProgress) => void;
  stop: () => void;
}

/** Opens a progress bar on stderr. */
export async function openProgress(world: Environment, total: number): Promise<Progress> {
  if (!isInteractive(world)) return { tell: () => undefined, stop: () => undefined };
  const { default: cliProgress } = await import('cli-progress');
  const bar: SingleBar = new cliProgress.SingleBar({
    stream: world.stderr,
    format: '{bar} {value}/{total} {note}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(total, 0, { note: 'looking' });
  return {
    tell: (progress) => {
      if (progress.kind === 'settled') bar.update(progress.settled, { note: oneLine(progress.change.id) });
      else if (progress.kind === 'sending') bar.update({ note: oneLine(progress.change) });
      else if (progress.kind === 'waiting') bar.update({ note: 'reading back' });
    },
    stop: () => bar.stop(),
  };
}
