import type { Person } from '../model/person.js';
import { readPages, type Routes } from '../routes/index.js';
import { accountFrom, PERSON_ATTRIBUTES, type FoundAccount } from '../routes/parse-people.js';
import { sortedById } from '../routes/parse-values.js';
import type { PersonId } from '../model/ids.js';

/**
 * Searches all people, or these ids, page by page. A search of kind `support` includes support accounts and returns every
 * account as one, so it must only be used for ids that a search of kind `active` did not find.
 */
export type PeopleSearch = (kind: 'active' | 'support', ids?: readonly PersonId[]) => Promise<FoundAccount[]>;

/** Maximum number of ids in one filter. */
const IDS_PER_SEARCH = 1_000;

/** Returns a user search. Accounts are normalised as they are parsed, so that raw responses can be freed. */
export function peopleSearch(routes: Pick<Routes, 'searchUsers'>, pageSize: number): PeopleSearch {
  return (kind, ids) =>
    readPages<FoundAccount>({
      what: 'people',
      pageSize,
      fetch: async (page) => {
        const query = { ...page, ...(ids ? { ids } : {}), attributes: PERSON_ATTRIBUTES };
        const { response } = await routes.searchUsers(
          { ...query, includeDeleted: false, includeSupport: kind === 'support' },
          { readUser: (user) => accountFrom(user, kind) },
        );
        return { total: response.count, items: response.users };
      },
      idOf: ({ id }) => id,
    });
}

/**
 * Searches people by id. `filtered` is false if the instance ignored the filter; `people` are then all people, and no further
 * request is sent.
 */
export async function searchByIds(
  search: PeopleSearch,
  ids: readonly PersonId[],
  kind: 'active' | 'support',
): Promise<{ people: Person[]; filtered: boolean }> {
  const requested = new Set(ids);
  const batches: PersonId[][] = [];
  for (let start = 0; start < ids.length; start += IDS_PER_SEARCH) {
    batches.push(ids.slice(start, start + IDS_PER_SEARCH));
  }
  const [first, ...rest] = batches;
  if (!first) return { people: [], filtered: true };
  const found = await search(kind, first);
  if (found.some(({ id }) => !requested.has(id))) return { people: peopleIn(found), filtered: false };
  const others = await Promise.all(rest.map((batch) => search(kind, batch)));
  return { people: peopleIn([...found, ...others.flat()]), filtered: true };
}

/** Returns the people among the accounts, sorted by id. */
export function peopleIn(found: readonly FoundAccount[]): Person[] {
  return sortedById(
    found.filter((one) => one.kind !== 'gone'),
    'person',
  );
}
