import { usageError } from './problem.js';

// Callers in plain JavaScript have no compiler. What is checked here would not fail by itself, but do something else than was asked.

/** Raises `usage` for a value that is not one of the choices. The value is not shown: it may be a misplaced secret. */
export function checkChoice<T extends string>(what: string, value: T, choices: readonly T[]): void {
  if (choices.includes(value)) return;
  const texts = choices.map((choice) => JSON.stringify(choice));
  throw usageError(`${what} must be ${texts.join(' or ')}`, { what });
}

/** Raises `usage` for a text where a list of texts belongs: its letters would count as entries. */
export function checkList(what: string, value: readonly string[] | undefined): void {
  if (value === undefined || (Array.isArray(value) && value.every((entry) => typeof entry === 'string')))
    return;
  throw usageError(`${what} must be a list of texts`, { what, hint: 'put a single text in [ ]' });
}

/** Raises `usage` for a value that is no text, or an empty one. */
export function checkText(what: string, value: string): void {
  if (typeof value === 'string' && value !== '') return;
  throw usageError(`${what} must be a text`, { what });
}
