import type { PersonId, RoleId } from '../model/ids.js';
import { problem } from '../problem/problem.js';
import type { RouteContext, RouteError, RouteErrorClass } from './errors.js';

/** The id of a role as a number or as text, which `getDefaultRole` and many clients return. */
export type RoleIdLike = RoleId | string;

/** The id of a person as a number or as text. */
export type UserIdLike = PersonId | string;

/** The class and context of the error for an invalid argument. */
interface IdErrors {
  raises: RouteErrorClass;
  context: RouteContext;
}

/** Returns the id of a role as a number. Raises the route's error for anything but a whole number above zero. */
export function roleIdIn(id: RoleIdLike, errors: IdErrors): RoleId {
  return idIn(id, 'role id', errors);
}

/** Returns the id of a person as a number. Raises as `roleIdIn` does. */
export function userIdIn(id: UserIdLike, errors: IdErrors): PersonId {
  return idIn(id, 'user id', errors);
}

/**
 * Returns a list that a caller gave. Raises the route's error for anything else: text would be taken for a list of
 * letters.
 */
export function listIn<T>(list: readonly T[], name: string, errors: IdErrors): readonly T[] {
  const isList: boolean = Array.isArray(list);
  if (isList) return list;
  throw usageErrorOf(
    `${name} is not a list; nothing was sent`,
    `write ${name} as a list, also of one`,
    errors,
  );
}

/** Returns a list of texts that a caller gave. Raises as `listIn` does. */
export function textsIn(list: readonly string[], name: string, errors: IdErrors): readonly string[] {
  if (listIn(list, name, errors).every((text) => typeof text === 'string')) return list;
  throw usageErrorOf(
    `${name} is not a list of text; nothing was sent`,
    `write ${name} as a list of text`,
    errors,
  );
}

function idIn(id: number | string, what: string, errors: IdErrors): number {
  const value = typeof id === 'string' && /^[1-9]\d{0,15}$/u.test(id) ? Number(id) : id;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  const shown = typeof id === 'string' ? JSON.stringify(id.slice(0, 40)) : String(id);
  const hint = 'an id is a whole number above zero, as a number or as text';
  throw usageErrorOf(`${shown} is not a ${what}; nothing was sent`, hint, errors);
}

function usageErrorOf(message: string, hint: string, { raises, context }: IdErrors): RouteError {
  return new raises({ ...context, status: null, message, sent: false }, [
    problem('usage', message, { hint }),
  ]);
}
