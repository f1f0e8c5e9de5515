import type { InstanceStates } from '../../fleet/compared-instance.js';
import type { LoadedManifest, ManifestMember, ManifestRole } from '../../manifest/manifest.js';
import { grantList } from '../../model/grant.js';
import type { Grant } from '../../model/grant.js';
import type { Person } from '../../model/person.js';
import { SYSTEM_ROLES, isSystemRole, isSystemRoleName } from '../../model/role.js';
import type { LiveRole, Snapshot } from '../../model/snapshot.js';
import { wantedState } from './wanted-state.js';

/**
 * The states of a fictitious empty instance, so that manifests can be compared without a network. The grants that a
 * manifest takes from a role outside of it are represented by one grant, `from: NAME`.
 */
export function emptyInstanceStates(
  { base, own }: { base: LoadedManifest; own: LoadedManifest },
  now: string,
): Pick<InstanceStates, 'live' | 'base' | 'own'> {
  const snapshot = emptySnapshot([base, own]);
  const wanted = wantedState(own, snapshot, now);
  const { state, roles } = wanted;
  // Leave out roles that exist only as sources of grants or people.
  const named = new Set(roles.values());
  const kept = [...state.roles].filter(
    ([key, { id }]) => named.has(key) || (id !== null && isSystemRole(id)),
  );
  return {
    live: { ...state, roles: new Map(kept) },
    base: wantedState(base, snapshot, now),
    own: () => wanted,
  };
}

function emptySnapshot(manifests: readonly LoadedManifest[]): Snapshot {
  const roles = manifests.flatMap(({ manifest }) => manifest.roles);
  const people = listedPeople(roles.flatMap(({ members }) => members?.users ?? []));
  const live = wantedRolesOf(manifests, roles);
  const grants = grantList([
    ...live.flatMap((role) => role.grants),
    ...roles.flatMap((role) => [...(role.grants?.add ?? []), ...(role.grants?.optional ?? [])]),
  ]);
  return {
    instance: 'paper',
    sandbox: true,
    me: null,
    roles: live,
    people: { scope: 'all', list: people.map((person) => ({ ...person, roleId: NOWHERE })) },
    defaultRoleId: SYSTEM_ROLES.Participant,
    allowlist: 'off',
    catalogue: grants.map((grant) => ({
      grant,
      title: grant,
      group: '',
      dependsOn: [],
      adminLevel: null,
      features: [],
    })),
  };
}

/** The role of people whom no manifest lists. Larger than any id in Domo. */
const NOWHERE = Number.MAX_SAFE_INTEGER;

/** System roles, pinned roles, and roles that manifests refer to without defining them. */
function wantedRolesOf(manifests: readonly LoadedManifest[], roles: readonly ManifestRole[]): LiveRole[] {
  const sources = new Set(roles.flatMap(({ grants, basedOn }) => [...(grants?.from ?? []), basedOn]));
  // Sources hold all grants in `remove`; otherwise the comparison would not show the removal.
  const removedGrants = roles.flatMap(({ grants }) => grants?.remove ?? []);
  const grantsOf = (name: string): Grant[] =>
    sources.has(name) ? grantList([`from: ${name}`, ...removedGrants]) : [];
  const own = new Set(roles.map(({ name }) => name));
  const found = new Map<number, LiveRole>();
  const add = (id: number, name: string, grants: Grant[]): void => {
    if (!found.has(id))
      found.set(id, { id, name, description: '', grants, userCount: null, grantCount: grants.length });
  };
  for (const [name, id] of Object.entries(SYSTEM_ROLES)) add(id, name, grantsOf(name));
  for (const { id, name } of roles) if (id !== null) add(id, name, []);
  add(NOWHERE, '', []);
  let next = NOWHERE;
  for (const name of new Set([...sources, ...manifests.flatMap(namesIn)]))
    if (name !== null && !own.has(name) && !isSystemRoleName(name)) add((next -= 1), name, grantsOf(name));
  return [...found.values()].sort((a, b) => a.id - b.id);
}

/** The role names in the settings of a manifest. */
function namesIn({ manifest }: LoadedManifest): string[] {
  const { defaultRole, allowlist, policy } = manifest;
  const list = allowlist === null || allowlist === 'off' ? [] : allowlist;
  return [defaultRole, policy.removedMembersTo, ...list].flatMap((name) => name ?? []);
}

/** All people that manifests list, without repeats. */
function listedPeople(members: readonly ManifestMember[]): Omit<Person, 'roleId'>[] {
  const byId = new Map<number, string | null>();
  const byEmail = new Set<string>();
  for (const { ref, email } of members) {
    if ('id' in ref) byId.set(ref.id, byId.get(ref.id) ?? email);
    else byEmail.add(ref.email);
  }
  for (const email of byId.values()) if (email !== null) byEmail.delete(email);
  let next = Math.max(0, ...byId.keys());
  const all = [...byId, ...[...byEmail].map((email): [number, string] => [(next += 1), email])];
  return all
    .map(([id, email]) => ({ id, email, name: email ?? String(id), kind: 'active' as const }))
    .sort((a, b) => a.id - b.id);
}
