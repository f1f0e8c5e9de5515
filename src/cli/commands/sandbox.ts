import { dataText } from '../../export/yaml-document.js';
import { withSandboxErrors } from '../../reconcile/embedded.js';
import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import { jsonText } from '../../model/json-text.js';
import { sandboxFolder } from '../../shell/sandbox-folder.js';
import { note, print, printResult } from '../../shell/deliver.js';
import type { Sandbox } from '../../sandbox/index.js';
import type { Environment } from '../../shell/environment.js';
import { cannotListen, sandboxOptions, untilStopped } from './sandbox-options.js';
import type { SandboxFlags, ServeFlags } from './sandbox-options.js';

/** `sandbox serve`: the embedded instance, or one per entry of an inventory, on a port of this machine, until stopped. */
export async function serve(flags: ServeFlags, environment: Environment): Promise<Exit> {
  const { serveSandbox } = await import('../../sandbox/index.js');
  if (flags.fleet !== undefined)
    return (await import('./serve-fleet.js')).serveFleet(flags.fleet, flags, environment);
  const sandbox = await openOne(flags, environment);
  const served = await serveSandbox(sandbox, { port: flags.port ?? 0 }).catch(cannotListen(flags));
  // The token is valid only for this sandbox, which listens only on loopback.
  const document = {
    formatVersion: 1,
    kind: 'answer',
    question: 'sandbox serve',
    answer: { url: served.url, port: served.port, token: sandbox.token },
  };
  const text = (): string =>
    `The sandbox listens on ${served.url}\n\n  export DOMO_INSTANCE=sandbox DOMO_BASE_URL=${served.url} DOMO_ACCESS_TOKEN=${sandbox.token}\n\nStop it with Ctrl-C.\n`;
  await printResult(environment, flags.format, { text, document });
  await untilStopped(environment);
  await served.close();
  await withSandboxErrors(() => sandbox.close());
  return EXIT.done;
}

async function openOne(flags: SandboxFlags, environment: Environment): Promise<Sandbox> {
  const { openSandbox } = await import('../../sandbox/index.js');
  const options = await sandboxOptions(flags, environment);
  const folder = flags.memory ? null : await folderOf(flags, environment);
  const own = { ...options, ...(folder === null ? {} : { folder }) };
  return withSandboxErrors(() => openSandbox(own), folder ?? '');
}

/** `sandbox reset`: restores the small company that it starts with. */
export async function reset(flags: SandboxFlags, environment: Environment): Promise<Exit> {
  const { saveState, seedState } = await import('../../sandbox/index.js');
  const folder = await folderOf(flags, environment);
  await withSandboxErrors(() => saveState(folder, seedState()));
  await note(environment, 'The sandbox was reset.');
  return EXIT.done;
}

/** `sandbox show`: the state of the instance, without its secrets. */
export async function show(
  flags: SandboxFlags & { format: 'yaml' | 'json' },
  environment: Environment,
): Promise<Exit> {
  const { openSandbox } = await import('../../sandbox/index.js');
  const folder = await folderOf(flags, environment);
  const sandbox = await withSandboxErrors(() => openSandbox({ folder }), folder);
  const { tokens: _tokens, sessions: _sessions, passwords: _passwords, ...state } = sandbox.state();
  await withSandboxErrors(() => sandbox.close());
  const document = { formatVersion: 1, kind: 'answer', question: 'sandbox show', answer: state };
  await print(environment, flags.format === 'json' ? jsonText(document) : dataText(state));
  return EXIT.done;
}

function folderOf(flags: SandboxFlags, environment: Environment): Promise<string> {
  return sandboxFolder(flags.folder ?? '', environment, { flag: '--folder' });
}
