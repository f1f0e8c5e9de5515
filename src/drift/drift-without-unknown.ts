import type { GrantsLayer, LoadedManifest, ManifestRole } from '../manifest/manifest.js';
import type { Grant } from '../model/grant.js';
import type { Snapshot } from '../model/snapshot.js';
import type { State } from '../model/state.js';

/**
 * Removes from a manifest what the instance does not have, so that the rest can be compared. Drops unknown grants, and
 * skips grant lists that inherit from an unknown role.
 */
export function withoutUnknown(loaded: LoadedManifest, snapshot: Snapshot, end: State): LoadedManifest {
  const { manifest } = loaded;
  const grants = new Set<Grant>([
    ...snapshot.catalogue.map(({ grant }) => grant),
    ...snapshot.roles.flatMap((role) => role.grants),
  ]);
  const names = new Set([...end.roles.values()].map(({ name }) => name));
  const unresolvable = unresolvableRoles(manifest.roles, names);
  const { removedMembersTo } = manifest.policy;
  const destination = removedMembersTo !== null && names.has(removedMembersTo) ? removedMembersTo : null;
  return {
    ...loaded,
    manifest: {
      ...manifest,
      policy: { ...manifest.policy, removedMembersTo: destination },
      roles: manifest.roles.map((role) => ({
        ...role,
        grants: unresolvable.has(role.name) ? null : knownGrants(role.grants, grants),
      })),
    },
  };
}

function knownGrants(list: ManifestRole['grants'], known: ReadonlySet<Grant>): ManifestRole['grants'] {
  if (list === null) return null;
  const there = (some: readonly Grant[]): readonly Grant[] => some.filter((grant) => known.has(grant));
  const layer = <T extends GrantsLayer>(one: T): T => ({
    ...one,
    add: there(one.add),
    remove: there(one.remove),
  });
  return { ...layer(list), ...(list.layers ? { layers: list.layers.map(layer) } : {}) };
}

/** Roles that inherit, directly or indirectly, from a role that does not exist. */
function unresolvableRoles(roles: readonly ManifestRole[], names: ReadonlySet<string>): ReadonlySet<string> {
  const unknowable = new Set<string>();
  for (let before = -1; before < unknowable.size;) {
    before = unknowable.size;
    for (const { name, grants } of roles)
      if (grants?.from.some((one) => !names.has(one) || unknowable.has(one))) unknowable.add(name);
  }
  return unknowable;
}
