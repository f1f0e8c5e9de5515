import { addTo, groupBy } from '../../model/group.js';
import { nearName } from '../../model/near-name.js';
import { byCodeUnit } from '../../model/sort.js';
import type { ExistingRole, NewRole, Role } from '../../model/role.js';
import type { RoleKey } from '../../model/role-id.js';
import type { RoleText } from '../change.js';
import type { RoleId } from '../../model/ids.js';

/** Identifies a step: a role has at most one step with a temporary name, and one with its own. */
export interface StepRef {
  role: RoleKey;
  temporary: boolean;
}

interface StepBase {
  after: RoleText;
  /** The steps that must be done first. */
  waitsFor: readonly StepRef[];
}

/** A step that creates a role or sets its name and description. */
export type NameStep =
  | (StepBase & { role: NewRole; before: null; temporary: false })
  | (StepBase & { role: ExistingRole; before: RoleText; temporary: boolean });

/** A change to be ordered: a role to be created, or a live role before and after. */
export type NameChange = { before: null; after: NewRole } | { before: ExistingRole; after: ExistingRole };

/**
 * Orders renames and creations so that a name is free when it is needed: chains from their end, cycles by one temporary
 * name. Near names count as the same name, because an instance may treat them as equal.
 */
export function orderRenames(changes: readonly NameChange[], live: Iterable<Role>): NameStep[] {
  const roles = [...live];
  const steps = new Map(changes.map((change): [RoleKey, NameStep] => [change.after.key, stepOf(change)]));
  const waits = waitsOf(steps, roles);
  const taken = takenNames(changes, roles);

  const done: NameStep[] = [];
  const placed = new Set<RoleKey>();
  const aside = new Map<RoleKey, Rename>();
  let left = [...steps.values()].sort((a, b) => byCodeUnit(a.after.name, b.after.name));
  while (left.length > 0) {
    // What a role still waits for: one with a temporary name no longer has its own.
    const heldUpBy = (key: RoleKey): RoleKey[] =>
      (waits.get(key) ?? []).filter((other) => !placed.has(other) && !aside.has(other));
    const next = left.find(({ role }) => heldUpBy(role.key).length === 0);
    if (next) {
      const { key } = next.role;
      done.push(afterOthers(next, waits.get(key) ?? [], aside));
      placed.add(key);
      left = left.filter((step) => step !== next);
      continue;
    }
    // Everything left waits for a cycle: one of its roles takes a temporary name.
    const [step] = left
      .filter(isRename)
      .filter(({ role }) => inRing(role.key, heldUpBy))
      .sort(byRoleId);
    if (!step) throw new TypeError('names that cannot be ordered');
    const away = moveAside(step, temporaryName(step.role.id, taken));
    done.push(away);
    aside.set(step.role.key, away);
  }
  return done;
}

/** A step that waits for the steps of other roles. If its role has a temporary name, it starts from that name. */
function afterOthers(
  step: NameStep,
  others: readonly RoleKey[],
  aside: ReadonlyMap<RoleKey, Rename>,
): NameStep {
  const first = others.map((role): StepRef => ({ role, temporary: aside.has(role) }));
  const away = aside.get(step.role.key);
  return away && isRename(step) ? moveBack({ ...step, waitsFor: first }, away) : { ...step, waitsFor: first };
}

/** The step that gives a role a temporary name. It waits for nothing. */
export function moveAside(step: Rename, name: string): Rename {
  return { ...step, after: { ...step.before, name }, temporary: true, waitsFor: [] };
}

/** The same step, starting from the temporary name. */
export function moveBack(step: Rename, away: Rename): Rename {
  return { ...step, before: away.after, waitsFor: [...step.waitsFor, refOf(away)] };
}

/** The reference to a step. */
export function refOf({ role, temporary }: NameStep): StepRef {
  return { role: role.key, temporary };
}

/** Finds steps by their references. Throws a `TypeError` if there is no such step, which is a bug. */
export function stepFinder(steps: readonly NameStep[]): (ref: StepRef) => NameStep {
  const byRole = groupBy(steps, ({ role }) => role.key);
  return ({ role, temporary }) => {
    const step = byRole.get(role)?.find((one) => one.temporary === temporary);
    if (!step) throw new TypeError(`no step for ${role}`);
    return step;
  };
}

/** The names that roles have or will have, as `nearName` has them: none of them is free for a temporary name. */
export function takenNames(changes: readonly NameChange[], live: Iterable<Role>): ReadonlySet<string> {
  return new Set([...live, ...changes.map(({ after }) => after)].map(({ name }) => nearName(name)));
}

/**
 * A temporary name for a role in a cycle of renames. Roles in cycles have `id` pins, so a later run finds the role by its
 * id. Names that a role has or will have are skipped.
 */
export function temporaryName(id: RoleId, taken: ReadonlySet<string>): string {
  for (let count = 1; ; count += 1) {
    const name = nthTemporaryName(id, count);
    if (!taken.has(nearName(name))) return name;
  }
}

function nthTemporaryName(id: RoleId, count: number): string {
  const plain = `~domo-roles ${id}`;
  return count === 1 ? plain : `${plain} ${count}`;
}

/** The live roles whose names forced a role to a later temporary name. */
export function rolesThatBlock({ id, name }: { id: RoleId; name: string }, live: Iterable<Role>): Role[] {
  const rejected = new Set<string>();
  for (let count = 1; nthTemporaryName(id, count) !== name; count += 1)
    rejected.add(nearName(nthTemporaryName(id, count)));
  return [...live].filter((role) => rejected.has(nearName(role.name)));
}

export type Rename = Extract<NameStep, { before: RoleText }>;

function stepOf({ before, after }: NameChange): NameStep {
  const text = textOf(after);
  return before
    ? { role: after, before: textOf(before), after: text, temporary: false, waitsFor: [] }
    : { role: after, before, after: text, temporary: false, waitsFor: [] };
}

/** For each role, the roles that must give up its new name first. */
function waitsOf(steps: ReadonlyMap<RoleKey, NameStep>, live: readonly Role[]): Map<RoleKey, RoleKey[]> {
  const holders = new Map<string, RoleKey[]>();
  for (const { name, key } of live) addTo(holders, nearName(name), key);
  const waits = new Map<RoleKey, RoleKey[]>();
  for (const { role, before, after } of steps.values()) {
    if (before?.name === after.name) continue;
    const others = (holders.get(nearName(after.name)) ?? []).filter((key) => key !== role.key);
    waits.set(
      role.key,
      others.filter((key) => givesUpName(steps.get(key), after.name)),
    );
  }
  return waits;
}

/** Whether the wanted name is free only after this step. A role that keeps a near name still frees its exact one. */
function givesUpName(step: NameStep | undefined, wanted: string): boolean {
  if (step?.before == null || step.before.name === step.after.name) return false;
  return step.before.name === wanted || nearName(step.before.name) !== nearName(step.after.name);
}

function isRename(step: NameStep): step is Rename {
  return step.before !== null;
}

function byRoleId(a: Rename, b: Rename): number {
  return a.role.id - b.role.id;
}

function inRing(key: RoleKey, heldUpBy: (key: RoleKey) => readonly RoleKey[]): boolean {
  const seen = new Set<RoleKey>(heldUpBy(key));
  for (const next of seen) {
    if (next === key) return true;
    for (const more of heldUpBy(next)) seen.add(more);
  }
  return false;
}

function textOf({ name, description }: RoleText): RoleText {
  return { name, description };
}
