import { protectedGrants } from '../model/admin-level.js';
import type { Grant } from '../model/grant.js';
import { MANAGE_ROLES } from '../model/grant.js';
import { accountText, isOrdinary, peopleByRole } from '../model/person.js';
import type { Person } from '../model/person.js';
import type { Policy } from '../model/policy.js';
import type { LiveRole, Snapshot } from '../model/snapshot.js';
import { byCodeUnit } from '../model/sort.js';

/** Version of the document's format. */
const INSTANCE_ROLES_FORMAT = 1;

/** A live role that holds a protected grant, and its people. */
export interface ProtectedHolder {
  role: string;
  /** The protected grants that it holds. Sorted. */
  grants: readonly Grant[];
  /** Addresses, or `id N` if an account has none; at most `MOST_HOLDERS`. Sorted. Null if its people were not read. */
  people: readonly string[] | null;
  /** The number of people in it; null if unknown. */
  count: number | null;
}

/** Facts that the fleet page shows and a plan or drift document leaves out. Plain JSON. */
export interface InstanceRoles {
  formatVersion: typeof INSTANCE_ROLES_FORMAT;
  kind: 'instance-roles';
  instance: string;
  /** Every role of the manifest, changed or not; null if no manifest was read. `overlaid`: it differs from the base. Sorted by name. */
  roles: readonly { role: string; overlaid: boolean }[] | null;
  /** The holders of protected grants when the instance was read. Sorted by role name. */
  holders: readonly ProtectedHolder[];
}

/** The most people listed for one role. */
export const MOST_HOLDERS = 1000;

/** The roles of a manifest, and which of them differ from its base. */
interface ManifestNames {
  roles: readonly { name: string }[];
  overlaid: ReadonlySet<string>;
}

/** Builds the document of an instance from the manifest's roles, if one was read, and a snapshot. */
export function instanceRoles(
  instance: string,
  manifest: ManifestNames | null,
  { snapshot, policy }: { snapshot: Snapshot; policy: Pick<Policy, 'protectedGrants'> },
): InstanceRoles {
  return {
    formatVersion: INSTANCE_ROLES_FORMAT,
    kind: 'instance-roles',
    instance,
    roles: manifest && namedRoles(manifest),
    holders: holdersOf(snapshot, protectedGrants(snapshot.catalogue, policy.protectedGrants)),
  };
}

function namedRoles({ roles, overlaid }: ManifestNames): NonNullable<InstanceRoles['roles']> {
  return roles
    .map(({ name }) => ({ role: name, overlaid: overlaid.has(name) }))
    .sort((a, b) => byCodeUnit(a.role, b.role));
}

function holdersOf({ roles, people }: Snapshot, isProtected: ReadonlySet<Grant>): ProtectedHolder[] {
  const members = peopleByRole(people.list.filter(isOrdinary));
  return roles
    .map((role) => ({ role, grants: role.grants.filter((grant) => isProtected.has(grant)) }))
    .filter(({ grants }) => grants.length > 0)
    .map(({ role, grants }) => {
      // If a plan needs no other people, only those in roles that manage roles are read.
      const isRead = people.scope === 'all' || role.grants.includes(MANAGE_ROLES);
      return { role: role.name, grants, ...peopleIn(role, isRead ? (members.get(role.id) ?? []) : null) };
    })
    .sort((a, b) => byCodeUnit(a.role, b.role));
}

function peopleIn(
  { userCount }: LiveRole,
  members: readonly Person[] | null,
): Pick<ProtectedHolder, 'people' | 'count'> {
  if (members === null) return { people: null, count: userCount };
  const names = members.map(accountText).sort(byCodeUnit);
  return { people: names.slice(0, MOST_HOLDERS), count: names.length };
}
