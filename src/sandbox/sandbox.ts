import type { Call } from './answers.js';
import { createApp } from './app.js';
import { disturb, networkError, pause, type Disturbance } from './disturb.js';
import { applyEdit, randomEdit, type Edit } from './edits.js';
import { armFaults, isWrite, type Fault } from './faults.js';
import { NO_QUIRKS, type Quirks } from './quirks.js';
import { openRandom } from './random.js';
import { readBody, withoutSecrets, type LoggedRequest } from './request-log.js';
import { SANDBOX_TOKEN, seedState } from './seed.js';
import { checkState, type SandboxState } from './state.js';
import { loadState, saveState } from './store.js';
import { openWorld, type World } from './world.js';

/** How a sandbox is opened. Everything may be left out. */
export interface SandboxOptions {
  /** Keeps the instance in this folder. What is in it already wins over `state`. */
  folder?: string;
  /** What the instance starts as, and goes back to on `reset()`. Default: the small company. */
  state?: SandboxState;
  quirks?: Partial<Quirks>;
  faults?: readonly Fault[];
  /** Decides random faults. */
  seed?: number;
  /** An access token of an Admin. */
  token?: string;
  /** Epoch milliseconds; decides audit times and when late writes become visible. */
  clock?: () => number;
}

/** An embedded Domo instance. */
export interface Sandbox {
  /** Answers a request in-process. Raises an Error with a `code` where a fault breaks the connection. */
  fetch(request: Request): Promise<Response>;
  /** An access token that belongs to an Admin. */
  readonly token: string;
  /** The whole instance as plain JSON, a copy. */
  state(): SandboxState;
  /** Who may do what now: the grants of each role, and the role of each account that is not deleted, by their ids. */
  access(): SandboxAccess;
  /** Back to this state, or to what it was opened with. Log and armed faults stay. */
  reset(state?: SandboxState): Promise<void>;
  /** Every request so far. */
  log(): LoggedRequest[];
  clearLog(): void;
  /** Replaces all quirks: those not named are off. */
  setQuirks(quirks: Partial<Quirks>): void;
  /** Replaces all faults and starts their counts anew. */
  setFaults(faults: readonly Fault[]): void;
  /** Somebody else changes the instance now. Gives the id of what was made, else null. Raises what Domo would refuse. */
  edit(edit: Edit): number | null;
  /** Calls back once, when so many more requests are answered and before any later one starts. */
  after(requests: number, callback: () => void): void;
  /** Calls back after every write that was carried out, before its answer goes out. Gives the way to stop it. */
  onWrite(callback: (request: LoggedRequest) => void): () => void;
  /** Ends requests that hang, and answers no more. */
  close(): Promise<void>;
}

/** What decides who may do what: cheap to ask for after every write, however many people there are. */
export interface SandboxAccess {
  roles: ReadonlyMap<number, readonly string[]>;
  people: ReadonlyMap<number, number>;
}

const LOG_LIMIT = 50_000;

