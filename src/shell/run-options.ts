import { resolve } from 'node:path';
import { parseAllow } from '../plan/guards/allow.js';
import type { PlanningOptions } from '../reconcile/plan-manifest.js';
import type { RunRequest } from '../reconcile/run-plan.js';
import { reportUnwrittenPath, warn } from './deliver.js';
import { numberOf } from './flag-numbers.js';
import { openProgress } from './progress.js';
import type { Environment } from './environment.js';

/** Flags of every command that plans. */
export interface PlanningFlags {
  allow?: readonly string[] | undefined;
  reason?: string | undefined;
  impactLimit?: number | undefined;
  onlyExpired?: boolean | undefined;
}

/** Flags of every command that performs a plan. */
export interface RunFlags {
  state: string;
  concurrency?: number | undefined;
  /** Seconds. */
  waitForLock?: number | undefined;
}

/** Planning options from flags. Raises `usage` for an unknown `--allow`. */
export function planningOptions({
  allow,
  reason,
  impactLimit,
  onlyExpired,
}: PlanningFlags): PlanningOptions & Required<Pick<PlanningOptions, 'allow'>> {
  return { allow: parseAllow(allow ?? []), reason, impactLimit, onlyExpired };
}

/** Milliseconds to wait for the lock of another run. Raises `usage` for a number out of range. */
export function lockWaitMs({ waitForLock }: Pick<RunFlags, 'waitForLock'>): number {
  return (numberOf('wait-for-lock', waitForLock) ?? 0) * 1000;
}

/** Run options from flags, reporting on this command's streams. */
export function runRequest(flags: RunFlags, environment: Environment): RunRequest {
  return {
    runtime: environment,
    state: resolve(environment.cwd, flags.state),
    concurrency: flags.concurrency,
    waitForLockMs: lockWaitMs(flags),
    openProgress: (changes) => openProgress(environment, changes),
    onSent: () => (environment.ledger.sent = true),
    onUnwritten: (path, error) => reportUnwrittenPath(environment, path, error),
    onWarning: (line) => warn(environment, line),
  };
}
