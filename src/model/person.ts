import type { PersonId, RoleId } from './ids.js';
import { groupBy } from './group.js';
import { memoize } from './memoize.js';

/**
 * The kind of an account. `active` people can be administrators; `pending` ones are members, but never count as
 * administrators; `support` and `system` accounts are never listed, counted or moved (unless their role is deleted).
 */
export type PersonKind = 'active' | 'pending' | 'support' | 'system';

/** An account on the instance. Deleted accounts are left out. */
export interface Person {
  id: PersonId;
  /** Lower case; null if the account has none. */
  email: string | null;
  /** The display name; untrusted text. */
  name: string;
  roleId: RoleId;
  kind: PersonKind;
}

/**
 * A person as a manifest names one: by the address alone, or by the id, with an address next to it for readers or
 * without. The id decides. E-mails are in lower case.
 */
export type PersonRef = { email: string } | { id: PersonId; email?: string };

/** How a message names a person from a list. */
export function refText(ref: PersonRef): string {
  if (!('id' in ref)) return ref.email;
  return ref.email === undefined ? `id ${ref.id}` : `id ${ref.id} (${ref.email})`;
}

/** How a message names an account: by its address, or by its id if it has none. */
export function accountText({ id, email }: { id: PersonId; email: string | null }): string {
  return email ?? `id ${id}`;
}

/** Is this a member like any other? Support and system accounts are not. */
export function isOrdinary({ kind }: Pick<Person, 'kind'>): boolean {
  return kind === 'active' || kind === 'pending';
}

/**
 * A list sorted by id, with a separate list of the ids: otherwise a search among 100,000 people would wait for memory at
 * each step.
 */
interface ById {
  list: readonly Person[];
  ids: Float64Array;
  /** The position of the person who was found last. */
  found: number;
}

/** The list by id. Snapshots are in this order; a list made by hand may not be. */
const byId = memoize((list: readonly Person[]): ById => {
  const isSorted = list.every(({ id }, index) => index === 0 || (list[index - 1] as Person).id < id);
  const sorted = isSorted ? list : [...list].sort((a, b) => a.id - b.id);
  const ids = new Float64Array(sorted.length);
  sorted.forEach(({ id }, index) => (ids[index] = id));
  return { list: sorted, ids, found: 0 };
});

/** The person with this id. */
export function personAt(people: readonly Person[], id: PersonId): Person | undefined {
  const known = byId(people);
  const { list, ids } = known;
  let low = 0;
  let high = ids.length - 1;
  // Most people are looked up in the order of their ids, so the search begins at the one found before.
  const before = known.found;
  if ((ids[before] ?? Infinity) <= id) {
    low = before;
    let step = 8;
    while (low + step < high && (ids[low + step] as number) < id) {
      low += step;
      step *= 2;
    }
    high = Math.min(high, low + step);
  }
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = ids[middle] as number;
    if (found === id) {
      known.found = middle;
      return list[middle];
    }
    if (found < id) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

/** Role id → the people read in it, in the order of the list. Computed once for each list, which may be long. */
export const peopleByRole: (list: readonly Person[]) => ReadonlyMap<RoleId, readonly Person[]> = memoize(
  (list) => groupBy(list, ({ roleId }) => roleId),
);
