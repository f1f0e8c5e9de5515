import { refuse } from './answers.js';

/** A window onto a list. */
export interface Page {
  offset: number;
  limit: number;
}

const DEFAULT_LIMIT = 50;

/** Reads `offset` and `limit` from a query or a body. A cap above 0 bounds the page without a word. */
export function pageOf(given: { offset?: unknown; limit?: unknown }, cap: number): Page {
  const limit = wholeNumber(given.limit, DEFAULT_LIMIT, 'limit');
  return { offset: wholeNumber(given.offset, 0, 'offset'), limit: cap > 0 ? Math.min(limit, cap) : limit };
}

/** A whole number of 0 or more, also as digits; the preset where none is given; 400 for anything else. */
export function wholeNumber(value: unknown, preset: number, name: string): number {
  if (value === undefined || value === null || value === '') return preset;
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  return refuse(400, `${name} is a whole number`);
}

/** A search text, folded for comparing without regard to case. */
export function textQuery(value: string | undefined): string {
  return (value ?? '').toLowerCase();
}
