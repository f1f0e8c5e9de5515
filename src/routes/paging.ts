import { problem, ProblemError } from '../problem/problem.js';

/** One page: what it holds, and how many there are in all; null where the instance does not say. */
export interface Page<T> {
  total: number | null;
  items: readonly T[];
}

/** How a paged list is read. */
export interface PagedRead<T> {
  /** The list in words, `people`, `people of role 5`. */
  what: string;
  /** Asked for at first; the instance may give less. */
  pageSize: number;
  fetch(page: { offset: number; limit: number }): Promise<Page<T>>;
  /** Identifies an entry. */
  idOf(item: T): number | string;
}

/** More than a client sends at once by default: its own limit decides. */
const WORKERS = 16;

/**
 * Reads all pages of a list: the first shows how many an instance gives at once, the others follow together.
 * A total that moves in between is read again once; a list without one is read until a page is empty. Raises `short-list` where the pages do not make up the
 * declared total, each entry once: a list that was cut short is an error, never a smaller truth.
 */
export async function readPages<T>(paged: PagedRead<T>): Promise<T[]> {
  const first = await readOnce(paged);
  const items = first === 'moved' ? await readOnce(paged) : first;
  if (items === 'moved') throw shortList(paged, 'its total keeps moving while it is read');
  return items;
}

async function readOnce<T>(paged: PagedRead<T>): Promise<T[] | 'moved'> {
  const { fetch } = paged;
  const first = await fetchFirst(paged);
  const { total } = first;
  if (total === null) return readToEnd(paged, first.items);
  const step = first.items.length;
  if (step === 0 && total > 0) throw shortList(paged, `it declares ${total} and holds none`);
  if (step > total) throw shortList(paged, `it declares ${total} and holds ${step}`);
  const pages: (readonly T[])[] = [];
  const seen = new Set<number | string>();
  let read = 0;
  const take = (page: readonly T[], index: number): void => {
    for (const item of page) seen.add(paged.idOf(item));
    pages[index] = page;
    read += page.length;
    if (seen.size !== read) throw shortList(paged, 'it contains an entry twice');
  };
  take(first.items, 0);
  let next = 1;
  let stop = false;
  let moved = false;
  // A total is a claim: a few workers request pages one after the other, and all stop once one is wrong.
  const readPage = async (index: number): Promise<void> => {
    const offset = step * index;
    const page = await fetch({ offset, limit: step });
    const wanted = Math.min(step, total - offset);
    if (page.total !== total) {
      moved = stop = true;
    } else if (page.items.length !== wanted) {
      const came = `${wanted} should come at ${offset}, and ${page.items.length} came`;
      throw shortList(paged, `of the ${total} it declares, ${came}`);
    } else {
      take(page.items, index);
    }
  };
  const worker = async (): Promise<void> => {
    while (step * next < total && !stop) {
      await readPage(next++).catch((error: unknown) => {
        stop = true;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  return moved ? 'moved' : pages.flat();
}

/** Without a total only an empty page shows the end: the instance may give fewer than are asked for. */
async function readToEnd<T>(paged: PagedRead<T>, first: readonly T[]): Promise<T[]> {
  const items = new Map<number | string, T>();
  for (let page = first; page.length > 0;) {
    const before = items.size;
    for (const item of page) items.set(paged.idOf(item), item);
    if (items.size !== before + page.length) throw shortList(paged, 'it contains an entry twice');
    page = (await paged.fetch({ offset: items.size, limit: first.length })).items;
  }
  return [...items.values()];
}

/** Sizes that clients have been seen to use: for an instance that refuses a page that is too large for it. */
const SEEN_SIZES = [200, 50];

/** The first page, as large as the instance lets it be. */
async function fetchFirst<T>({ fetch, pageSize }: PagedRead<T>): Promise<Page<T>> {
  const [first = pageSize, ...smaller] = [pageSize, ...SEEN_SIZES.filter((size) => size < pageSize)];
  let page = fetch({ offset: 0, limit: first });
  for (const limit of smaller) {
    page = page.catch((error: unknown) => {
      if (error instanceof ProblemError && 'status' in error && error.status === 400)
        return fetch({ offset: 0, limit });
      throw error;
    });
  }
  return page;
}

/** A list that does not make up what it should. */
export function shortList({ what }: { what: string }, how: string): ProblemError {
  return new ProblemError(
    problem('short-list', `the list of ${what} is not whole: ${how}`, {
      where: { what },
      hint: 'try again; an incomplete list is never used',
    }),
  );
}
