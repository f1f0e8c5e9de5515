import { isFailure } from '../../fleet/document.js';
import type { FleetRow, RowStatus } from '../../fleet/document.js';
import { oneLine } from '../../render/format/one-line.js';
import { isInteractive, ignoreStreamErrors } from '../environment.js';
import type { Environment } from '../environment.js';
import { startBar } from '../progress.js';

/** The progress display of a fleet run. */
interface FleetProgress {
  begin: (instance: string) => void;
  end: (row: FleetRow) => void;
  stop: () => void;
}

/** On a terminal, a bar with counts and active instances; otherwise, a line on stderr per finished instance. */
export async function openFleetProgress(environment: Environment, total: number): Promise<FleetProgress> {
  return isInteractive(environment) ? openBar(environment, total) : lines(environment, total);
}

function lines(environment: Environment, total: number): FleetProgress {
  // An apply reports each instance twice, after planning and after applying. Count it once.
  const ended = new Set<string>();
  return {
    begin: () => undefined,
    end: (row) => {
      const count = ended.has(row.instance) ? '' : `[${ended.add(row.instance).size}/${total}] `;
      ignoreStreamErrors(environment.stderr).write(`${count}${rowLine(row)}\n`);
    },
    stop: () => undefined,
  };
}

/** `acme: failed: the token was rejected`. */
function rowLine({ instance, status, because, ms }: FleetRow): string {
  const why = because === null ? '' : `: ${oneLine(because)}`;
  return `${instance}: ${status}${why} (${(ms / 1000).toFixed(1)} s)`;
}

async function openBar(environment: Environment, total: number): Promise<FleetProgress> {
  const bar = await startBar(environment, total, '');
  const inFlight = new Set<string>();
  const planned = new Set<string>();
  const counts = new Map<RowStatus, number>();
  const show = (): void => {
    const done = [...counts].map(([status, count]) => `${count} ${status}`).join(', ');
    const flying = [...inFlight].slice(0, 4).join(' ');
    bar.update({ note: oneLine([done, flying].filter((part) => part !== '').join(' · ')) });
  };
  return {
    begin: (instance) => {
      inFlight.add(instance);
      show();
    },
    end: (row) => {
      inFlight.delete(row.instance);
      counts.set(row.status, (counts.get(row.status) ?? 0) + 1);
      if (!planned.has(row.instance)) bar.increment();
      planned.add(row.instance);
      show();
      if (isFailure(row)) ignoreStreamErrors(environment.stderr).write(`\n${rowLine(row)}\n`);
    },
    stop: () => bar.stop(),
  };
}
