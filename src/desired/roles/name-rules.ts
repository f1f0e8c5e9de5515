import type { Manifest, ManifestRole } from '../../manifest/manifest.js';
import { addTo, groupBy } from '../../model/group.js';
import type { RoleId } from '../../model/ids.js';
import { isSystemRole } from '../../model/role.js';
import type { LiveRole } from '../../model/snapshot.js';

/** Resolves names in a manifest to live roles: by id, then by exact name, then by old names that are free. */
export interface NameRules {
  byId: ReadonlyMap<RoleId, LiveRole>;
  byName: ReadonlyMap<string, readonly LiveRole[]>;
  wanted: ReadonlyMap<string, ManifestRole>;
  /** The roles that pin a live role by its id. */
  pinnedBy: ReadonlyMap<RoleId, ManifestRole>;
  /** Live roles with exactly this role's name that no other role pins. */
  own: (role: ManifestRole) => readonly LiveRole[];
  /** Names of live roles that nothing in the manifest touches. */
  leftAlone: ReadonlySet<string>;
  /** Live roles that this role may take over by an old name. */
  old: (role: ManifestRole) => readonly LiveRole[];
  /** Does another role take over the live role of this name? */
  losesItsName: (role: ManifestRole) => boolean;
}

/** Prepares the rules for one manifest and one list of live roles. */
export function nameRules(
  { roles, leftAlone: marked }: Pick<Manifest, 'roles' | 'leftAlone'>,
  live: readonly LiveRole[],
): NameRules {
  const leftAlone = new Set(marked);
  const wanted = new Map(roles.map((role) => [role.name, role]));
  const byId = new Map(live.map((role) => [role.id, role]));
  const byName = groupBy(live, ({ name }) => name);
  const pinnedBy = new Map<RoleId, ManifestRole>();
  for (const role of roles) if (role.id !== null) pinnedBy.set(role.id, role);

  const named = (name: string, claimant: ManifestRole): LiveRole[] =>
    (byName.get(name) ?? []).filter(({ id }) => (pinnedBy.get(id) ?? claimant) === claimant);
  const own = (role: ManifestRole): LiveRole[] => named(role.name, role);

  const old = memo<ManifestRole, LiveRole[]>([], (role) =>
    role.renamedFrom.flatMap((name) => {
      const owner = wanted.get(name);
      if (leftAlone.has(name) || (owner && !givesUp(owner))) return [];
      return named(name, role).filter(({ id }) => !isSystemRole(id));
    }),
  );
  // A role gives up its name only if the same plan matches it to another live role.
  const givesUp = (owner: ManifestRole): boolean =>
    owner.id !== null ? byId.has(owner.id) && byId.get(owner.id)?.name !== owner.name : old(owner).length > 0;

  const claims = new Map<string, ManifestRole[]>();
  for (const role of roles) for (const name of role.renamedFrom) addTo(claims, name, role);
  /** Must this role be matched by another name than its own? */
  const needsAnother = memo<ManifestRole, boolean>(
    false,
    (role) => own(role).length === 0 || losesItsName(role),
  );
  const losesItsName = (role: ManifestRole): boolean =>
    (claims.get(role.name) ?? []).some(
      (taker) =>
        taker !== role &&
        taker.id === null &&
        needsAnother(taker) &&
        old(taker).some(({ name }) => name === role.name),
    );
  return { byId, byName, wanted, pinnedBy, own, leftAlone, old, losesItsName };
}

/** Caches results. A recursive call with the same key (possible only in cycles with an id) returns `inCycle`. */
function memo<K extends object, V>(inCycle: V, compute: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    const hit = known.get(key);
    if (hit !== undefined) return hit;
    known.set(key, inCycle);
    const value = compute(key);
    known.set(key, value);
    return value;
  };
}
