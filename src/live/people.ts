import type { Person } from '../model/person.js';
import { readPages, type Routes } from '../routes/index.js';
import { idFrom, personFrom, sortedById } from './normalise.js';
import type { PersonId } from '../model/ids.js';

/** An account that a search found: a person, or an account that is no longer on the instance. */
export type FoundAccount = Person | { id: PersonId; kind: 'gone' };

/**
 * Searches all people, or these ids, page by page. `support` finds support accounts too, and takes all that it
 * finds for such: it is for those that the other search leaves out.
 */
export type PeopleSearch = (kind: 'active' | 'support', ids?: readonly PersonId[]) => Promise<FoundAccount[]>;

/** The attributes with the kind of an account and its role. */
const ATTRIBUTES = ['roleId', 'isSystemUser', 'isPending', 'isActive'];

/** Ids in one filter. */
const IDS_A_SEARCH = 1_000;

/** User search over the routes. Each page is cleaned as it arrives, and what was sent is dropped at once. */
export function peopleSearch(routes: Pick<Routes, 'searchUsers'>, pageSize: number): PeopleSearch {
  return (kind, ids) =>
    readPages<FoundAccount>({
      what: 'people',
      pageSize,
      fetch: async (page) => {
        const { response } = await routes.searchUsers({
          ...page,
          ...(ids ? { ids } : {}),
          includeDeleted: false,
          includeSupport: kind === 'support',
          attributes: ATTRIBUTES,
        });
        const items = response.users.map(
          (user): FoundAccount => personFrom(user, kind) ?? { id: idFrom(user.id, 'a person'), kind: 'gone' },
        );
        return { total: response.count, items };
      },
      idOf: ({ id }) => id,
    });
}

/**
 * People by id. `filtered` is false where the instance ignored the filter: then all people are in the answer, and no
 * further request is sent.
 */
export async function searchByIds(
  search: PeopleSearch,
  ids: readonly PersonId[],
  kind: 'active' | 'support',
): Promise<{ people: Person[]; filtered: boolean }> {
  const asked = new Set(ids);
  const batches: PersonId[][] = [];
  for (let start = 0; start < ids.length; start += IDS_A_SEARCH) {
    batches.push(ids.slice(start, start + IDS_A_SEARCH));
  }
  const [first, ...rest] = batches;
  if (!first) return { people: [], filtered: true };
  const found = await search(kind, first);
  if (found.some(({ id }) => !asked.has(id))) return { people: peopleIn(found), filtered: false };
  const others = await Promise.all(rest.map((batch) => search(kind, batch)));
  return { people: peopleIn([...found, ...others.flat()]), filtered: true };
}

/** Those who are on the instance, sorted by id. */
export function peopleIn(found: readonly FoundAccount[]): Person[] {
  return sortedById(
    found.filter((one) => one.kind !== 'gone'),
    'person',
  );
}
