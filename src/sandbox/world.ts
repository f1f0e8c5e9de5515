import type { AuditEvent, SandboxAuthority, SandboxPassword, SandboxState, SandboxUser } from './state.js';
import { openTables, type Mutation, type Tables } from './tables.js';

/** A change to the instance: its rows, and what the audit log says about it. */
export interface Change {
  mutations: Mutation[];
  events: Pick<AuditEvent, 'actionType' | 'eventText' | 'objectId' | 'objectName' | 'objectType'>[];
}

/** How a change is kept: by whom, how long reads do not see it, or not at all. */
export interface Persistence {
  actor: SandboxUser;
  /** Milliseconds for which reads go on showing what was before. */
  lateMs: number;
  /** True: the answer says that it was done, and nothing is kept. */
  discard: boolean;
}

/** One instance in memory. */
export interface World {
  readonly instance: string;
  /** What is so. Rules and permissions are judged by it. */
  readonly truth: Tables;
  /** What reads see: the truth, or what was so before the writes that are not visible yet. */
  view(): Tables;
  commit(change: Change, keeping: Persistence): void;
  /** The authorities that exist here, by id: those whose features are on. In catalogue order. */
  readonly catalogue: ReadonlyMap<string, SandboxAuthority>;
  readonly tokens: Map<string, number>;
  readonly sessions: Map<string, number>;
  readonly passwords: Map<string, SandboxPassword>;
  readonly audit: readonly AuditEvent[];
  newRoleId(): number;
  newUserId(): number;
  now(): number;
  /** A deep copy as plain JSON. */
  toState(): SandboxState;
}

const AUDIT_LIMIT = 20_000;
// Steps between ids: big enough that ids look like Domo's own, coprime enough that they stay apart.
const ROLE_STEP = 104_729;
const USER_STEP = 7_919;

/** Opens an instance over a copy of the state. `clock` gives epoch milliseconds. */
export function openWorld(given: SandboxState, clock: () => number): World {
  const state = structuredClone(given);
  const truth = openTables(state);
  const tokens = new Map(Object.entries(state.tokens));
  const sessions = new Map(Object.entries(state.sessions));
  const passwords = new Map(Object.entries(state.passwords));
  const audit = state.audit;
  const nextId = state.nextId;
  const features = state.features === null ? null : new Set(state.features);
  const exists = (entry: SandboxAuthority): boolean =>
    features === null || entry.features.every((feature) => features.has(feature));
  const catalogue = new Map(state.authorities.filter(exists).map((entry) => [entry.authority, entry]));

  let shadow: Tables | null = null;
  let waiting: { at: number; mutations: Mutation[] }[] = [];

  const view = (): Tables => {
    if (shadow === null) return truth;
    const now = clock();
    const due = waiting.filter((entry) => entry.at <= now);
    waiting = waiting.slice(due.length);
    for (const entry of due) for (const mutation of entry.mutations) shadow.apply(mutation);
    if (waiting.length === 0) shadow = null;
    return shadow ?? truth;
  };

  const show = (mutations: Mutation[], lateMs: number): void => {
    view();
    if (lateMs <= 0 && shadow === null) return;
    shadow ??= truth.copy();
    // Writes become visible in the order they were made, so that an early one never overtakes.
    const at = Math.max(clock() + lateMs, waiting.at(-1)?.at ?? 0);
    waiting.push({ at, mutations });
  };

  return {
    instance: state.instance,
    truth,
    view,
    commit(change, { actor, lateMs, discard }) {
      if (discard) return;
      show(change.mutations, lateMs);
      for (const mutation of change.mutations) truth.apply(mutation);
      for (const event of change.events) {
        audit.push({
          ...event,
          actorId: actor.id,
          actorName: actor.displayName,
          time: clock(),
          userName: actor.displayName,
        });
      }
      if (audit.length > AUDIT_LIMIT) audit.splice(0, audit.length - AUDIT_LIMIT);
    },
    catalogue,
    tokens,
    sessions,
    passwords,
    audit,
    newRoleId() {
      while (truth.role(nextId.role)) nextId.role += ROLE_STEP;
      const id = nextId.role;
      nextId.role += ROLE_STEP;
      return id;
    },
    newUserId() {
      while (truth.user(nextId.user)) nextId.user += USER_STEP;
      const id = nextId.user;
      nextId.user += USER_STEP;
      return id;
    },
    now: clock,
    toState: () =>
      structuredClone({
        ...state,
        roles: truth.roles(),
        users: truth.userIds().flatMap((id) => truth.user(id) ?? []),
        settings: truth.settings(),
        customerStates: Object.fromEntries(truth.customerStates()),
        tokens: Object.fromEntries(tokens),
        sessions: Object.fromEntries(sessions),
        passwords: Object.fromEntries(passwords),
        audit,
        nextId,
      }),
  };
}
