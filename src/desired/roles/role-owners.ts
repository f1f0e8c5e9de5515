import type { LoadedManifest } from '../../manifest/manifest.js';
import type { RoleId } from '../../model/ids.js';
import type { Role, RoleKey } from '../../model/role.js';
import { isNewKey, liveKey, newKey } from '../../model/role-id.js';
import type { LiveRole } from '../../model/snapshot.js';
import type { RoleOwner } from '../../model/standing.js';
import { noFindings } from '../findings.js';
import { matchRoles } from './match-roles.js';

/** The owners of a manifest's roles, sorted by role; a role with an unknown pin is left out. */
export function roleOwners(
  { manifest }: LoadedManifest,
  keys: ReadonlyMap<string, RoleKey>,
  roles: ReadonlyMap<RoleKey, Role>,
): RoleOwner[] {
  return manifest.roles.flatMap(({ name, owner }) => {
    const key = keys.get(name);
    if (owner === null || key === undefined) return [];
    const roleId = isNewKey(key) ? key : roles.get(key)?.id;
    return roleId === undefined || roleId === null ? [] : [{ role: name, roleId, owner }];
  });
}

/** The owners of live roles according to a manifest, by role id; roles without an owner are left out. */
export function ownersOfLive(loaded: LoadedManifest, live: readonly LiveRole[]): ReadonlyMap<RoleId, string> {
  const { keys } = matchRoles(loaded, live, noFindings());
  const byKey = new Map(live.map(({ id }) => [liveKey(id) as RoleKey, id]));
  return new Map(
    loaded.manifest.roles.flatMap(({ name, owner }): [RoleId, string][] => {
      const id = byKey.get(keys.get(name) ?? newKey(name));
      return owner === null || id === undefined ? [] : [[id, owner]];
    }),
  );
}
