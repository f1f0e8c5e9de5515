import { grantList } from '../model/grant.js';
import type { Grant } from '../model/grant.js';
import type { PersonId, RoleId } from '../model/ids.js';

/** Who can do what at one moment: the grants of each role, and the role of each person, by id. */
export interface Access {
  roles: ReadonlyMap<RoleId, readonly Grant[]>;
  people: ReadonlyMap<PersonId, RoleId>;
}

/** People who held, for a moment, more than they had before and have after. */
export interface Excess {
  /** The number of writes by then, this one included. */
  write: number;
  /** Ids of the people in this role who held too much; sorted. */
  people: readonly PersonId[];
  /** The role that they were in at that moment. */
  roleId: RoleId;
  /** The grants that were too much; sorted. */
  grants: readonly Grant[];
}

/** What changed in who can do what, between two moments. */
interface Step {
  roles: ReadonlyMap<RoleId, readonly Grant[]>;
  people: ReadonlyMap<PersonId, RoleId>;
}

/** The access of people at one moment after the other; only what changed in between is kept. */
export interface AccessHistory {
  /** Records the next moment. */
  record(now: Access): void;
  /** How many moments were recorded after the first. */
  count(): number;
  /** Every breach of P1 from the first moment to the last: must be empty. */
  excesses(): Excess[];
}

/**
 * Starts to record access, to check P1 (docs/explanation/no-transient-escalation.md): what each person can do at every
 * moment lies within what they could do at first or can do at last. It knows no plan, only what is held.
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
    excesses: () => breaches(first, steps, last),
  };
}

function stepBetween(before: Access, now: Access): Step {
  const roles = new Map<RoleId, readonly Grant[]>();
  const people = new Map<PersonId, RoleId>();
  for (const [id, grants] of now.roles) if (before.roles.get(id) !== grants) roles.set(id, grants);
  // Mostly no one has moved, and then it is the same map.
  if (now.people === before.people) return { roles, people };
  for (const [id, roleId] of now.people) if (before.people.get(id) !== roleId) people.set(id, roleId);
  return { roles, people };
}

function breaches(first: Access, steps: readonly Step[], last: Access): Excess[] {
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
    // Only people who moved, and members of a role that was written, can hold something new.
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

/** What a person could do at first or can do at last. Computed once for all who share both roles. */
function bounds(first: Access, last: Access): (person: PersonId) => ReadonlySet<Grant> {
  const known = new Map<string, ReadonlySet<Grant>>();
  return (person) => {
    const from = first.people.get(person);
    const to = last.people.get(person);
    const key = `${from} ${to}`;
    const hit = known.get(key);
    if (hit) return hit;
    const grantsIn = (access: Access, roleId: RoleId | undefined): readonly Grant[] =>
      roleId === undefined ? [] : (access.roles.get(roleId) ?? []);
    const most = new Set([...grantsIn(first, from), ...grantsIn(last, to)]);
    known.set(key, most);
    return most;
  };
}
