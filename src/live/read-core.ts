import type { Grant } from '../model/grant.js';
import type { LiveRole, Snapshot } from '../model/snapshot.js';
import { problem, ProblemError } from '../problem/problem.js';
import { isSettingsUnreadable, type Routes } from '../routes/index.js';
import { allowlistFrom, catalogueFrom, grantsFrom, idFrom, rolesFrom } from './normalise.js';
import { checkMatrix, checkRoles } from './whole.js';
import type { RoleId } from '../model/ids.js';

/** A role of the list of roles: name, description and counts. */
export type ListedRole = Omit<LiveRole, 'grants'>;

/** Role id → its grants. */
export type Matrix = ReadonlyMap<RoleId, readonly Grant[]>;

/** All roles, without their grants. */
export async function readRoles(routes: Pick<Routes, 'getRoles'>): Promise<readonly ListedRole[]> {
  return checkRoles(rolesFrom((await routes.getRoles()).response));
}

/** The catalogue and the matrix in it. */
export async function readCatalogue(
  routes: Pick<Routes, 'getAuthorities'>,
): Promise<ReturnType<typeof catalogueFrom>> {
  const found = catalogueFrom((await routes.getAuthorities()).response);
  checkMatrix(found.matrix);
  return found;
}

/** A role's own list of grants. */
export async function readRoleGrants(
  routes: Pick<Routes, 'getRoleGrants'>,
  roleId: RoleId,
): Promise<readonly Grant[]> {
  const { response } = await routes.getRoleGrants(roleId);
  return grantsFrom(response, `the grants of role ${roleId}`);
}

/** Default role and allowlist. Where the settings cannot be read, the default role has a source of its own. */
export async function readSettings(
  routes: Pick<Routes, 'getRoleSettings' | 'getDefaultRole'>,
): Promise<Pick<Snapshot, 'defaultRoleId' | 'allowlist'>> {
  const settings = await routes.getRoleSettings().then(
    ({ response }) => response,
    (error: unknown) => {
      if (isSettingsUnreadable(error)) return null;
      throw error;
    },
  );
  const defaultRole = settings?.defaultRoleId ?? (await routes.getDefaultRole()).response;
  return {
    defaultRoleId: idFrom(defaultRole, 'the default role'),
    allowlist: allowlistFrom(settings?.allowlistRoleIds),
  };
}

/**
 * The list of roles declares no total, but the matrix names every role that holds a grant. If the list lacks one
 * of them, the role was created in between, or the list was cut short: it is read once more. Raises
 * `short-list` where it still lacks one.
 */
export async function completeRoles(
  listed: readonly ListedRole[],
  matrix: Matrix,
  readAgain: () => Promise<readonly ListedRole[]>,
): Promise<readonly ListedRole[]> {
  if (missingRole(listed, matrix) === undefined) return listed;
  const again = await readAgain();
  const missing = missingRole(again, matrix);
  if (missing === undefined) return again;
  throw new ProblemError(
    problem('short-list', `the list of roles is not whole: role ${missing} holds grants and is not in it`, {
      hint: 'try again; an incomplete list is never used',
    }),
  );
}

function missingRole(listed: readonly ListedRole[], matrix: Matrix): RoleId | undefined {
  const ids = new Set(listed.map(({ id }) => id));
  return [...matrix.keys()].find((id) => !ids.has(id));
}
