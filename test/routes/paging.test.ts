import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HttpError } from '../../src/http/failure.js';
import { readPages, type Page } from '../../src/routes/index.js';
import { problemOf } from '../http/server.js';

type Pages = (page: { offset: number; limit: number }, call: number) => Page<number>;

async function read(pages: Pages, pageSize = 10): Promise<{ items: number[]; asked: number[] }> {
  const asked: number[] = [];
  const items = await readPages<number>({
    what: 'people',
    pageSize,
    fetch: async (page) => pages(page, asked.push(page.offset)),
    idOf: (item) => item,
  });
  return { items, asked };
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

/** A correct list of `total` entries, with at most `cap` per page. */
const honest =
  (total: number, cap = Infinity): Pages =>
  ({ offset, limit }) => ({ total, items: range(offset, Math.min(total, offset + Math.min(limit, cap))) });

describe('a paged list', () => {
  it('is read completely and in order, in as few requests as possible', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 60 }),
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 70 }),
        async (total, size, cap) => {
          const { items, asked } = await read(honest(total, cap), size);
          expect(items).toEqual(range(0, total));
          expect(asked).toHaveLength(Math.max(1, Math.ceil(total / Math.min(size, cap))));
        },
      ),
    );
  });

  it.each([
    [200, 200],
    [60, 50],
  ])('is read in smaller pages if the instance refuses large ones (at most %i)', async (most, step) => {
    const asked: number[] = [];
    const items = await readPages<number>({
      what: 'people',
      pageSize: 1_000,
      fetch: async ({ offset, limit }) => {
        asked.push(limit);
        if (limit > most)
          throw new HttpError({
            code: 'http-error',
            message: 'refused',
            what: 'page',
            hint: null,
            status: 400,
            isTemporary: false,
          });
        return { total: 230, items: range(offset, Math.min(230, offset + limit)) };
      },
      idOf: (item) => item,
    });
    expect(items).toEqual(range(0, 230));
    expect(asked.at(-1)).toBe(step);
  });

  it('is read again once if its total changes between pages', async () => {
    const { items, asked } = await read((page, call) => honest(call <= 2 ? 25 + call : 27)(page, call));
    expect(items).toEqual(range(0, 27));
    expect(asked.slice(-3)).toEqual([0, 10, 20]);
  });

  it.each<[string, Pages, RegExp]>([
    ['whose total keeps changing', (page, call) => honest(25 + call)(page, call), /total keeps changing/],
    ['with only a total', () => ({ total: 3, items: [] }), /declares 3 entries and contains none/],
    [
      'that ends early',
      ({ offset }) => ({ total: 25, items: offset === 0 ? range(0, 10) : [] }),
      /instead of 10/,
    ],
    [
      'with a short last page',
      (page) => ({ total: 25, items: honest(24)(page, 0).items }),
      /the page at 20 has 4 instead of 5/,
    ],
    [
      'with an oversized page',
      ({ offset }) => ({ total: 25, items: range(offset, offset + 11) }),
      /at 22 has 11 instead of 3/,
    ],
    [
      'with more than it declares',
      () => ({ total: 3, items: range(0, 5) }),
      /declares 3 entries and contains 5/,
    ],
    ['that restarts on each page', () => ({ total: 30, items: range(0, 10) }), /twice/],
    ['with someone twice on one page', () => ({ total: 2, items: [1, 1] }), /twice/],
    [
      'with someone on two pages',
      ({ offset }) => ({
        total: 30,
        items: range(offset === 20 ? 19 : offset, offset === 20 ? 29 : offset + 10),
      }),
      /twice/,
    ],
  ])('%s is an error', async (_, pages, message) => {
    const problem = await problemOf(read(pages));
    expect(problem.code).toBe('short-list');
    expect(problem.message).toMatch(message);
  });

  it('that declares a far too high total takes only a few requests', async () => {
    let calls = 0;
    const problem = await problemOf(
      read(({ offset }) => {
        calls += 1;
        return { total: Number.MAX_SAFE_INTEGER, items: offset < 50 ? range(offset, offset + 10) : [] };
      }),
    );
    expect(problem.code).toBe('short-list');
    expect(calls).toBeLessThan(40);
  });

  it('that restarts on each page takes only a few requests, however many entries it declares', async () => {
    let calls = 0;
    const problem = await problemOf(
      read(() => {
        calls += 1;
        return { total: 1_000_000, items: range(0, 10) };
      }),
    );
    expect(problem).toMatchObject({ code: 'short-list', message: expect.stringContaining('twice') });
    expect(calls).toBeLessThan(40);
  });

  it('that cannot be read raises the error, and stops further requests', async () => {
    let calls = 0;
    const work = read(() => {
      calls += 1;
      if (calls > 1) throw new Error('gone');
      return { total: 10_000, items: range(0, 1) };
    });
    await expect(work).rejects.toThrow('gone');
    expect(calls).toBeLessThan(20);
  });
});
