import { grantList } from '../model/grant.js';
import type { Grant } from '../model/grant.js';
import type { PersonId, RoleId } from '../model/ids.js';

/** Access at one moment: the grants of each role and the role of each person, by id. */
export interface Access {
  roles: ReadonlyMap<RoleId, readonly Grant[]>;
  people: ReadonlyMap<PersonId, RoleId>;
}

/** People who temporarily held more grants than both before and after. */
export interface Excess {
  /** The position of the write, starting at 1. */
  write: number;
  /** Ids of the people in this role with excess grants. Sorted. */
  people: readonly PersonId[];
  /** The role of these people at that moment. */
  roleId: RoleId;
  /** The excess grants. Sorted. */
  grants: readonly Grant[];
}

/** What changed in access between two moments. */
interface Step {
  roles: ReadonlyMap<RoleId, readonly Grant[]>;
  people: ReadonlyMap<PersonId, RoleId>;
}

/** A recording of access over time. Stores only differences. */
export interface AccessHistory {
  /** Records the next moment. */
  record(now: Access): void;
  /** The number of moments recorded after the first. */
  count(): number;
  /** Every breach of P1 between the first and the last moment. Empty if P1 holds. */
  excesses(): Excess[];
}

/**
 * Starts a recording of access, to check P1 (docs/explanation/no-transient-escalation.md): at every moment, each person
 * holds only grants that they hold at the first or at the last moment. Independent of any plan.
 */
export function recordAccess(first: Access): AccessHistory {
  let last = first;
  const steps: Step[] = [];
  return {
    record(now) {
      steps.push(stepBetween(last, now));
      last = now;
    },
    count: () => steps.length,
    excesses: () => findExcesses(first, steps, last),
  };
}

function stepBetween(before: Access, now: Access): Step {
  const roles = new Map<RoleId, readonly Grant[]>();
  const people = new Map<PersonId, RoleId>();
  for (const [id, grants] of now.roles) if (before.roles.get(id) !== grants) roles.set(id, grants);
  // The map is shared between moments in which no one moved.
  if (now.people === before.people) return { roles, people };
  for (const [id, roleId] of now.people) if (before.people.get(id) !== roleId) people.set(id, roleId);
  return { roles, people };
}

function findExcesses(first: Access, steps: readonly Step[], last: Access): Excess[] {
  const roles = new Map(first.roles);
  const place = new Map<PersonId, RoleId>();
  const members = new Map<RoleId, Set<PersonId>>();
  const put = (person: PersonId, roleId: RoleId): void => {
    const left = place.get(person);
    if (left !== undefined) members.get(left)?.delete(person);
    place.set(person, roleId);
    const there = members.get(roleId);
    if (there) there.add(person);
    else members.set(roleId, new Set([person]));
  };
  for (const [person, roleId] of first.people) put(person, roleId);
  const within = bounds(first, last);
  const found: Excess[] = [];
  for (const [index, step] of steps.entries()) {
    for (const [id, grants] of step.roles) roles.set(id, grants);
    for (const [person, roleId] of step.people) put(person, roleId);
    // Only people who moved, and members of a role that was written, can have new grants.
    const concerned = new Set<PersonId>(step.people.keys());
    for (const id of step.roles.keys()) for (const person of members.get(id) ?? []) concerned.add(person);
    const groups = new Map<string, { people: PersonId[]; roleId: RoleId; grants: Grant[] }>();
    for (const person of concerned) {
      const roleId = place.get(person);
      if (roleId === undefined) continue;
      const extra = (roles.get(roleId) ?? []).filter((grant) => !within(person).has(grant));
      if (extra.length === 0) continue;
      const grants = grantList(extra);
      const key = `${roleId} ${grants.join(' ')}`;
      const group = groups.get(key) ?? { people: [], roleId, grants };
      group.people.push(person);
      groups.set(key, group);
    }
    for (const { people, ...rest } of groups.values()) {
      found.push({ write: index + 1, people: people.sort((a, b) => a - b), ...rest });
    }
  }
  return found;
}

/** The grants of a person at the first or last moment. Cached by the pair of roles. */
function bounds(first: Access, last: Access): (person: PersonId) => ReadonlySet<Grant> {
  const known = new Map<string, ReadonlySet<Grant>>();
  return (person) => {
    const from = first.people.get(person);
    const to = last.people.get(person);
    const key = `${from} ${to}`;
    const cached = known.get(key);
    if (cached) return cached;
    const grantsIn = (access: Access, roleId: RoleId | undefined): readonly Grant[] =>
      roleId === undefined ? [] : (access.roles.get(roleId) ?? []);
    const most = new Set([...grantsIn(first, from), ...grantsIn(last, to)]);
    known.set(key, most);
    return most;
  };
}
