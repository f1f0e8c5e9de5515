import type { PersonId, RoleId } from '../model/ids.js';
import { problem } from '../problem/problem.js';
import type { RouteContext, RouteErrorClass } from './errors.js';

/** The id of a role as a number or as text, which `getDefaultRole` and many clients return. */
export type RoleIdLike = RoleId | string;

/** The id of a person as a number or as text. */
export type UserIdLike = PersonId | string;

/** The class and context of the error for an invalid id. */
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

function idIn(id: number | string, what: string, { raises, context }: IdErrors): number {
  const value = typeof id === 'string' && /^[1-9]\d{0,15}$/u.test(id) ? Number(id) : id;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  const shown = typeof id === 'string' ? JSON.stringify(id.slice(0, 40)) : String(id);
  const message = `${shown} is not a ${what}; nothing was sent`;
  const hint = 'an id is a whole number above zero, as a number or as text';
  throw new raises({ ...context, status: null, message, sent: false }, [problem('usage', message, { hint })]);
}
