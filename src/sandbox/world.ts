import type { AuditEvent, SandboxAuthority, SandboxPassword, SandboxState, SandboxUser } from './state.js';
import { openTables, type Mutation, type Tables } from './tables.js';

/** A change to the instance: its rows, and its events in the audit log. */
export interface Change {
  mutations: Mutation[];
  events: Pick<AuditEvent, 'actionType' | 'eventText' | 'objectId' | 'objectName' | 'objectType'>[];
}

/** How a change is committed. */
interface Persistence {
  actor: SandboxUser;
  /** Milliseconds until reads show the change. */
  lateMs: number;
  /** True to drop the change although the response reports success. */
  discard: boolean;
}

/** One instance in memory. */
export interface World {
  readonly instance: string;
  /** The actual state, which rules and permissions use. */
  readonly truth: Tables;
  /** The state that reads see, without the writes that are not visible yet. */
  view(): Tables;
  commit(change: Change, keeping: Persistence): void;
  /** The authorities whose features are on, by id, in the order of the catalogue. */
  readonly catalogue: ReadonlyMap<string, SandboxAuthority>;
  readonly tokens: Map<string, number>;
  readonly sessions: Map<string, number>;
  readonly passwords: Map<string, SandboxPassword>;
  readonly audit: readonly AuditEvent[];
  newRoleId(): number;
  newUserId(): number;
  now(): number;
  /** A copy as plain JSON. It shares the authorities, because nothing writes to them. */
  toState(): SandboxState;
}

const AUDIT_LIMIT = 20_000;
// Steps between ids, large enough to look like Domo's ids.
const ROLE_STEP = 104_729;
const USER_STEP = 7_919;

/** Opens an instance with a copy of the state. `clock` returns epoch milliseconds. */
export function openWorld(given: SandboxState, clock: () => number): World {
  // Worlds share the authorities, because nothing writes to them.
  const { authorities, ...rest } = given;
  const own = structuredClone(rest);
  const state = { ...own, authorities };
  const truth = openTables(state);
  const tokens = new Map(Object.entries(state.tokens));
  const sessions = new Map(Object.entries(state.sessions));
  const passwords = new Map(Object.entries(state.passwords));
  const { audit, nextId } = state;
  const visible = openVisibility(truth, clock);
  return {
    instance: state.instance,
    truth,
    view: visible.view,
    commit(change, { actor, lateMs, discard }) {
      if (discard) return;
      visible.delay(change.mutations, lateMs);
      for (const mutation of change.mutations) truth.apply(mutation);
      record(audit, change, { actor, time: clock() });
    },
    catalogue: catalogueOf(state),
    tokens,
    sessions,
    passwords,
    audit,
    newRoleId: () => takeId(nextId, 'role', (id) => truth.role(id) !== undefined),
    newUserId: () => takeId(nextId, 'user', (id) => truth.user(id) !== undefined),
    now: clock,
    toState: () => ({
      ...structuredClone({
        ...own,
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
      authorities: [...authorities],
    }),
  };
}

/** Delays the visibility of writes. */
interface Visibility {
  view(): Tables;
  /** Must be called before the mutations are applied to the truth. */
  delay(mutations: Mutation[], lateMs: number): void;
}

function openVisibility(truth: Tables, clock: () => number): Visibility {
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
  return {
    view,
    delay(mutations, lateMs) {
      view();
      if (lateMs <= 0 && shadow === null) return;
      shadow ??= truth.copy();
      // Writes become visible in the order in which they were made.
      const at = Math.max(clock() + lateMs, waiting.at(-1)?.at ?? 0);
      waiting.push({ at, mutations });
    },
  };
}

/** Returns the authorities whose features are on. */
function catalogueOf({ authorities, features }: SandboxState): Map<string, SandboxAuthority> {
  const on = features === null ? null : new Set(features);
  const exists = (entry: SandboxAuthority): boolean =>
    on === null || entry.features.every((feature) => on.has(feature));
  return new Map(authorities.filter(exists).map((entry) => [entry.authority, entry]));
}

function record(
  audit: AuditEvent[],
  { events }: Change,
  { actor, time }: { actor: SandboxUser; time: number },
): void {
  const { id: actorId, displayName } = actor;
  for (const event of events)
    audit.push({ ...event, actorId, actorName: displayName, time, userName: displayName });
  if (audit.length > AUDIT_LIMIT) audit.splice(0, audit.length - AUDIT_LIMIT);
}

function takeId(
  nextId: SandboxState['nextId'],
  kind: 'role' | 'user',
  isTaken: (id: number) => boolean,
): number {
  const step = kind === 'role' ? ROLE_STEP : USER_STEP;
  while (isTaken(nextId[kind])) nextId[kind] += step;
  const id = nextId[kind];
  nextId[kind] += step;
  return id;
}
