import type { Desired } from '../../desired/desired.js';
import { resolveDesiredState } from '../../desired/resolve.js';
import type { WantedState } from '../../fleet/compared-instance.js';
import type { LoadedManifest } from '../../manifest/manifest.js';
import type { RoleKey } from '../../model/role.js';
import type { Snapshot } from '../../model/snapshot.js';

/** The end state of a manifest on an instance, as input of a comparison. Refusals and problems are left to plans. */
export function wantedState(loaded: LoadedManifest, snapshot: Snapshot, now: string): WantedState {
  const { target } = resolveDesiredState(loaded, snapshot, { now });
  const { manifest } = loaded;
  const keys = keysByName(target);
  return {
    state: target.state,
    roles: new Map(manifest.roles.map(({ name }) => [name, keys.get(name) ?? null])),
    removed: new Set(manifest.removed),
    leftAlone: new Set(manifest.leftAlone),
    unmanagedRoles: manifest.policy.unmanagedRoles,
    managesDefaultRole: manifest.defaultRole !== null,
    managesAllowlist: manifest.allowlist !== null,
  };
}

function keysByName({ managed, state }: Desired['target']): ReadonlyMap<string, RoleKey> {
  const keys = new Map<string, RoleKey>();
  for (const key of managed) {
    const role = state.roles.get(key);
    if (role) keys.set(role.name, key);
  }
  return keys;
}

/** Does one of these manifests list members? If not, people need not be read. */
export function listsMembers(...manifests: readonly LoadedManifest[]): boolean {
  return manifests.some(({ manifest }) => manifest.roles.some(({ members }) => members !== null));
}
