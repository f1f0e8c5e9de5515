import type { Grant } from '../model/grant.js';
import type { LiveRole, Snapshot } from '../model/snapshot.js';
import { checkRoles, isSettingsUnreadable, incompleteList, type Routes } from '../routes/index.js';
import { catalogueFrom, grantsFrom } from '../routes/parse-catalogue.js';
import { rolesFrom } from '../routes/parse-roles.js';
import { allowlistFrom, defaultRoleFrom } from '../routes/parse-settings.js';
import { idFrom } from '../routes/parse-values.js';
import { checkMatrix } from './completeness.js';
import type { RoleId } from '../model/ids.js';

/** A role as listed: with name, description and counts, without grants. */
type ListedRole = Omit<LiveRole, 'grants'>;

/** Role id → grants. */
type Matrix = ReadonlyMap<RoleId, readonly Grant[]>;

/** Reads all roles, without their grants. */
export async function readRoles(routes: Pick<Routes, 'getRoles'>): Promise<readonly ListedRole[]> {
  return checkRoles(rolesFrom((await routes.getRoles()).response));
}

/** Reads the catalogue and its matrix. */
export async function readCatalogue(
  routes: Pick<Routes, 'getAuthorities'>,
): Promise<ReturnType<typeof catalogueFrom>> {
  const found = catalogueFrom((await routes.getAuthorities()).response);
  checkMatrix(found.matrix);
  return found;
}

/** Reads the list of grants of one role. */
export async function readRoleGrants(
  routes: Pick<Routes, 'getRoleGrants'>,
  roleId: RoleId,
): Promise<readonly Grant[]> {
  const { response } = await routes.getRoleGrants(roleId);
  return grantsFrom(response, `the grants of role ${roleId}`);
}

/** Reads the default role and the allowlist. If the settings cannot be read, the default role is read by itself. */
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
  const defaultRoleId =
    defaultRoleFrom(settings) ?? idFrom((await routes.getDefaultRole()).response, 'the default role');
  return { defaultRoleId, allowlist: allowlistFrom(settings) };
}

/**
 * Checks that the list of roles is complete. The list declares no total, but the matrix names every role that holds a grant.
 * If the list lacks one of them, it is read once more, because the role may have been created in between. Raises `short-list`
 * if it still lacks one.
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
  throw incompleteList({ what: 'roles' }, `it lacks role ${missing}, which holds grants`);
}

function missingRole(listed: readonly ListedRole[], matrix: Matrix): RoleId | undefined {
  const ids = new Set(listed.map(({ id }) => id));
  return [...matrix.keys()].find((id) => !ids.has(id));
}
