import { ProblemError, problem, usageError } from '../../problem/problem.js';
import { withSandboxErrors } from '../../reconcile/embedded.js';
import type { Quirks, SandboxOptions } from '../../sandbox/index.js';
import { warn } from '../../shell/deliver.js';
import type { Environment } from '../../shell/environment.js';
import type { ResultFormat } from '../../shell/formats.js';
import { refuseUnused } from '../../shell/unused-flags.js';
import { readDocument } from '../../shell/input.js';
import { systemCodeOf } from '../../problem/system-error.js';

export interface SandboxFlags {
  folder?: string | undefined;
  memory?: boolean | undefined;
  port?: number | undefined;
  quirks?: string | undefined;
  /** A probe's report. */
  like?: string | undefined;
  faults?: string | undefined;
  seed?: number | undefined;
  /** An inventory: serves one instance per entry. */
  fleet?: string | undefined;
}

/** Flags of `sandbox serve`. */
export interface ServeFlags extends SandboxFlags {
  format: ResultFormat;
}

/** The behaviour of embedded instances from flags. */
export async function sandboxOptions(flags: SandboxFlags, environment: Environment): Promise<SandboxOptions> {
  if (flags.memory)
    refuseUnused(flags, ['folder'], (flag) => ({
      message: `${flag} cannot be combined with --memory, which keeps the state in no folder`,
      hint: 'leave one of them out',
    }));
  if (flags.faults === undefined)
    refuseUnused(flags, ['seed'], (flag) => ({
      message: `${flag} needs --faults: only faults are random`,
      hint: `add --faults, or leave out ${flag}`,
    }));
  const { parseFaults } = await import('../../sandbox/index.js');
  const quirks = await quirksOf(flags, environment);
  const faults = await withSandboxErrors(() => parseFaults(flags.faults ?? ''));
  return { quirks, faults, ...(flags.seed === undefined ? {} : { seed: flags.seed }) };
}

/** Raises `usage` for a port that cannot be opened. */
export function cannotListen({ port = 0 }: SandboxFlags): (cause: unknown) => never {
  return (cause) => {
    const code = systemCodeOf(cause) ?? 'unknown';
    throw usageError(`port ${port} cannot be opened (${code})`, { what: '--port', cause });
  };
}

/** Resolves when this program gets a signal to stop. */
export async function untilStopped({ signal }: Environment): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((stop) => signal.addEventListener('abort', () => stop(), { once: true }));
}

/** The quirks from `--quirks`, or from the probe report that `--like` names. */
async function quirksOf({ quirks, like }: SandboxFlags, environment: Environment): Promise<Partial<Quirks>> {
  const { parseQuirks, quirksOfReport: quirksLike } = await import('../../sandbox/index.js');
  if (like === undefined) return withSandboxErrors(() => parseQuirks(quirks ?? ''));
  if (quirks !== undefined) {
    throw usageError('--like cannot be combined with --quirks', { hint: 'leave one of them out' });
  }
  const report = await readDocument(like, environment);
  try {
    const found = quirksLike(report);
    for (const fact of found.missing) await warn(environment, `the sandbox cannot behave like this: ${fact}`);
    return found.quirks;
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name !== 'SandboxUsageError') throw cause;
    const hint = 'create one with domo-roles doctor --probe --out FILE';
    throw new ProblemError(problem('bad-file', cause.message, { where: { file: like }, hint }), { cause });
  }
}
