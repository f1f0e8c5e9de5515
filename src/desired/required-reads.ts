import { compareStates } from '../diff/compare.js';
import type { LoadedManifest } from '../manifest/manifest.js';
import { isAboutPeople } from '../model/access-rule.js';
import { protectedGrants } from '../model/admin-level.js';
import { grantsWithout } from '../model/closure.js';
import type { RoleId } from '../model/ids.js';
import { peopleByRole } from '../model/person.js';
import { policyOn } from '../model/policy-overlay.js';
import { liveKey } from '../model/role.js';
import type { LivePeople, LiveRole, Snapshot } from '../model/snapshot.js';
import { stateOf } from '../model/state.js';
import { resolveDesiredState } from './resolve.js';
import type { DesiredOptions } from './resolve.js';

/** A snapshot before its people are read. */
type Core = Omit<Snapshot, 'people'>;

const NO_PEOPLE: LivePeople = { scope: 'all', list: [] };

/**
 * Must all people be read for this manifest? If no grants change, no one is listed, nothing is deleted and no rule is
 * about people, the people in roles that manage roles are enough.
 */
export function needsAllPeople(loaded: LoadedManifest, core: Core, options: DesiredOptions): boolean {
  if (loaded.manifest.roles.some((role) => role.members !== null)) return true;
  if (loaded.manifest.policy.rules.some(isAboutPeople)) return true;
  const snapshot = { ...core, people: NO_PEOPLE };
  const differences = compareStates(
    stateOf(snapshot),
    resolveDesiredState(loaded, snapshot, options).target.state,
  );
  return differences.some(({ kind }) => kind === 'grants' || kind === 'role-extra');
}

/**
 * Roles whose own list of members must be read, because the instance counts more people in them than user search
 * returns (support accounts): roles that are deleted, and roles that gain a protected grant.
 */
export function rolesWithHiddenPeople(
  loaded: LoadedManifest,
  snapshot: Snapshot,
  options: DesiredOptions,
): LiveRole[] {
  const people = peopleByRole(snapshot.people.list);
  const crowded = snapshot.roles.filter(
    (role) => role.userCount !== null && role.userCount > (people.get(role.id)?.length ?? 0),
  );
  if (crowded.length === 0) return [];
  const state = resolveDesiredState(loaded, snapshot, options).target.state;
  const { catalogue } = snapshot;
  const guarded = protectedGrants(catalogue, policyOn(loaded.manifest.policy, catalogue).protectedGrants);
  const concerns = (role: LiveRole): boolean => {
    const after = state.roles.get(liveKey(role.id));
    return !after || grantsWithout(after.grants, role.grants).some((grant) => guarded.has(grant));
  };
  return crowded.filter(concerns);
}

/**
 * Roles that will be written or deleted and whose grant count differs from the catalogue's matrix, or is missing: they
 * may hold a grant that the catalogue does not list, so their own lists must be read.
 */
export function rolesToReadDirectly(loaded: LoadedManifest, core: Core, options: DesiredOptions): RoleId[] {
  const mismatched = core.roles.filter((role) => role.grantCount !== role.grants.length);
  if (mismatched.length === 0) return [];
  const snapshot = { ...core, people: NO_PEOPLE };
  const state = resolveDesiredState(loaded, snapshot, options).target.state;
  const written = new Set(
    compareStates(stateOf(snapshot), state).flatMap((difference) =>
      difference.kind === 'grants'
        ? [difference.key]
        : difference.kind === 'role-extra'
          ? [difference.before.key]
          : [],
    ),
  );
  return mismatched.filter((role) => written.has(liveKey(role.id))).map((role) => role.id);
}
