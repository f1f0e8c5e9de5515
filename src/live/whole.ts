import { MANAGE_ROLES, type Grant } from '../model/grant.js';
import { SYSTEM_ROLES } from '../model/role.js';
import type { LiveRole } from '../model/snapshot.js';
import { problem, ProblemError } from '../problem/problem.js';
import type { PersonId, RoleId } from '../model/ids.js';

/*
 * What every instance has. An answer without it was cut short or is another one's, whatever its status says: it
 * is an error, since a plan would be made of it.
 */

type Listed = Pick<LiveRole, 'id' | 'name'>;

/** Raises `short-list` where a list of roles lacks a system role. */
export function checkRoles<R extends Listed>(roles: readonly R[]): readonly R[] {
  const ids = new Set(roles.map(({ id }) => id));
  for (const [name, id] of Object.entries(SYSTEM_ROLES)) {
    if (!ids.has(id)) throw shortList('roles', `it lacks the system role ${name} (${id})`);
  }
  return roles;
}

/** Raises `short-list` where no role holds `authorization.roles` by the catalogue. */
export function checkMatrix(matrix: ReadonlyMap<RoleId, readonly Grant[]>): void {
  const holds = [...matrix.values()].some((grants) => grants.includes(MANAGE_ROLES));
  if (!holds) throw shortList('grants', `no role in it holds ${MANAGE_ROLES}`);
}

/** Raises `short-list`: a search for all people whose result lacks the acting person. */
export function lacksActingPerson(id: PersonId | null): ProblemError {
  return shortList('people', `it lacks the acting person${id === null ? '' : ` (${id})`}`);
}

/**
 * Is the matrix far from what the instance itself counts? One more in the count is usual and no proof; a role that
 * the matrix leaves out, or any other difference, is looked into.
 */
export function isFarOff({ grantCount }: Pick<LiveRole, 'grantCount'>, held: readonly Grant[]): boolean {
  if (grantCount === null) return false;
  const more = grantCount - held.length;
  return more !== 0 && (more !== 1 || held.length === 0);
}

function shortList(what: string, how: string): ProblemError {
  return new ProblemError(
    problem('short-list', `the list of ${what} is not whole: ${how}`, {
      where: { what },
      hint: 'try again; an incomplete list is never used',
    }),
  );
}
