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
export function peopleIn({ read, moved }: Placement, roles: readonly Role[]): readonly Person[] {
  const were = peopleByRole(read);
  if (moved.size === 0) {
    const lists = roles.map(({ id }) => (id === null ? [] : (were.get(id) ?? [])));
    // The list of one role is not copied.
    return sortedById(lists.length === 1 ? (lists[0] as readonly Person[]) : lists.flat());
  }
  const keys = new Set(roles.map(({ key }) => key));
  const found = new Set(roles.flatMap(({ id }) => (id === null ? [] : (were.get(id) ?? []))));
  for (const person of found) if (moved.has(person.id)) found.delete(person);
  for (const [id, key] of moved) {
    const person = key !== null && keys.has(key) ? personAt(read, id) : undefined;
    if (person) found.add(person);
  }
  return [...found].sort((a, b) => a.id - b.id);
}

/** The same list if it is in order, as most lists are; else a sorted copy. */
function sortedById(people: readonly Person[]): readonly Person[] {
  for (let index = 1; index < people.length; index += 1)
    if ((people[index - 1] as Person).id > (people[index] as Person).id)
      return [...people].sort((a, b) => a.id - b.id);
  return people;
}

/** Does this role have members? */
export function roleHasMembers({ read, moved, of }: Placement, role: Role): boolean {
  const were = role.id === null ? [] : (peopleByRole(read).get(role.id) ?? []);
  if (were.some((person) => of(person) === role.key)) return true;
  for (const [id, key] of moved) if (key === role.key && personAt(read, id)) return true;
  return false;
}
