import { MANAGE_ROLES } from '../model/grant.js';
import type { Person } from '../model/person.js';
import { SYSTEM_ROLES } from '../model/role.js';
import type { Snapshot } from '../model/snapshot.js';
import { blankState } from '../sandbox/index.js';
import type { Quirks, SandboxState, SandboxUser } from '../sandbox/index.js';
import type { PersonId } from '../model/ids.js';

/** A sandbox state made from a snapshot, and its acting person. */
interface FilledSandbox {
  state: SandboxState;
  quirks: Partial<Quirks>;
  /**
   * Id of an added acting account, if the snapshot has no acting person or does not list them; null otherwise.
   */
  standIn: PersonId | null;
}

/** Makes a sandbox state from a snapshot, with the same ids. The token belongs to the acting person. */
export function fillSandbox(snapshot: Snapshot, token: string): FilledSandbox {
  const users = snapshot.people.list.map(userOf);
  const actor = snapshot.me?.id ?? 1 + Math.max(0, ...users.map(({ id }) => id));
  const standIn = users.some(({ id }) => id === actor) ? null : actor;
  if (standIn !== null) users.push(adminOf(standIn, snapshot));
  const state = blankState({
    instance: snapshot.instance,
    users,
    roles: snapshot.roles.map(({ id, name, description, grants }) => ({
      id,
      name,
      description,
      authorities: [...grants],
      created: 0,
      modified: 0,
    })),
    settings: {
      defaultRoleId: snapshot.defaultRoleId,
      allowlistRoleIds: typeof snapshot.allowlist === 'string' ? null : [...snapshot.allowlist],
    },
    authorities: snapshot.catalogue.map((entry) => ({
      authority: entry.grant,
      title: entry.title,
      description: '',
      authorityUIGroup: entry.group,
      dependsOnAuthorities: [...entry.dependsOn],
      adminLevel: entry.adminLevel,
      features: [...entry.features],
    })),
    // Every grant of the snapshot's catalogue exists, regardless of its feature.
    features: null,
    tokens: { [token]: actor },
  });
  // The acting person was able to read the snapshot, so only writes need a grant.
  const quirks = { readsOpenToAll: true, settingsWriteOnly: snapshot.allowlist === 'unreadable' };
  return { state, quirks, standIn };
}

function userOf({ id, email, name, roleId, kind }: Person): SandboxUser {
  return {
    id,
    displayName: name,
    email,
    roleId,
    isPending: kind === 'pending',
    isSystemUser: kind === 'system',
    isSupport: kind === 'support',
    deleted: false,
    attributes: {},
  };
}

/** An administrator of kind `support`, which lists of people do not show. */
function adminOf(id: PersonId, { roles }: Snapshot): SandboxUser {
  const powerful =
    roles.find((role) => role.id === SYSTEM_ROLES.Admin) ??
    roles.find(({ grants }) => grants.includes(MANAGE_ROLES));
  const roleId = powerful?.id ?? SYSTEM_ROLES.Admin;
  return { ...userOf({ id, email: null, name: 'Dry run', roleId, kind: 'support' }), isSystemUser: true };
}
