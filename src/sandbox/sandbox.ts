import { accessOf, type SandboxAccess } from './access.js';
import { createApp } from './app.js';
import { networkError } from './inject.js';
import type { Edit } from './edits.js';
import { armFaults, type Fault } from './faults.js';
import { NO_QUIRKS, type Quirks } from './quirks.js';
import { openRandom } from './random.js';
import type { LoggedRequest } from './request-log.js';
import { answerRequest, exclusively, makeEdit, save, type Running } from './running.js';
import { SANDBOX_TOKEN, seedState } from './seed.js';
import { checkState, type SandboxState } from './state.js';
import { loadState, storedVersion } from './store.js';
import { openWorld } from './world.js';

/** Options of `openSandbox`. */
export interface SandboxOptions {
  /** Stores the instance in this folder. A stored instance has precedence over `state`. */
  folder?: string;
  /** The initial state, which `reset()` restores. Default: the seeded company. */
  state?: SandboxState;
  quirks?: Partial<Quirks>;
  faults?: readonly Fault[];
  /** Decides random faults. */
  seed?: number;
  /** An access token of an Admin. */
  token?: string;
  /** Returns epoch milliseconds for audit times and late writes. Default: the system clock. */
  clock?: () => number;
}

/** An embedded Domo instance. */
export interface Sandbox {
  /** Answers a request in-process. Raises an Error with a `code` if a fault breaks the connection. */
  fetch(request: Request): Promise<Response>;
  /** An access token that belongs to an Admin. */
  readonly token: string;
  /** Returns a copy of the whole instance as plain JSON. */
  state(): SandboxState;
  /** Returns the grants of each role, and the role of each account that is not deleted, by id. */
  access(): SandboxAccess;
  /** Restores this state, or the initial one. Keeps the log and the faults. */
  reset(state?: SandboxState): Promise<void>;
  /** Returns every request so far. */
  log(): LoggedRequest[];
  clearLog(): void;
  /** Replaces all quirks: those not named are off. */
  setQuirks(quirks: Partial<Quirks>): void;
  /** Replaces all faults and resets their counts. */
  setFaults(faults: readonly Fault[]): void;
  /** Changes the instance as another person. Returns the id of a new role or user, otherwise null. Raises Domo's refusals. */
  edit(edit: Edit): number | null;
  /** Calls back once, after this number of further requests and before the next one starts. */
  after(requests: number, callback: () => void): void;
  /** Calls back after every successful write, before its response is sent. Returns a function that unsubscribes. */
  onWrite(callback: (request: LoggedRequest) => void): () => void;
  /** Ends pending requests, and refuses new ones. */
  close(): Promise<void>;
}

/** Opens an embedded Domo instance. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { folder, clock = Date.now, token = SANDBOX_TOKEN, seed = 1 } = options;
  const first = firstState(options.state);
  const complete = (state: SandboxState): SandboxState => withToken(state, token);
  const version = folder === undefined ? null : storedVersion(folder);
  const kept = folder === undefined ? null : await loadState(folder);
  const state = complete(kept ?? first);
  const running: Running = {
    folder,
    clock,
    app: (sharedApp ??= createApp()),
    random: openRandom(seed + 1),
    closing: new AbortController(),
    hooks: new Set(),
    watchers: new Set(),
    complete,
    world: openWorld(state, clock),
    quirks: { ...NO_QUIRKS, ...options.quirks },
    faults: armFaults(options.faults ?? [], seed),
    requests: [],
    count: 0,
    unsaved: false,
    version,
    holders: 0,
    lock: null,
    seen: null,
  };
  if (state !== kept) {
    await exclusively(running, () => {
      running.unsaved = true;
      return save(running);
    });
  }
  return sandboxOf(running, { token, seed, first });
}

/** The API and the seeded company, shared by all sandboxes, because nothing writes to them. */
let sharedApp: Running['app'] | null = null;
let sharedCompany: SandboxState | null = null;

function firstState(given: SandboxState | undefined): SandboxState {
  return given === undefined
    ? (sharedCompany ??= seedState())
    : structuredClone(checkState(given, 'the given state'));
}

function sandboxOf(
  running: Running,
  { token, seed, first }: { token: string; seed: number; first: SandboxState },
): Sandbox {
  return {
    token,
    fetch: (request) => answerRequest(running, request),
    state: () => running.world.toState(),
    access: () => (running.seen = accessOf(running.world, running.seen)),
    async reset(state) {
      const next = state === undefined ? first : checkState(state, 'the given state');
      await exclusively(running, () => {
        running.world = openWorld(running.complete(next), running.clock);
        running.unsaved = true;
        return save(running);
      });
    },
    log: () => structuredClone(running.requests),
    clearLog() {
      running.requests = [];
    },
    setQuirks(next) {
      running.quirks = { ...NO_QUIRKS, ...next };
    },
    setFaults(next) {
      running.faults = armFaults(next, seed);
    },
    edit: (edit) => makeEdit(running, edit),
    after(more, callback) {
      if (more <= 0) callback();
      else running.hooks.add({ at: running.count + more, callback });
    },
    onWrite(callback) {
      running.watchers.add(callback);
      return () => running.watchers.delete(callback);
    },
    async close() {
      running.closing.abort(networkError('ECONNRESET'));
      if (running.unsaved) await exclusively(running, () => save(running));
    },
  };
}

/** Assigns the token to an Admin, unless it already belongs to an account. */
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
