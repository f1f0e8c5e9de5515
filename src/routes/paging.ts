import { problem, ProblemError } from '../problem/problem.js';

/** One page of a list, and the total of the list; null if the instance does not declare it. */
export interface Page<T> {
  total: number | null;
  items: readonly T[];
}

/** How a paged list is read. */
interface PagedRead<T> {
  /** Names the list in messages: `people`, `people of role 5`. */
  what: string;
  /** Entries requested per page; the instance may return fewer. */
  pageSize: number;
  fetch(page: { offset: number; limit: number }): Promise<Page<T>>;
  /** Identifies an entry. */
  idOf(item: T): number;
}

/** Pages read at once: more than the default limit of the client, so that its limit decides. */
const WORKERS = 16;

/**
 * Reads all pages of a list. The size of the first page is the page size; the other pages are read concurrently. If the total
 * changes meanwhile, the list is read again once; a list without a total is read until a page is empty. Raises `short-list` if
 * the pages do not add up to the total or contain an entry twice.
 */
export async function readPages<T>(paged: PagedRead<T>): Promise<T[]> {
  const first = await readOnce(paged);
  const items = first === 'changed' ? await readOnce(paged) : first;
  if (items === 'changed') throw incompleteList(paged, 'its total keeps changing while it is read');
  return items;
}

async function readOnce<T>(paged: PagedRead<T>): Promise<T[] | 'changed'> {
  const { fetch } = paged;
  const first = await fetchFirst(paged);
  const { total } = first;
  if (total === null) return readToEnd(paged, first.items);
  const step = first.items.length;
  if (step === 0 && total > 0) throw incompleteList(paged, `it declares ${total} entries and contains none`);
  if (step > total) throw incompleteList(paged, `it declares ${total} entries and contains ${step}`);
  const pages: (readonly T[])[] = [];
  const starts = new Set<number>();
  const take = (page: readonly T[], index: number): void => {
    pages[index] = page;
    const [start] = page.slice(0, 1).map(paged.idOf);
    if (start === undefined) return;
    // Stops early if the instance ignores the offset and sends the same page again.
    if (starts.has(start)) throw twice(paged);
    starts.add(start);
  };
  take(first.items, 0);
  let next = 1;
  let stop = false;
  let changed = false;
  // The total may be wrong: a few workers request pages one after the other, and all stop at the first wrong page.
  const readPage = async (index: number): Promise<void> => {
    const offset = step * index;
    const page = await fetch({ offset, limit: step });
    const expected = Math.min(step, total - offset);
    if (page.total !== total) {
      changed = stop = true;
    } else if (page.items.length !== expected) {
      const got = `the page at ${offset} has ${page.items.length} instead of ${expected}`;
      throw incompleteList(paged, `it declares ${total} entries, but ${got}`);
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
  if (changed) return 'changed';
  const items = pages.flat();
  if (hasTwice(items.map(paged.idOf))) throw twice(paged);
  return items;
}

/** Sorts a copy of the ids, which takes a sixth of the time of a set for a hundred thousand. */
function hasTwice(ids: readonly number[]): boolean {
  const sorted = Float64Array.from(ids).sort();
  return sorted.some((id, index) => id === sorted[index + 1]);
}

/** Reads a list without a total to an empty page. A short page is not the end: the instance may return fewer entries. */
async function readToEnd<T>(paged: PagedRead<T>, first: readonly T[]): Promise<T[]> {
  const items = new Map<number, T>();
  for (let page = first; page.length > 0;) {
    const before = items.size;
    for (const item of page) items.set(paged.idOf(item), item);
    if (items.size !== before + page.length) throw twice(paged);
    page = (await paged.fetch({ offset: items.size, limit: first.length })).items;
  }
  return [...items.values()];
}

/** Page sizes that Domo's own clients use, for an instance that refuses a larger page. */
const SMALLER_SIZES = [200, 50];

/** Reads the first page with the largest page size that the instance accepts. */
async function fetchFirst<T>({ fetch, pageSize }: PagedRead<T>): Promise<Page<T>> {
  const [first = pageSize, ...smaller] = [pageSize, ...SMALLER_SIZES.filter((size) => size < pageSize)];
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

function twice(paged: { what: string }): ProblemError {
  return incompleteList(paged, 'it contains an entry twice');
}

/** Returns the error of an incomplete list, `the list of WHAT is incomplete: HOW`. */
export function incompleteList({ what }: { what: string }, how: string): ProblemError {
  return new ProblemError(
    problem('short-list', `the list of ${what} is incomplete: ${how}`, {
      where: { what },
      hint: 'try again; an incomplete list is never used',
    }),
  );
}
