import { instanceRoles } from '../../fleet/instance-roles.js';
import type { InstanceRoles } from '../../fleet/instance-roles.js';
import type { LoadedManifest } from '../../manifest/manifest.js';
import type { Plan } from '../../plan/plan.js';
import type { Snapshot } from '../../model/snapshot.js';
import { rolesAboveBase } from '../../manifest/load/loaded-manifest.js';

/** Builds the `roles.json` of an instance, for the fleet page. `loaded` is null for a rollback, which has no manifest. */
export function rolesOnInstance(
  instance: string,
  loaded: LoadedManifest | null,
  { snapshot, document }: { snapshot: Snapshot; document: Pick<Plan, 'policy'> },
): InstanceRoles {
  const names = loaded && { roles: loaded.manifest.roles, overlaid: rolesAboveBase(loaded) };
  return instanceRoles(instance, names, { snapshot, policy: document.policy });
}
