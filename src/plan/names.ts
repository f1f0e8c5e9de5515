import { nearName } from '../model/names.js';
import { byCodeUnit } from '../model/grant.js';
import type { Role, RoleKey } from '../model/role.js';

/** A role that gets a name (or a description): made, or changed. */
export interface NameStep {
  id: string;
  key: RoleKey;
  /** Null for a role to be made. */
  before: { name: string; description: string } | null;
  after: { name: string; description: string };
  dependsOn: string[];
}

/** The name that a role bears while a ring of names is turned. Found again by the `id` pins that rings need. */
export function temporaryName(id: number): string {
  return `~domo-roles ${id}`;
}

/**
 * Orders renames and creates so that a name is free when it is taken: a chain from its end, a ring by way
 * of one temporary name. Near names count as one, since an instance may hold them to be equal.
 */
export function orderNames(
  changes: readonly { before: Role | null; after: Role }[],
  live: Iterable<Role>,
): NameStep[] {
  const steps = new Map<RoleKey, NameStep>();
  for (const { before, after } of changes) {
    steps.set(after.key, {
      id: `${before ? 'role.update' : 'role.create'}:${after.name}`,
      key: after.key,
      before: before && { name: before.name, description: before.description },
      after: { name: after.name, description: after.description },
      dependsOn: [],
    });
  }
  const holders = new Map<string, RoleKey[]>();
  for (const role of live)
    holders.set(nearName(role.name), [...(holders.get(nearName(role.name)) ?? []), role.key]);
  const waits = new Map<RoleKey, RoleKey[]>();
  for (const step of steps.values()) {
    if (step.before?.name === step.after.name) continue;
    const first = (holders.get(nearName(step.after.name)) ?? []).filter(
      (key) => key !== step.key && renames(steps.get(key)),
    );
    waits.set(step.key, first);
  }

  const done: NameStep[] = [];
  const placed = new Set<RoleKey>();
  const temporary = new Map<RoleKey, string>();
  let left = [...steps.values()].sort((a, b) => byCodeUnit(a.after.name, b.after.name));
  while (left.length > 0) {
    const next = left.find((step) =>
      (waits.get(step.key) ?? []).every((key) => placed.has(key) || temporary.has(key)),
    );
    if (next) {
      next.dependsOn = [
        ...(waits.get(next.key) ?? []).map((key) => temporary.get(key) ?? steps.get(key)?.id ?? ''),
        ...(temporary.has(next.key) ? [temporary.get(next.key) ?? ''] : []),
      ].sort(byCodeUnit);
      done.push(next);
      placed.add(next.key);
      left = left.filter((step) => step !== next);
      continue;
    }
    // Everything left waits for a ring: one role of it steps aside.
    const aside = left.filter((step) => inRing(step.key, waits)).sort((a, b) => idOf(a.key) - idOf(b.key))[0];
    if (!aside?.before) throw new TypeError('names that cannot be ordered');
    const id = `${aside.id}~temporary`;
    done.push({
      ...aside,
      id,
      after: { name: temporaryName(idOf(aside.key)), description: aside.before.description },
      dependsOn: [],
    });
    temporary.set(aside.key, id);
    aside.before = { name: temporaryName(idOf(aside.key)), description: aside.before.description };
  }
  return done;
}

function renames(step: NameStep | undefined): boolean {
  return step?.before != null && nearName(step.before.name) !== nearName(step.after.name);
}

function inRing(key: RoleKey, waits: ReadonlyMap<RoleKey, readonly RoleKey[]>): boolean {
  const seen = new Set<RoleKey>(waits.get(key) ?? []);
  for (const next of seen) {
    if (next === key) return true;
    for (const more of waits.get(next) ?? []) seen.add(more);
  }
  return false;
}

function idOf(key: RoleKey): number {
  return Number(key.slice(1));
}
