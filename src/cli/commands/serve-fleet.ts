import { join } from 'node:path';
import { withSandboxErrors } from '../../reconcile/embedded.js';
import type { Sandbox } from '../../sandbox/index.js';
import { printResult } from '../../shell/deliver.js';
import { EXIT } from '../../shell/exit.js';
import type { Exit } from '../../shell/exit.js';
import type { Environment } from '../../shell/environment.js';
import { FLEET_SANDBOX } from '../../shell/fleet/access.js';
import { readInventory } from '../../shell/fleet/open-fleet.js';
import { jsonText } from '../../model/json-text.js';
import { sandboxFolder } from '../../shell/sandbox-folder.js';
import { cannotListen, sandboxOptions, untilStopped } from './sandbox-options.js';
import type { ServeFlags } from './sandbox-options.js';

/**
 * `sandbox serve --fleet`: serves an embedded instance for each entry of an inventory on one port, at `/NAME` or by the
 * Host header. Each has its own token.
 */
export async function serveFleet(file: string, flags: ServeFlags, environment: Environment): Promise<Exit> {
  const { openSandbox, serveSandboxes } = await import('../../sandbox/index.js');
  const { entries } = await readInventory(file, environment);
  const options = await sandboxOptions(flags, environment);
  const folder = flags.memory
    ? null
    : await sandboxFolder(flags.folder ?? '', environment, {
        flag: '--folder',
        defaultFolder: FLEET_SANDBOX,
      });
  const sandboxes = new Map<string, Sandbox>();
  for (const { name } of entries) {
    const place = folder === null ? {} : { folder: join(folder, name) };
    const own = { ...options, token: tokenOf(name), ...place };
    sandboxes.set(name, await withSandboxErrors(() => openSandbox(own), place.folder));
  }
  const served = await serveSandboxes(sandboxes, { port: flags.port ?? 0 }).catch(cannotListen(flags));
  const tokens = Object.fromEntries([...sandboxes].map(([name, { token }]) => [name, token]));
  await printResult(environment, flags.format, {
    text: () => text(served.url, tokens),
    document: answer(served, tokens),
  });
  await untilStopped(environment);
  await served.close();
  for (const sandbox of sandboxes.values()) await withSandboxErrors(() => sandbox.close());
  return EXIT.done;
}

/** A token for this instance, which listens only on loopback. */
function tokenOf(name: string): string {
  return `sandbox-access-token-${name}`;
}

function answer({ url, port }: { url: string; port: number }, tokens: Record<string, string>): unknown {
  const instances = Object.fromEntries(Object.keys(tokens).map((name) => [name, `${url}/${name}`]));
  return {
    formatVersion: 1,
    kind: 'answer',
    question: 'sandbox serve --fleet',
    answer: { url, port, baseUrl: `${url}/{name}`, instances, tokens },
  };
}

function text(url: string, tokens: Record<string, string>): string {
  const count = Object.keys(tokens).length;
  return [
    `${count} ${count === 1 ? 'sandbox listens' : 'sandboxes listen'} on ${url}, each at ${url}/NAME`,
    '',
    `  export DOMO_BASE_URL='${url}/{name}'`,
    '',
    'Tokens, for --tokens FILE:',
    '',
    jsonText(tokens).trimEnd(),
    '',
    'Stop it with Ctrl-C.',
    '',
  ].join('\n');
}