/** Opens an embedded Domo instance. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const clock = options.clock ?? Date.now;
  const token = options.token ?? SANDBOX_TOKEN;
  const seed = options.seed ?? 1;
  const { folder } = options;
  const first = structuredClone(checkState(options.state ?? seedState(), 'the given state'));
  const kept = folder === undefined ? null : await loadState(folder);
  let world = openWorld(withToken(kept ?? first, token), clock);
  let quirks: Quirks = { ...NO_QUIRKS, ...options.quirks };
  let faults = armFaults(options.faults ?? [], seed);
  const random = openRandom(seed + 1);
  const app = createApp();
  const closing = new AbortController();
  const hooks = new Set<{ at: number; callback: () => void }>();
  const watchers = new Set<(request: LoggedRequest) => void>();
  let requests: LoggedRequest[] = [];
  let count = 0;

  let unsaved = true;
  let seen: SeenAccess | null = null;

  const save = async (): Promise<void> => {
    if (folder === undefined || !unsaved) return;
    unsaved = false;
    await saveState(folder, world.toState());
  };
  await save();

  const makeEdit = (edit: Edit | null): number | null => {
    unsaved = true;
    return edit && applyEdit(world, edit);
  };

  const befallen = (entry: LoggedRequest): Fault | undefined => {
    const hits = faults.pick(entry);
    entry.faults = hits.map(({ name }) => name);
    for (const hit of hits.filter(({ name }) => name === 'someone-else')) {
      makeEdit(hit.edit ?? randomEdit(world, random));
    }
    return hits.find(({ name }) => name !== 'someone-else');
  };

  const carryOut = async (request: Request, call: Call, entry: LoggedRequest): Promise<Response> => {
    const { method, url, headers } = request;
    const answer = await app.fetch(new Request(url, { method, headers }), { call });
    entry.actorId = call.actor?.id ?? null;
    unsaved ||= call.changed;
    await save();
    if (!call.changed) return answer;
    entry.status = answer.status;
    if (isWrite(method, entry.path)) for (const watcher of watchers) watcher(structuredClone(entry));
    return answer;
  };

  const respond = async (
    request: Request,
    entry: LoggedRequest,
    fault: Fault | undefined,
  ): Promise<Response> => {
    const body = await readBody(request);
    entry.body = body.kind === 'json' ? withoutSecrets(body.value, secretsOf(world)) : null;
    const answer = (how: Disturbance): Promise<Response> =>
      carryOut(request, { world, quirks, actor: null, body, changed: false, ...how }, entry);
    if (!fault && quirks.slowAnswers === 0) return answer({ discard: false, lateMs: 0 });
    const signal = AbortSignal.any([request.signal, closing.signal]);
    const given = fault
      ? await disturb(fault, { answer, signal, quirks, now: clock() })
      : await answer({ discard: false, lateMs: 0 });
    if (quirks.slowAnswers > 0) await pause(quirks.slowAnswers, signal);
    return given;
  };

  return {
    token,
    async fetch(request) {
      if (closing.signal.aborted) throw networkError('ECONNREFUSED');
      count += 1;
      const entry = entryFor(request, count, secretsOf(world));
      requests.push(entry);
      if (requests.length > LOG_LIMIT) requests.shift();
      try {
        const answer = await respond(request, entry, befallen(entry));
        entry.status = answer.status;
        return answer;
      } catch (error) {
        entry.status = null;
        throw error;
      } finally {
        for (const hook of hooks) {
          if (entry.n < hook.at) continue;
          hooks.delete(hook);
          hook.callback();
        }
      }
    },
    state: () => world.toState(),
    access: () => (seen = accessOf(world, seen)),
    async reset(state) {
      const next = state === undefined ? first : checkState(state, 'the given state');
      world = openWorld(withToken(next, token), clock);
      unsaved = true;
      await save();
    },
    log: () => structuredClone(requests),
    clearLog() {
      requests = [];
    },
    setQuirks(next) {
      quirks = { ...NO_QUIRKS, ...next };
    },
    setFaults(next) {
      faults = armFaults(next, seed);
    },
    edit: makeEdit,
    after(more, callback) {
      if (more <= 0) callback();
      else hooks.add({ at: count + more, callback });
    },
    onWrite(callback) {
      watchers.add(callback);
      return () => watchers.delete(callback);
    },
    async close() {
      closing.abort(networkError('ECONNRESET'));
      await save();
    },
  };
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

interface SeenAccess extends SandboxAccess {
  world: World;
  version: number;
}

/** People are gone through again only when an account has changed since. */
function accessOf(world: World, before: SeenAccess | null): SeenAccess {
  const { truth } = world;
  const version = truth.userVersion();
  const roles = new Map(truth.roles().map(({ id, authorities }) => [id, authorities]));
  if (before?.world === world && before.version === version) return { ...before, roles };
  const people = new Map<number, number>();
  for (const id of truth.userIds()) {
    const user = truth.user(id);
    if (user && !user.deleted) people.set(id, user.roleId);
  }
  return { world, version, roles, people };
}

function secretsOf(world: World): string[] {
  const passwords = [...world.passwords.values()].map(({ password }) => password);
  return [...new Set([...world.tokens.keys(), ...world.sessions.keys(), ...passwords])].filter(
    (secret) => secret !== '',
  );
}

/** Gives the token to an Admin, unless it is somebody's already. */
function withToken(state: SandboxState, token: string): SandboxState {
  if (Object.hasOwn(state.tokens, token)) return state;
  const admin = state.users
    .filter(
      (user) =>
        user.roleId === 1 && !user.deleted && !user.isPending && !user.isSupport && !user.isSystemUser,
    )
    .sort((a, b) => a.id - b.id)[0];
  return admin ? { ...state, tokens: { ...state.tokens, [token]: admin.id } } : state;
}
