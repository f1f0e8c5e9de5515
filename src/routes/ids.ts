import type { PersonId, RoleId } from '../model/ids.js';
import { problem } from '../problem/problem.js';
import type { RouteContext, RouteErrorClass } from './errors.js';

/** An id as callers have it: a number, or the same as text, as `getDefaultRole` and many clients give it. */
export type RoleIdLike = RoleId | string;

/** Id of a person; in the same two forms. */
export type UserIdLike = PersonId | string;

/** Whose mistake a wrong id is. */
interface Raising {
  raises: RouteErrorClass;
  context: RouteContext;
}

/** The id of a role as a number. Raises the route's error for all that is not a whole number above zero. */
export function roleIdIn(id: RoleIdLike, raising: Raising): RoleId {
  return idIn(id, 'role id', raising);
}

/** The id of a person as a number. Raises as `roleIdIn` does. */
export function userIdIn(id: UserIdLike, raising: Raising): PersonId {
  return idIn(id, 'user id', raising);
}

function idIn(id: number | string, what: string, { raises, context }: Raising): number {
  const value = typeof id === 'string' && /^[1-9]\d{0,15}$/u.test(id) ? Number(id) : id;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  const shown = typeof id === 'string' ? JSON.stringify(id.slice(0, 40)) : String(id);
  const message = `${shown} is not a ${what}; nothing was sent`;
  const hint = 'an id is a whole number above zero, or the same as text';
  throw new raises({ ...context, status: null, message, sent: false }, [problem('usage', message, { hint })]);
}
