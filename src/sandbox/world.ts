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
  // Nothing writes to the authorities, so that worlds may share them.
  const { authorities, ...own } = given;
  const state = { ...structuredClone(own), authorities };
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

/** What reads see while some writes are not visible yet. */
interface Visibility {
  view(): Tables;
  /** Called before the mutations are applied to the truth. */
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
      // Writes become visible in the order they were made, so that an early one never overtakes.
      const at = Math.max(clock() + lateMs, waiting.at(-1)?.at ?? 0);
      waiting.push({ at, mutations });
    },
  };
}

/** The authorities whose features are on. */
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
