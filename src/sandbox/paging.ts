import { refuse } from './answers.js';

/** The requested part of a list. */
export interface Page {
  offset: number;
  limit: number;
}

const DEFAULT_LIMIT = 50;

/** Reads `offset` and `limit` from a query or a body. A cap above 0 limits the page silently. */
export function pageOf(given: { offset?: unknown; limit?: unknown }, cap: number): Page {
  const limit = wholeNumber(given.limit, DEFAULT_LIMIT, 'limit');
  return { offset: wholeNumber(given.offset, 0, 'offset'), limit: cap > 0 ? Math.min(limit, cap) : limit };
}

/** Reads a whole number of at least 0, or its digits; the preset if there is none. Raises 400 for anything else. */
export function wholeNumber(value: unknown, preset: number, name: string): number {
  if (value === undefined || value === null || value === '') return preset;
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  return refuse(400, `${name} is a whole number`);
}

/** Returns a search text in lower case. */
export function textQuery(value: string | undefined): string {
  return (value ?? '').toLowerCase();
}
