import type { Hono } from 'hono';
import type { CachedAccess } from './access.js';
import type { Call, SandboxEnv } from './answers.js';
import { inject, networkError, pause, type WriteHandling } from './inject.js';
import { applyEdit, randomEdit, type Edit } from './edits.js';
import { isWrite, type Fault, type FaultPicker } from './faults.js';
import { lockFolder } from './folder-lock.js';
import type { Quirks } from './quirks.js';
import type { Random } from './random.js';
import { readBody, withoutSecrets, type LoggedRequest } from './request-log.js';
import type { SandboxState } from './state.js';
import { readStored, storedVersion, storeState, type FileVersion } from './store.js';
import { openWorld, type World } from './world.js';

/** The state of an open sandbox. */
export interface Running {
  readonly folder: string | undefined;
  readonly clock: () => number;
  readonly app: Hono<SandboxEnv>;
  readonly random: Random;
  readonly closing: AbortController;
  /** Callbacks that wait for a number of requests. */
  readonly hooks: Set<{ at: number; callback: () => void }>;
  readonly watchers: Set<(request: LoggedRequest) => void>;
  /** Completes a state that is read from the folder. */
  readonly complete: (state: SandboxState) => SandboxState;
  world: World;
  quirks: Quirks;
  faults: FaultPicker;
  requests: LoggedRequest[];
  count: number;
  unsaved: boolean;
  /** The version of the file that `world` equals, or will once everything is saved. */
  version: FileVersion | null;
  /** Holders of `lock`: work in progress that may change `world` and store it. */
  holders: number;
  /** The lock of the folder while this process holds it or waits for it; resolves with what releases it. */
  lock: Promise<() => Promise<void>> | null;
  seen: CachedAccess | null;
}

const LOG_LIMIT = 50_000;

/**
 * Runs work that may change the instance, and stores it. No other process stores an instance in the folder meanwhile; what one
 * stored before is taken over first, so that nothing is lost.
 */
export async function exclusively<T>(running: Running, work: () => Promise<T>): Promise<T> {
  const { folder } = running;
  if (folder === undefined) return work();
  running.holders += 1;
  running.lock ??= lockFolder(folder).then((release) => {
    takeOver(running);
    return release;
  });
  const { lock } = running;
  try {
    await lock;
    return await work();
  } finally {
    running.holders -= 1;
    if (running.holders === 0) {
      running.lock = null;
      await lock.then((release) => release());
    }
  }
}

/**
 * Writes the instance to its folder, if it has one and something changed. A failed write is retried by the next save. Call it
 * from `exclusively`.
 */
export async function save(running: Running): Promise<void> {
  const { folder, world } = running;
  if (folder === undefined || !running.unsaved) return;
  running.unsaved = false;
  try {
    running.version = await storeState(folder, world.toState());
  } catch (error) {
    running.unsaved = true;
    throw error;
  }
}

/**
 * Takes over what another process has stored in the folder, such as a served sandbox and a command with `--sandbox`.
 * What this process has not stored yet comes first.
 */
function takeOver(running: Running): void {
  const { folder } = running;
  if (folder === undefined || running.unsaved) return;
  const version = storedVersion(folder);
  if (version === null || version === running.version) return;
  const stored = readStored(folder);
  if (stored === null) return;
  running.world = openWorld(running.complete(stored), running.clock);
  running.version = version;
}

/** Makes an edit as another person. Returns the id of a new role or user, otherwise null. */
export function makeEdit(running: Running, edit: Edit | null): number | null {
  running.unsaved = true;
  return edit && applyEdit(running.world, edit);
}

/** Logs a request and answers it. Raises the network error of a broken connection. */
export async function answerRequest(running: Running, request: Request): Promise<Response> {
  if (running.closing.signal.aborted) throw networkError('ECONNREFUSED');
  running.count += 1;
  const entry = entryFor(request, running.count, secretsOf(running.world));
  running.requests.push(entry);
  if (running.requests.length > LOG_LIMIT) running.requests.shift();
  try {
    const answer = await respond(running, request, entry);
    entry.status = answer.status;
    return answer;
  } catch (error) {
    entry.status = null;
    throw error;
  } finally {
    callBack(running, entry.n);
  }
}

function callBack({ hooks }: Running, n: number): void {
  for (const hook of hooks) {
    if (n < hook.at) continue;
    hooks.delete(hook);
    hook.callback();
  }
}

async function respond(running: Running, request: Request, entry: LoggedRequest): Promise<Response> {
  // Before the body is read, because faults count requests in the order of arrival.
  const fault = pickFault(running, entry);
  const body = await readBody(request);
  const { quirks, closing, clock } = running;
  entry.body = body.kind === 'json' ? withoutSecrets(body.value, secretsOf(running.world)) : null;
  const answer = (how: WriteHandling): Promise<Response> => {
    const stores = running.unsaved || mayChange(entry);
    const handled = (): Promise<Response> => {
      const { world } = running;
      const call: Call = { world, quirks, actor: null, body, changed: false, ...how };
      return handle(running, { request, call, entry, stores });
    };
    if (stores) return exclusively(running, handled);
    if (running.holders === 0) takeOver(running);
    return handled();
  };
  const unchanged: WriteHandling = { discard: false, lateMs: 0 };
  if (!fault && quirks.slowAnswers === 0) return answer(unchanged);
  const signal = AbortSignal.any([request.signal, closing.signal]);
  const given = fault
    ? await inject(fault, { answer, signal, quirks, now: clock() })
    : await answer(unchanged);
  if (quirks.slowAnswers > 0) await pause(quirks.slowAnswers, signal);
  return given;
}

/** Returns the fault of this request, if any. Makes the edits of `someone-else` faults. */
function pickFault(running: Running, entry: LoggedRequest): Fault | undefined {
  const hits = running.faults.pick(entry);
  entry.faults = hits.map(({ name }) => name);
  for (const hit of hits.filter(({ name }) => name === 'someone-else')) {
    makeEdit(running, hit.edit ?? randomEdit(running.world, running.random));
  }
  return hits.find(({ name }) => name !== 'someone-else');
}

async function handle(
  running: Running,
  { request, call, entry, stores }: { request: Request; call: Call; entry: LoggedRequest; stores: boolean },
): Promise<Response> {
  const { method } = request;
  const answer = await running.app.fetch(request, { call });
  entry.actorId = call.actor?.id ?? null;
  running.unsaved ||= call.changed;
  // Another request may hold the lock, but only until it is answered itself.
  if (stores) await save(running);
  if (!call.changed) return answer;
  entry.status = answer.status;
  if (isWrite(method, entry.path)) {
    for (const watcher of running.watchers) watcher(structuredClone(entry));
  }
  return answer;
}

/** May a request change the instance? A login does: it opens a session. */
function mayChange({ method, path }: LoggedRequest): boolean {
  return method !== 'GET' && method !== 'HEAD' && !path.endsWith('/users/search');
}

function entryFor(request: Request, n: number, secrets: readonly string[]): LoggedRequest {
  const { pathname, searchParams } = new URL(request.url);
  return {
    n,
    method: request.method,
    path: String(withoutSecrets(pathname, secrets)),
    query: withoutSecrets(Object.fromEntries(searchParams), secrets) as Record<string, string>,
    body: null,
    status: null,
    actorId: null,
    faults: [],
  };
}

function secretsOf(world: World): string[] {
  const passwords = [...world.passwords.values()].map(({ password }) => password);
  return [...new Set([...world.tokens.keys(), ...world.sessions.keys(), ...passwords])].filter(
    (secret) => secret !== '',
  );
}
