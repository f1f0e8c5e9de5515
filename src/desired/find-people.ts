import type { LoadedManifest } from '../manifest/manifest.js';
import { isOrdinary, personAt } from '../model/person.js';
import type { Person } from '../model/person.js';
import type { PersonRef } from '../model/policy.js';

/** Finds the people whom an entry names: one, none, or several of one address. */
export type FindPeople = (ref: PersonRef) => readonly Person[];

/**
 * Finds people by address or id. Support and system accounts are never found. Where it is known which
 * addresses will be asked for (`named`), only people with these are kept.
 */
export function finder(people: readonly Person[], named?: ReadonlySet<string>): FindPeople {
  const byEmail = new Map<string, Person[]>();
  for (const person of people) {
    if (person.email !== null && (!named || named.has(person.email)) && isOrdinary(person)) {
      const list = byEmail.get(person.email);
      if (list) list.push(person);
      else byEmail.set(person.email, [person]);
    }
  }
  return (ref) => {
    if (!('id' in ref)) return byEmail.get(ref.email) ?? [];
    const person = personAt(people, ref.id);
    return person && isOrdinary(person) ? [person] : [];
  };
}

/** The addresses that a manifest names under `members`, and in accepted drift. */
export function namedAddresses({ manifest }: LoadedManifest): ReadonlySet<string> {
  const refs = [
    ...manifest.roles.flatMap(({ members }) =>
      (members?.users ?? []).map((one) => (one.email === null ? one.ref : { email: one.email })),
    ),
    ...manifest.policy.acceptedDrift.flatMap(({ people }) => people ?? []),
  ];
  return new Set(refs.flatMap(({ email }) => email ?? []));
}
