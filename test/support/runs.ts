import type { JournalEntry, ChangeStatus } from '../../src/journal/entry.js';
import { replay } from '../../src/journal/replay.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import type { Change } from '../../src/plan/change.js';
import type { Plan } from '../../src/plan/plan.js';
import type { RunRecord } from '../../src/rollback/rollback.js';
import { perform } from './interpreter.js';
import { RUN_ID } from './state-folder.js';

const AT = '2026-02-01T00:00:00.000Z';

/** The ids of created roles are increased, so that a second run on the same instance creates different ones. */
const MADE = 7_000;

/** The point at which a run was interrupted. */
export interface Interruption {
  /** The number of changes that were done and confirmed. */
  done: number;
  /** The next change was sent, and the run died before reading back. It was carried out, or not. */
  then?: 'carried-out' | 'lost' | null;
}

/** A run that was interrupted at this point, and the instance as it left it. */
export function runOf(
  plan: Plan,
  before: Snapshot,
  { done, then = null }: Interruption,
): { run: RunRecord; live: Snapshot } {
  const changes = plan.changes.slice(0, done + (then === 'carried-out' ? 1 : 0));
  const states = perform(before, changes);
  const live = states.at(-1) ?? before;
  const ids = new Map<string, number>();
  for (const [index, change] of changes.entries()) {
    if (change.kind !== 'role.create') continue;
    const known = new Set((states[index - 1] ?? before).roles.map(({ id }) => id));
    ids.set(change.id, states[index]?.roles.find(({ id }) => !known.has(id))?.id ?? 0);
  }
  const entries: JournalEntry[] = [];
  const note = (entry: object): void => {
    entries.push({ v: 1, at: AT, ...entry } as JournalEntry);
  };
  const first = before.roles.map(({ id }) => id);
  note({
    kind: 'begun',
    runId: RUN_ID,
    instance: plan.instance,
    plan: plan.digest,
    changes: plan.changes.length,
    roleIds: first,
  });
  const sent = (change: Change): void =>
    note({ kind: 'about-to-send', change: change.id, step: 'change', attempt: 1, role: null });
  for (const change of plan.changes.slice(0, done)) {
    sent(change);
    const id = ids.get(change.id);
    const roleId = id === undefined ? null : id + MADE;
    note({
      kind: 'answered',
      change: change.id,
      step: 'change',
      attempt: 1,
      said: 'yes',
      status: 200,
      roleId,
    });
    note({
      kind: 'confirmed',
      change: change.id,
      status: 'done' satisfies ChangeStatus,
      roleId,
      reason: null,
      because: null,
    });
  }
  const cut = plan.changes[done];
  if (then !== null && cut) sent(cut);
  return {
    run: { id: 'r', plan, before, replay: replay(entries) },
    live: movedUp(live, new Set(ids.values())),
  };
}

function movedUp(live: Snapshot, made: ReadonlySet<number>): Snapshot {
  const up = (id: number): number => (made.has(id) ? id + MADE : id);
  return {
    ...live,
    roles: live.roles.map((role) => ({ ...role, id: up(role.id) })),
    people: { ...live.people, list: live.people.list.map((one) => ({ ...one, roleId: up(one.roleId) })) },
    defaultRoleId: up(live.defaultRoleId),
    allowlist: typeof live.allowlist === 'string' ? live.allowlist : live.allowlist.map(up),
  };
}

/** Live state by names: equal for two instances whose roles have different ids. */
export function byNames(snapshot: Snapshot): unknown {
  const name = (id: number): string => snapshot.roles.find((role) => role.id === id)?.name ?? `role ${id}`;
  const { allowlist } = snapshot;
  return {
    roles: Object.fromEntries(
      snapshot.roles.map((role) => [role.name, { description: role.description, grants: role.grants }]),
    ),
    people: Object.fromEntries(snapshot.people.list.map((one) => [one.id, name(one.roleId)])),
    defaultRole: name(snapshot.defaultRoleId),
    allowlist: typeof allowlist === 'string' ? allowlist : allowlist.map(name).sort(),
  };
}
