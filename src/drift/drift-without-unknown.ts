import type { GrantsLayer, LoadedManifest, ManifestRole } from '../manifest/manifest.js';
import type { Grant } from '../model/grant.js';
import type { Snapshot } from '../model/snapshot.js';
import type { State } from '../model/state.js';

/**
 * The manifest without what the instance does not have, so that all the rest can be compared: grants that are not
 * there are left out, and lists that are composed from a role that is not there are not compared at all.
 */
export function withoutUnknown(loaded: LoadedManifest, snapshot: Snapshot, end: State): LoadedManifest {
  const { manifest } = loaded;
  const grants = new Set<Grant>([
    ...snapshot.catalogue.map(({ grant }) => grant),
    ...snapshot.roles.flatMap((role) => role.grants),
  ]);
  const names = new Set([...end.roles.values()].map(({ name }) => name));
  const unknowable = unknowableLists(manifest.roles, names);
  const { removedMembersTo } = manifest.policy;
  const destination = removedMembersTo !== null && names.has(removedMembersTo) ? removedMembersTo : null;
  return {
    ...loaded,
    manifest: {
      ...manifest,
      policy: { ...manifest.policy, removedMembersTo: destination },
      roles: manifest.roles.map((role) => ({
        ...role,
        grants: unknowable.has(role.name) ? null : knownGrants(role.grants, grants),
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

/** Roles whose `from` names a role that is not there, or one of these roles. */
function unknowableLists(roles: readonly ManifestRole[], names: ReadonlySet<string>): ReadonlySet<string> {
  const unknowable = new Set<string>();
  for (let before = -1; before < unknowable.size;) {
    before = unknowable.size;
    for (const { name, grants } of roles)
      if (grants?.from.some((one) => !names.has(one) || unknowable.has(one))) unknowable.add(name);
  }
  return unknowable;
}
