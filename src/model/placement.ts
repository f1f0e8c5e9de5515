import { peopleByRole, personAt } from './person.js';
import type { Person } from './person.js';
import { liveKeys } from './role.js';
import type { Role, RoleKey } from './role.js';
import type { PersonId } from './ids.js';

/**
 * Which role each person is in: the role they were read in, unless they have moved since. An instance has up to a
 * hundred thousand people and a plan moves few of them, so states share one list and store moves only.
 */
export interface Placement {
  /** All people who were read. */
  read: readonly Person[];
  /** Person id → the role they are in instead of the one they were read in; null for a person without a role. */
  moved: ReadonlyMap<PersonId, RoleKey | null>;
  /** The role of a person who was read. */
  of(person: Person): RoleKey | undefined;
  /** The role of a person, by id. */
  get(id: PersonId): RoleKey | undefined;
}

/** A placement of the people who were read, with these moves applied. */
export function placementOf(
  read: readonly Person[],
  moved: ReadonlyMap<PersonId, RoleKey | null> = new Map(),
): Placement {
  const keyOf = liveKeys();
  const of = (person: Person): RoleKey | undefined => {
    const elsewhere = moved.size > 0 ? moved.get(person.id) : undefined;
    return elsewhere === undefined ? keyOf(person.roleId) : (elsewhere ?? undefined);
  };
  return {
    read,
    moved,
    of,
    get: (id) => {
      const person = personAt(read, id);
      return person && of(person);
    },
  };
}

/** Who is in one of these roles; sorted by id. */
export function peopleIn({ read, moved, of }: Placement, roles: readonly Role[]): Person[] {
  const keys = new Set(roles.map(({ key }) => key));
  const were = peopleByRole(read);
  if (moved.size === 0)
    return sortedById(roles.flatMap(({ id }) => (id === null ? [] : (were.get(id) ?? []))));
  const found = new Set(roles.flatMap(({ id }) => (id === null ? [] : (were.get(id) ?? []))));
  for (const id of moved.keys()) {
    const person = personAt(read, id);
    if (person) found.add(person);
  }
  return [...found]
    .filter((person) => {
      const key = of(person);
      return key !== undefined && keys.has(key);
    })
    .sort((a, b) => a.id - b.id);
}

/** Sorted in place; most lists are in this order. */
function sortedById(people: Person[]): Person[] {
  const isSorted = people.every(({ id }, index) => index === 0 || (people[index - 1] as Person).id < id);
  return isSorted ? people : people.sort((a, b) => a.id - b.id);
}

/** Does this role have members? */
export function roleHasMembers({ read, moved, of }: Placement, role: Role): boolean {
  const were = role.id === null ? [] : (peopleByRole(read).get(role.id) ?? []);
  if (were.some((person) => of(person) === role.key)) return true;
  for (const [id, key] of moved) if (key === role.key && personAt(read, id)) return true;
  return false;
}
