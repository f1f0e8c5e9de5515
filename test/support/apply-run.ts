import { applyPlan } from '../../src/apply/apply.js';
import type { ApplyOptions, JournalSink } from '../../src/apply/options.js';
import type { Outcome } from '../../src/apply/outcome.js';
import type { JournalEntry } from '../../src/journal/entry.js';
import { entryLine } from '../../src/journal/entry.js';
import { readEntries } from '../../src/journal/read-entries.js';
import type { Plan } from '../../src/plan/plan.js';
import { grantsDifference } from '../../src/apply/compare-grants.js';
import { dependenciesOf } from '../../src/model/closure.js';
import { CATALOGUE } from './apply-world.js';
import type { ApplyWorld } from './apply-world.js';
import { changesOn, planOf, planOfEverything } from './plans-for-apply.js';
import { RUN_ID } from './state-folder.js';

/** A journal in memory. Its entries have been serialized and parsed. */
export function memoryJournal(): JournalSink & { entries: () => JournalEntry[] } {
  let text = '';
  return {
    append: async (entry) => {
      text += entryLine(entry);
    },
    entries: () => readEntries(text, 'journal.jsonl'),
  };
}

/** Applies a plan to the world, by default one request at a time. */
export function applyTo(world: ApplyWorld, plan: Plan, more: Partial<ApplyOptions> = {}): Promise<Outcome> {
  return applyPlan({
    plan,
    reader: world.reader,
    writer: world.writer,
    journal: memoryJournal(),
    clock: world.clock,
    runId: RUN_ID,
    ...more,
    limits: { concurrency: 1, ...more.limits },
  });
}

/** A plan with every kind of change for the live state of the world. */
export async function everything(world: ApplyWorld): Promise<Plan> {
  const hidden = world.state.people.filter((person) => person.kind === 'support');
  return planOfEverything(await world.snapshot(), hidden);
}

/** A plan of two changes, of which another person has already made the first. */
export async function partlyLive(world: ApplyWorld): Promise<Plan> {
  const snapshot = await world.snapshot();
  const on = changesOn(snapshot);
  const plan = planOf(snapshot, [on.grants('Analyst', ['a.view']), on.grants('Writer', ['b.view'])]);
  Object.assign(world.role('Analyst') ?? {}, { grants: ['a.view'] });
  return plan;
}

/** Status by change id. */
export function statuses(outcome: Outcome): Record<string, string> {
  return Object.fromEntries(outcome.changes.map((change) => [change.id, change.status]));
}

/** Live state by names: equal for two runs in which new roles got different ids. */
export function picture(world: ApplyWorld): unknown {
  const { roles, people, defaultRoleId, allowlist } = world.state;
  const name = (id: number): string => roles.find((role) => role.id === id)?.name ?? `role ${id}`;
  return {
    roles: roles
      .map(({ name: own, description, grants }) => ({ name: own, description, grants }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    people: Object.fromEntries(people.map((person) => [person.id, name(person.roleId)])),
    defaultRole: name(defaultRoleId),
    allowlist: typeof allowlist === 'string' ? allowlist : allowlist.map(name).sort(),
  };
}

/** Does the world have the effect of this change? For changes that no later change overwrites. */
export function hasEffect(world: ApplyWorld, plan: Plan, id: string): boolean {
  const change = plan.changes.find((one) => one.id === id);
  if (!change) throw new TypeError(`no change ${id}`);
  const { roles, people, defaultRoleId, allowlist } = world.state;
  const idOf = (roleId: number | string | null): number | undefined =>
    typeof roleId === 'number' ? roleId : roles.find((role) => `new:${role.name}` === roleId)?.id;
  const role = roles.find((one) => one.id === idOf(change.roleId));
  const off = (wanted: readonly string[]): boolean => {
    const { missing, extra } = grantsDifference(role?.grants ?? [], wanted, dependenciesOf(CATALOGUE));
    return missing.length + extra.length > 0;
  };
  switch (change.kind) {
    case 'role.create':
      return role !== undefined;
    case 'role.update':
      return role?.name === change.after.name;
    case 'grants.set':
      return role !== undefined && !off(change.after);
    case 'members.move':
      return change.people.every((move) => people.find((one) => one.id === move.id)?.roleId === role?.id);
    case 'defaultRole.set':
      return defaultRoleId === role?.id;
    case 'allowlist.set': {
      const wanted = change.afterIds?.map(idOf) ?? 'off';
      if (typeof wanted === 'string' || typeof allowlist === 'string') return wanted === allowlist;
      return wanted.every((one) => one !== undefined && allowlist.includes(one));
    }
    case 'role.delete':
      return role === undefined;
  }
}
