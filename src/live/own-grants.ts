import type { Grant } from '../model/grant.js';
import type { RoleId } from '../model/ids.js';
import { hasCode } from '../problem/problem.js';

type ReadGrants = (id: RoleId) => Promise<readonly Grant[]>;

/** The grants of a role by its own list; null if the role does not exist, because it was deleted since the roles were listed. */
export async function ownGrants(id: RoleId, read: ReadGrants): Promise<readonly Grant[] | null> {
  try {
    return await read(id);
  } catch (error) {
    if (hasCode(error, 'not-found')) return null;
    throw error;
  }
}

/** A listed role with the grants of its own list; null if it was deleted meanwhile. */
export async function withOwnGrants<R extends { id: RoleId }>(
  role: R,
  read: ReadGrants,
): Promise<(R & { grants: readonly Grant[] }) | null> {
  const grants = await ownGrants(role.id, read);
  return grants && { ...role, grants };
}
