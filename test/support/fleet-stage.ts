import { chmod, mkdir, mkdtemp, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FleetDocument, FleetRow } from '../../src/fleet/document.js';
import { fetchByName, openSandbox, serveSandbox, serveSandboxes } from '../../src/sandbox/index.js';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.js';
import { timeWithSkippedWaits, runWithin } from './in-process.js';
import type { Ended, Within } from './in-process.js';

/** A manifest that creates one role on an instance that has none of its own. */
export const BASE = `apiVersion: domo-roles/v1
kind: Roles
roles:
  Fleet Viewer:
    description: Looks at finance
    grants: [alert.edit, content.export]
`;

/** The token of an instance of a stage. */
export const tokenOf = (instance: string): string => `token-of-${instance}-7f3a`;

/** The requests to an instance, with headers and body as text. */
export type Seen = Map<string, string[]>;

/** A folder with an inventory, many instances on one port, and functions that run the command on them. */
export interface FleetStage {
  folder: string;
  url: string;
  /** The options, other than the folder, with which a run within this process reaches the instances. */
  within: Partial<Within>;
  /** By the name of the instance. */
  sandboxes: ReadonlyMap<string, Sandbox>;
  seen: Seen;
  /** Runs `fleet COMMAND` within this process, with the tokens of all instances. */
  fleet: (verb: string, ...args: string[]) => Promise<Ended>;
  /** The same without an address and tokens, for commands that read no instance. */
  offline: (verb: string, ...args: string[]) => Promise<Ended>;
  /** The same with further parts of an environment: a signal, a clock, a stream. */
  fleetIn: (within: Partial<Within>, verb: string, ...args: string[]) => Promise<Ended>;
  write: (file: string, text: string, mode?: number) => Promise<void>;
  /** The fleet document in a folder of a run. */
  document: (out: string) => Promise<FleetDocument>;
  close: () => Promise<void>;
}

/** An inventory with these entries, given as YAML flow maps, and more keys below it. */
export function inventoryOf(entries: Readonly<Record<string, string>>, more = ''): string {
  const lines = Object.entries(entries).map(([name, entry]) => `  ${name}: ${entry}\n`);
  return `apiVersion: domo-roles/v1\nkind: Fleet\nname: customers\nmanifest: base.yaml\ninstances:\n${lines.join('')}${more}`;
}

/**
 * Opens a stage of these instances, each a small company unless it has options of its own. Runs hand their requests
 * to the instances, without a socket in between.
 */
export function openFleetStage(
  names: readonly string[],
  options: Readonly<Record<string, SandboxOptions>> = {},
): Promise<FleetStage> {
  return openOver('call', names, options);
}

/** The same with a real socket between the command and the instances. */
export function openFleetSocketStage(
  names: readonly string[],
  options: Readonly<Record<string, SandboxOptions>> = {},
): Promise<FleetStage> {
  return openOver('socket', names, options);
}

async function openOver(
  way: 'call' | 'socket',
  names: readonly string[],
  options: Readonly<Record<string, SandboxOptions>>,
): Promise<FleetStage> {
  const folder = await mkdtemp(join(tmpdir(), 'domo-roles-fleet-'));
  const sandboxes = new Map<string, Sandbox>();
  for (const name of names) {
    sandboxes.set(
      name,
      await openSandbox({ clock: timeWithSkippedWaits, token: tokenOf(name), ...options[name] }),
    );
  }
  const seen: Seen = new Map();
  const watched = new Map(
    [...sandboxes].map(([name, sandbox]) => [name, watch(name, sandbox, seen)] as const),
  );
  const served = await serveSandboxes(watched);
  const ask = (request: Request): Promise<Response> => fetchByName(request, watched);
  const within: Partial<Within> =
    way === 'call' ? { fetchFor: (url) => (url.startsWith(`${served.url}/`) ? ask : null) } : {};
  const write: FleetStage['write'] = async (file, text, mode = 0o600) => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
    await chmod(join(folder, file), mode);
  };
  await write('base.yaml', BASE);
  await write('fleet.yaml', inventoryOf(Object.fromEntries(names.map((name) => [name, '{}']))));
  await write('tokens.json', JSON.stringify(Object.fromEntries(names.map((name) => [name, tokenOf(name)]))));
  const fleetIn: FleetStage['fleetIn'] = (more, verb, ...args) =>
    runWithin(['fleet', verb, ...args, '--base-url', `${served.url}/{name}`, '--tokens', 'tokens.json'], {
      cwd: folder,
      skipWaits: true,
      ...within,
      ...more,
    });
  return {
    ...{ folder, url: served.url, within, sandboxes, seen, write, fleetIn },
    fleet: (verb, ...args) => fleetIn({}, verb, ...args),
    offline: (verb, ...args) => runWithin(['fleet', verb, ...args], { cwd: folder, skipWaits: true }),
    document: (out) => readFleet(join(folder, out)),
    close: async () => {
      await served.close();
      for (const sandbox of sandboxes.values()) await sandbox.close();
    },
  };
}

/** Serves addresses of any instance: each request is recorded and rejected. */
export async function openRejectingServer(): Promise<{
  url: string;
  seen: Seen;
  close: () => Promise<void>;
}> {
  const seen: Seen = new Map();
  const served = await serveSandbox(
    {
      fetch: async (request) => {
        const name = new URL(request.url).pathname.split('/')[1] ?? '';
        await record(name, request, seen);
        return Response.json({ message: 'no' }, { status: 401 });
      },
    },
    {},
  );
  return { url: served.url, seen, close: () => served.close() };
}

function watch(name: string, sandbox: Sandbox, seen: Seen): Pick<Sandbox, 'fetch'> {
  return {
    fetch: async (request) => {
      await record(name, request.method === 'GET' ? request : request.clone(), seen);
      return sandbox.fetch(request);
    },
  };
}

async function record(name: string, request: Request, seen: Seen): Promise<void> {
  const headers = JSON.stringify([...request.headers]);
  const body = request.method === 'GET' ? '' : await request.text();
  seen.set(name, [...(seen.get(name) ?? []), `${request.method} ${request.url} ${headers} ${body}`]);
}

/** The fleet document of a folder. */
export async function readFleet(folder: string): Promise<FleetDocument> {
  return JSON.parse(await readFile(join(folder, 'fleet.json'), 'utf8')) as FleetDocument;
}

/** The row of an instance. */
export function rowOf(document: FleetDocument, instance: string): FleetRow {
  const row = document.rows.find((one) => one.instance === instance);
  if (!row) throw new Error(`no row of ${instance}`);
  return row;
}

/** `acme clean`, a line per row. */
export function statuses({ rows }: FleetDocument): string[] {
  return rows.map(({ instance, status }) => `${instance} ${status}`);
}

/** Every file below a folder with its text and mode, by its path with forward slashes. */
export async function filesBelow(folder: string): Promise<Map<string, { text: string; mode: number }>> {
  const found = new Map<string, { text: string; mode: number }>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const { mode } = await stat(path);
    const text = entry.isFile() ? await readFile(path, 'utf8') : '';
    found.set(path.slice(folder.length + 1).replaceAll('\\', '/'), { text, mode: mode & 0o777 });
  }
  return found;
}
