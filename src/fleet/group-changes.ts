import type { Change } from '../plan/change.js';
import type { Grant } from '../model/grant.js';
import { byCodeUnit } from '../model/sort.js';
import { assertNever } from '../model/exhaustive.js';

/** A change in the form that a group of instances shares: no id, the number of people, grants added and removed. */
export interface GroupChange {
  kind: Change['kind'];
  role: string | null;
  step: string | null;
  /** Everything else that distinguishes the change from others of its kind: names, texts, the allowlist. */
  detail: readonly string[];
  people: number;
  /** Sorted. */
  added: readonly Grant[];
  removed: readonly Grant[];
}

/** Reduces a change to what instances can share. */
export function groupChange(change: Change): GroupChange {
  const base = { kind: change.kind, role: change.role, step: change.step };
  const none = { detail: [], people: 0, added: [], removed: [] };
  switch (change.kind) {
    case 'role.create': {
      const { name, description, startsFrom, grants } = change.after;
      return { ...base, ...none, detail: [name, description, startsFrom.name], added: sorted(grants) };
    }
    case 'role.update': {
      const { before, after } = change;
      return { ...base, ...none, detail: [before.name, before.description, after.name, after.description] };
    }
    case 'grants.set': {
      // A new role loses nothing: its starting grants are replaced at once.
      if (typeof change.roleId === 'string') return { ...base, ...none, added: sorted(change.after) };
      const [before, after] = [new Set(change.before), new Set(change.after)];
      const added = sorted(change.after.filter((grant) => !before.has(grant)));
      const removed = sorted(change.before.filter((grant) => !after.has(grant)));
      return { ...base, ...none, added, removed };
    }
    case 'members.move':
      return { ...base, ...none, people: change.people.length };
    case 'defaultRole.set':
      return { ...base, ...none, detail: [change.before, change.after] };
    case 'allowlist.set':
      return { ...base, ...none, detail: [namesText(change.before), namesText(change.after)] };
    case 'role.delete':
      return { ...base, ...none, detail: [change.before.name] };
    default:
      return assertNever(change);
  }
}

function namesText(names: readonly string[] | 'off'): string {
  return names === 'off' ? 'off' : JSON.stringify([...names].sort(byCodeUnit));
}

function sorted(grants: readonly Grant[]): Grant[] {
  return [...grants].sort(byCodeUnit);
}
