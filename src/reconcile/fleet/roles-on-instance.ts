import { instanceRoles } from '../../fleet/instance-roles.js';
import type { InstanceRoles } from '../../fleet/instance-roles.js';
import { rolesAboveBase } from '../../manifest/load.js';
import type { LoadedManifest } from '../../manifest/manifest.js';
import type { Plan } from '../../plan/plan.js';
import type { Snapshot } from '../../model/snapshot.js';

/** What is left beside a plan or drift document for the page of the fleet. */
export function rolesOnInstance(
  instance: string,
  loaded: LoadedManifest,
  { snapshot, document }: { snapshot: Snapshot; document: Pick<Plan, 'policy'> },
): InstanceRoles {
  const names = { roles: loaded.manifest.roles, overlaid: rolesAboveBase(loaded) };
  return instanceRoles(instance, names, { snapshot, policy: document.policy });
}
