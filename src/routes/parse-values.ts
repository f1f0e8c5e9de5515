import { problem, ProblemError } from '../problem/problem.js';

/*
 * Reads single values of responses. An unexpected value raises `bad-answer` and is never guessed, because plans are made from
 * these values.
 */

/**
 * Describes a value in messages. A function avoids making thousands of texts that no message needs. It gets the id of what the
 * value belongs to, so that one function describes the value of every person.
 */
export type Description = string | ((id: number) => string);

/** Returns an id: a whole number above zero, sent as a number or as text. */
export function idFrom(value: unknown, what: Description, owner = 0): number {
  const id = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof id === 'number' && Number.isSafeInteger(id) && id > 0) return id;
  throw badAnswer(`${textOf(what, owner)} has an invalid id`);
}

/** Sorts a list by id. Raises `bad-answer` for a duplicate id. */
export function sortedById<T extends { id: number }>(list: readonly T[], what: string): T[] {
  const sorted = [...list].sort((a, b) => a.id - b.id);
  const duplicate = sorted.find(({ id }, index) => sorted[index + 1]?.id === id);
  if (duplicate) throw badAnswer(`${what} ${duplicate.id} is listed twice`);
  return sorted;
}

/** Returns text; empty for a missing value. */
export function textFrom(value: unknown, what: Description, owner = 0): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  throw badAnswer(`${textOf(what, owner)} is not text`);
}

/** Returns a list; empty for a missing value. */
export function listFrom(value: unknown, what: Description, owner = 0): readonly unknown[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value;
  throw badAnswer(`${textOf(what, owner)} are not a list`);
}

/** Reads a flag, which some instances send as text or as 0 and 1; null for a missing value. */
export function flagFrom(value: unknown, what: Description, owner = 0): boolean | null {
  if (value === null || value === undefined) return null;
  const word = typeof value === 'string' ? value.toLowerCase() : value;
  if (word === true || word === 1 || word === '1' || word === 'true') return true;
  if (word === false || word === 0 || word === '0' || word === 'false') return false;
  throw badAnswer(`${textOf(what, owner)} is neither true nor false`);
}

/** Returns the text of a description; `owner` is the id of what the value belongs to. */
export function textOf(what: Description, owner = 0): string {
  return typeof what === 'string' ? what : what(owner);
}

/** Returns the error of an unexpected value. */
export function badAnswer(message: string): ProblemError {
  return new ProblemError(
    problem('bad-answer', `the instance sent an unexpected response: ${message}`, {
      hint: 'try again; if it persists, the instance has changed and this program must be updated',
    }),
  );
}
