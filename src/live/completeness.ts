import { MANAGE_ROLES, type Grant } from '../model/grant.js';
import type { LiveRole } from '../model/snapshot.js';
import type { ProblemError } from '../problem/problem.js';
import { incompleteList } from '../routes/index.js';
import type { PersonId, RoleId } from '../model/ids.js';

/*
 * Checks for what every instance has. A response without it was truncated, even with status 200, and must not become the basis
 * of a plan.
 */

/** Raises `short-list` if no role of the matrix holds `authorization.roles`. */
export function checkMatrix(matrix: ReadonlyMap<RoleId, readonly Grant[]>): void {
  const holds = [...matrix.values()].some((grants) => grants.includes(MANAGE_ROLES));
  if (!holds) throw incompleteList({ what: 'grants' }, `no role in it holds ${MANAGE_ROLES}`);
}

/** Returns the error of a search for all people whose result lacks the acting person: `short-list`. */
export function lacksActingPerson(id: PersonId | null): ProblemError {
  return incompleteList({ what: 'people' }, `it lacks the acting person${id === null ? '' : ` (${id})`}`);
}

/**
 * Does the matrix differ from the grant count of a role so much that its grants must be read? A count that is one higher is
 * usual, unless the matrix has no grants for the role.
 */
export function needsGrantsRead(
  { grantCount }: Pick<LiveRole, 'grantCount'>,
  held: readonly Grant[],
): boolean {
  if (grantCount === null) return false;
  const more = grantCount - held.length;
  return more !== 0 && (more !== 1 || held.length === 0);
}
