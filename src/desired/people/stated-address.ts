import type { PersonId } from '../../model/ids.js';
import type { Person } from '../../model/person.js';
import { refusal } from '../../model/refusal.js';
import type { Refusal } from '../../model/refusal.js';
import { warning } from '../../problem/problem.js';
import type { Problem, Where } from '../../problem/problem.js';

/** An entry with both the id and the address of a person. */
export interface StatedAddress {
  id: PersonId;
  /** Lower case. */
  email: string;
  /** The containing list, for messages: `role "A"`, `policy.requiredAdmins`. */
  place: string;
  where: Where | null;
}

/** A mismatch between an id and the address given with it. */
type AddressFinding = { refusal: Refusal } | { warning: Problem };

/**
 * Compares the address given with an id with the live address of that id. The address of another account is refused,
 * because the entry would be misread as that person. An address that no account has was probably changed: a warning.
 */
export function compareAddress(
  stated: StatedAddress,
  person: Person | null,
  found: readonly Person[],
): AddressFinding | null {
  if (person?.email === stated.email) return null;
  const others = found.filter(({ id }) => id !== stated.id);
  if (others.length > 0) return { refusal: ofAnother(stated, person, others) };
  return person && { warning: changed(stated, person) };
}

function changed({ id, email, place, where }: StatedAddress, person: Person): Problem {
  const live = person.email ?? 'no address';
  const message = `id ${id} in ${place} is given with ${email}, and has ${live} on the instance`;
  const hint = person.email === null ? 'check the id' : `if it is the same person, write ${person.email}`;
  return warning('address-changed', message, { where, hint });
}

function ofAnother(
  { id, email, place }: StatedAddress,
  person: Person | null,
  others: readonly Person[],
): Refusal {
  const message = `id ${id} in ${place} is given with ${email}, which is the address of another account`;
  const meant =
    person === null
      ? 'no one has the id: correct it, or remove it'
      : `to mean the account of the id, write ${person.email ?? 'no address'}; to mean the other one, remove the id`;
  return refusal('ambiguous-person', message, {
    items: [...(person ? [person] : []), ...others].map(
      (one) => `id ${one.id}, ${one.email ?? 'no address'}`,
    ),
    hint: meant,
  });
}

/** The refusal of an address that several people have. */
export function ambiguousPerson(address: string, found: readonly Person[]): Refusal {
  return refusal('ambiguous-person', `${address} is the address of ${found.length} people`, {
    items: found.map((person) => `id ${person.id}`),
    hint: 'use `id:` to select the one you mean',
  });
}
