import type { PersonId } from '../../model/ids.js';
import type { Person } from '../../model/person.js';
import type { AcceptedDrift, PersonRef } from '../../model/policy.js';

/** The people whom accepted drift of members covers, by role. */
export interface AcceptedPeople {
  /** Is this person accepted in this role? */
  covers: (role: string, person: Person) => boolean;
  /** Is this entry of the role's list covered, however many people it matches? */
  coversEntry: (role: string, ref: PersonRef) => boolean;
  /** Addresses that several people share: they cover none of these people. */
  ambiguous: ReadonlyMap<string, readonly Person[]>;
}

/** Reads the entries about members; an entry without people covers every member. */
export function acceptedPeople(
  drift: readonly AcceptedDrift[],
  find: (ref: PersonRef) => readonly Person[],
): AcceptedPeople {
  const wholeRoles = new Set<string>();
  const ids = new Map<string, Set<PersonId>>();
  const refs = new Set<string>();
  const ambiguous = new Map<string, readonly Person[]>();
  for (const { what, role, people } of drift) {
    if (what !== 'members' || role === null) continue;
    if (people === null) wholeRoles.add(role);
    for (const ref of people ?? []) {
      const found = find(ref);
      const [person] = found;
      for (const one of spellingsOf(ref)) refs.add(keyOf(role, one));
      if (person && found.length === 1) ids.set(role, (ids.get(role) ?? new Set<PersonId>()).add(person.id));
      else if (!('id' in ref) && found.length > 1) ambiguous.set(ref.email, found);
    }
  }
  return {
    covers: (role, { id }) => wholeRoles.has(role) || (ids.get(role)?.has(id) ?? false),
    coversEntry: (role, ref) => wholeRoles.has(role) || refs.has(keyOf(role, ref)),
    ambiguous,
  };
}

/** The references that an entry may use for this person. */
function spellingsOf(ref: PersonRef): PersonRef[] {
  return 'id' in ref && ref.email !== undefined ? [{ id: ref.id }, { email: ref.email }] : [ref];
}

/** The key of a role and a person; never parsed. */
function keyOf(role: string, ref: PersonRef): string {
  return JSON.stringify([role, 'id' in ref ? ref.id : ref.email]);
}
