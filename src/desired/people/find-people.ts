import type { LoadedManifest } from '../../manifest/manifest.js';
import { addTo } from '../../model/group.js';
import { isOrdinary, personAt } from '../../model/person.js';
import type { Person } from '../../model/person.js';
import type { PersonRef } from '../../model/policy.js';

/** Finds the people that an entry names: one, none, or several with the same address. */
export type FindPeople = (ref: PersonRef) => readonly Person[];

/**
 * Opens a lookup of people by address or id. Support and system accounts are never found. With `named`, only these
 * addresses are indexed.
 */
export function personFinder(people: readonly Person[], named?: ReadonlySet<string>): FindPeople {
  const byEmail = new Map<string, Person[]>();
  // By index: until the engine has optimized it, `for … of` makes an object for each of 100,000 people.
  for (let index = 0; index < people.length; index += 1) {
    const person = people[index] as Person;
    if (person.email !== null && (!named || named.has(person.email)) && isOrdinary(person)) {
      addTo(byEmail, person.email, person);
    }
  }
  return (ref) => {
    if (!('id' in ref)) return byEmail.get(ref.email) ?? [];
    const person = personAt(people, ref.id);
    return person && isOrdinary(person) ? [person] : [];
  };
}

/** The addresses in a manifest's `members` and accepted drift. */
export function namedAddresses({ manifest }: LoadedManifest): ReadonlySet<string> {
  const refs = [
    ...manifest.roles.flatMap(({ members }) =>
      (members?.users ?? []).map((one) => (one.email === null ? one.ref : { email: one.email })),
    ),
    ...manifest.policy.acceptedDrift.flatMap(({ people }) => people ?? []),
  ];
  return new Set(refs.flatMap(({ email }) => email ?? []));
}
