import equal from 'fast-deep-equal';
import type { LoadedManifest, ManifestRole } from '../../manifest/manifest.js';
import type { PersonId } from '../../model/ids.js';
import { isOrdinary, peopleByRole } from '../../model/person.js';
import { peopleIn } from '../../model/placement.js';
import { quotedName } from '../../model/quoted-name.js';
import type { RoleKey } from '../../model/role.js';
import { isNewKey } from '../../model/role-id.js';
import type { LiveRole, Snapshot } from '../../model/snapshot.js';
import type { State } from '../../model/state.js';
import { warning } from '../../problem/problem.js';
import type { Findings } from '../findings.js';

interface LikelyRenameInput {
  loaded: LoadedManifest;
  snapshot: Snapshot;
  keys: ReadonlyMap<string, RoleKey>;
  unmanaged: readonly LiveRole[];
  state: State;
  findings: Findings;
}

/**
 * Warns if a role to be created equals an unmanaged live role in everything that the manifest defines. Its key was
 * probably changed to rename the role, but this plan would create a second role.
 */
export function warnOfLikelyRenames(input: LikelyRenameInput): void {
  const { loaded, keys, unmanaged, findings } = input;
  for (const role of loaded.manifest.roles) {
    const key = keys.get(role.name);
    if (key === undefined || !isNewKey(key)) continue;
    const alike = unmanaged.filter((live) => isAlike(role, key, { ...input, live }));
    const [first] = alike;
    if (!first) continue;
    const names = alike.map(({ name, id }) => `${quotedName(name)} (id ${id})`).join(' and ');
    const message = `role ${quotedName(role.name)} would be created, but looks like a rename of the live role ${names}`;
    findings.warnings.push(
      warning('looks-like-rename', message, {
        where: loaded.locate(['roles', role.name]),
        hint:
          alike.length === 1
            ? `if it is the same role, write \`renamedFrom: [${quotedName(first.name)}]\``
            : 'if it is one of these roles, pin it with its `id:`',
      }),
    );
  }
}

/** Are they equal in everything that the manifest defines? Roles with neither grants nor people do not count. */
function isAlike(
  role: ManifestRole,
  key: RoleKey,
  { live, snapshot, state }: LikelyRenameInput & { live: LiveRole },
): boolean {
  const made = state.roles.get(key);
  if (!made || (role.grants === null && role.members === null)) return false;
  if (role.grants !== null && !equal(made.grants, live.grants)) return false;
  const before = (peopleByRole(snapshot.people.list).get(live.id) ?? []).filter(isOrdinary);
  // A role that is derived from another role of the same manifest is a separate role, not a rename.
  if (role.members === null) return live.grants.length > 0 && !isNamedBy(role, live.name);
  const after = peopleIn(state.people, [made]).filter(isOrdinary);
  const ids = (people: readonly { id: PersonId }[]): PersonId[] =>
    people.map(({ id }) => id).sort((a, b) => a - b);
  if (!equal(ids(before), ids(after))) return false;
  return before.length > 0 || (role.grants !== null && live.grants.length > 0);
}

function isNamedBy({ grants }: ManifestRole, name: string): boolean {
  return grants?.from.includes(name) ?? false;
}
