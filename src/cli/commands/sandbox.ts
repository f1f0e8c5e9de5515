import { stringify } from 'yaml';
import { ProblemError, problem } from '../../problem/problem.js';
import { onEmbedded } from '../../reconcile/embedded.js';
import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import { json } from '../../shell/output.js';
import { sandboxFolder } from '../../shell/sandbox-folder.js';
import { note, print, warn } from '../../shell/deliver.js';
import { readDocument } from '../../shell/input.js';
import type { Quirks, Sandbox, SandboxOptions } from '../../sandbox/index.js';
import type { Environment } from '../../shell/environment.js';

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
  format?: 'text' | 'json' | 'yaml' | undefined;
}

/** `sandbox serve`: the embedded instance, or one per entry of an inventory, on a port of this machine, until stopped. */
export async function serve(flags: SandboxFlags, world: Environment): Promise<Exit> {
  const { serveSandbox } = await import('../../sandbox/index.js');
  if (flags.fleet !== undefined)
    return (await import('./serve-fleet.js')).serveFleet(flags.fleet, flags, world);
  const sandbox = await openOne(flags, world);
  const served = await serveSandbox(sandbox, { port: flags.port ?? 0 }).catch(cannotListen(flags));
  // The token is valid only for this sandbox, which listens on this machine alone.
  const facts = {
    formatVersion: 1,
    kind: 'answer',
    question: 'sandbox serve',
    answer: { url: served.url, port: served.port, token: sandbox.token },
  };
  await print(
    world,
    flags.format === 'json'
      ? json(facts)
      : `The sandbox listens on ${served.url}\n\n  export DOMO_INSTANCE=sandbox DOMO_BASE_URL=${served.url} DOMO_ACCESS_TOKEN=${sandbox.token}\n\nStop it with Ctrl-C.\n`,
  );
  await untilStopped(world);
  await served.close();
  await onEmbedded(() => sandbox.close());
  return EXIT.done;
}

async function openOne(flags: SandboxFlags, world: Environment): Promise<Sandbox> {
  const { openSandbox } = await import('../../sandbox/index.js');
  const options = await sandboxOptions(flags, world);
  const folder = flags.memory ? null : await folderOf(flags, world);
  return onEmbedded(() => openSandbox({ ...options, ...(folder === null ? {} : { folder }) }));
}

/** How every embedded instance behaves by the flags. */
export async function sandboxOptions(flags: SandboxFlags, world: Environment): Promise<SandboxOptions> {
  const { parseFaults } = await import('../../sandbox/index.js');
  const quirks = await quirksOf(flags, world);
  const faults = await onEmbedded(() => parseFaults(flags.faults ?? ''));
  return { quirks, faults, ...(flags.seed === undefined ? {} : { seed: flags.seed }) };
}

/** Raises `usage` for a port that cannot be opened. */
export function cannotListen({ port = 0 }: SandboxFlags): (cause: unknown) => never {
  return (cause) => {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new ProblemError(
      problem('usage', `port ${port} cannot be opened (${code})`, { where: { what: '--port' } }),
      { cause },
    );
  };
}

/** Resolves when this program gets a signal to stop. */
export async function untilStopped({ signal }: Environment): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((stop) => signal.addEventListener('abort', () => stop(), { once: true }));
}

/** The oddities by `--quirks`, or those of the instance whose probe report `--like` names. */
async function quirksOf({ quirks, like }: SandboxFlags, world: Environment): Promise<Partial<Quirks>> {
  const { parseQuirks, quirksLike } = await import('../../sandbox/index.js');
  if (like === undefined) return onEmbedded(() => parseQuirks(quirks ?? ''));
  if (quirks !== undefined) {
    throw new ProblemError(
      problem('usage', '--like and --quirks both say how the sandbox behaves', { hint: 'give one of them' }),
    );
  }
  const report = await readDocument(like, world);
  try {
    const found = quirksLike(report);
    for (const fact of found.missing) await warn(world, `the sandbox cannot behave like this: ${fact}`);
    return found.quirks;
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name !== 'SandboxUsageError') throw cause;
    const hint = 'make one with domo-roles doctor --probe --out FILE';
    throw new ProblemError(problem('bad-file', cause.message, { where: { file: like }, hint }), { cause });
  }
}

/** `sandbox reset`: back to the small company it starts as. */
export async function reset(flags: SandboxFlags, world: Environment): Promise<Exit> {
  const { saveState, seedState } = await import('../../sandbox/index.js');
  const folder = await folderOf(flags, world);
  await onEmbedded(() => saveState(folder, seedState()));
  await note(world, 'The sandbox is as new.');
  return EXIT.done;
}

/** `sandbox show`: what the instance holds, without its secrets. */
export async function show(flags: SandboxFlags, world: Environment): Promise<Exit> {
  const { openSandbox } = await import('../../sandbox/index.js');
  const folder = await folderOf(flags, world);
  const sandbox = await onEmbedded(() => openSandbox({ folder }));
  const { tokens: _tokens, sessions: _sessions, passwords: _passwords, ...state } = sandbox.state();
  await onEmbedded(() => sandbox.close());
  const document = { formatVersion: 1, kind: 'answer', question: 'sandbox show', answer: state };
  await print(world, flags.format === 'json' ? json(document) : stringify(state, { lineWidth: 0 }));
  return EXIT.done;
}

function folderOf(flags: SandboxFlags, world: Environment): Promise<string> {
  return sandboxFolder(flags.folder ?? '', world, '--folder');
}
