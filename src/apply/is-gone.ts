import type { RoleId } from '../model/ids.js';
import { hasCode } from '../problem/problem.js';
import type { ApplyRun } from './run.js';

/**
 * Does the list of grants confirm that a role does not exist? Call it if the list of roles lacks the role and no accepted
 * delete explains this: the list may be incomplete. Raises `short-list` if the instance reports that the role exists.
 */
export async function isGone({ options }: ApplyRun, roleId: RoleId): Promise<boolean> {
  try {
    await options.reader.readRoleGrants(roleId);
    return false;
  } catch (error) {
    if (hasCode(error, 'not-found')) return true;
    throw error;
  }
}
