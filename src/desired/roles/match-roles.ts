import type { LoadedManifest, ManifestRole } from '../../manifest/manifest.js';
import type { RoleId } from '../../model/ids.js';
import { isOrdinary, peopleByRole } from '../../model/person.js';
import { quotedName } from '../../model/quoted-name.js';
import { refusal } from '../../model/refusal.js';
import type { Refusal } from '../../model/refusal.js';
import { isSystemRole, liveKey, newKey } from '../../model/role.js';
import type { RoleKey } from '../../model/role.js';
import type { LiveRole, Snapshot } from '../../model/snapshot.js';
import { byCodeUnit } from '../../model/sort.js';
import type { UnmanagedRole } from '../../model/standing.js';
import { problem, warning } from '../../problem/problem.js';
import type { Findings } from '../findings.js';
import { nameRules } from './name-rules.js';
import type { NameRules } from './name-rules.js';
import { refuseNearNames, roleItem } from './near-live.js';

/** The match between the roles of a manifest and live roles. */
export interface RoleMatch {
  /** Role name in the manifest → its key: live, or to be created. */
  keys: ReadonlyMap<string, RoleKey>;
  /** Keys of the live roles that `removed` names. */
  removed: ReadonlySet<RoleKey>;
  /** Live custom roles that the manifest does not name as wanted, removed or unmanaged. */
  unmanaged: readonly LiveRole[];
  /** Refused names that only resemble a live role → the key of that role. */
  near: ReadonlyMap<string, RoleKey>;
}

/** The input and the results so far of matching roles. */
interface Matching {
  loaded: LoadedManifest;
  rules: NameRules;
  findings: Findings;
  keys: Map<string, RoleKey>;
  matched: Map<RoleId, ManifestRole>;
}

/**
 * Finds the live role of every role in a manifest: by `id`, else by exact name, else by an old name that its holder gives
 * up. These rules make a second plan empty, and keep a role that was deleted by hand from taking over another role.
 */
export function matchRoles(loaded: LoadedManifest, live: readonly LiveRole[], findings: Findings): RoleMatch {
  const { manifest } = loaded;
  const rules = nameRules(manifest, live);
  const matching: Matching = { loaded, rules, findings, keys: new Map(), matched: new Map() };
  for (const role of manifest.roles) {
    if (role.id === null) matchByName(role, matching);
    else matchByPin(role, role.id, matching);
  }
  const { keys, matched } = matching;
  const removed = new Set<RoleKey>();
  for (const name of manifest.removed)
    for (const { id } of rules.byName.get(name) ?? [])
      if (!matched.has(id) && !isSystemRole(id)) removed.add(liveKey(id));
  const near = refuseNearNames({ loaded, live, keys, removed, byName: rules.byName, findings });
  const unmanaged = live.filter(
    (role) =>
      !isSystemRole(role.id) &&
      !matched.has(role.id) &&
      !removed.has(liveKey(role.id)) &&
      !rules.leftAlone.has(role.name),
  );
  return { keys, removed, unmanaged, near };
}

/** Live roles as reports name them, sorted by name. */
export function describeUnmanaged(roles: readonly LiveRole[], { people }: Snapshot): UnmanagedRole[] {
  const byRole = peopleByRole(people.list);
  return roles
    .map(({ id, name, userCount, grants }) => ({
      id,
      name,
      people: people.scope === 'all' ? (byRole.get(id) ?? []).filter(isOrdinary).length : userCount,
      grants: grants.length,
    }))
    .sort((a, b) => byCodeUnit(a.name, b.name));
}

function take(role: ManifestRole, found: LiveRole, { keys, matched }: Matching): void {
  keys.set(role.name, liveKey(found.id));
  matched.set(found.id, role);
}

function matchByPin(role: ManifestRole, id: RoleId, matching: Matching): void {
  const { loaded, rules, findings } = matching;
  const found = rules.byId.get(id);
  const where = loaded.locate(['roles', role.name, 'id']);
  const name = quotedName(role.name);
  if (!found) {
    const namesake = rules.byName.get(role.name)?.[0];
    const hint = namesake
      ? `the live role of that name has id ${namesake.id}`
      : 'an id never creates a role; remove it to have the role created';
    findings.problems.push(
      problem('unknown-pin', `role ${name} is pinned to id ${id}, which is not a live role`, { where, hint }),
    );
  } else if (isSystemRole(found.id) && found.name !== role.name) {
    const message = `id ${id} is the system role ${quotedName(found.name)}, which cannot be renamed to ${name}`;
    findings.problems.push(problem('system-role', message, { where }));
  } else {
    if (rules.leftAlone.has(found.name)) findings.refusals.push(pinsLeftAlone(role, found));
    take(role, found, matching);
  }
}

function pinsLeftAlone(role: ManifestRole, found: LiveRole): Refusal {
  const message = `role ${quotedName(role.name)} is pinned to the live role ${quotedName(found.name)}, which the manifest marks as unmanaged`;
  return refusal('ambiguous-rename', message, {
    items: [roleItem(found)],
    hint: 'remove the mark to have it renamed, or the id to have it left alone',
  });
}

function matchByName(role: ManifestRole, matching: Matching): void {
  const { loaded, rules, findings, keys } = matching;
  const own = rules.own(role);
  if (own.length > 1) findings.refusals.push(twoNamesakes(role.name, own));
  const [first] = own;
  const olds = rules.old(role);
  if (first && !rules.losesItsName(role)) {
    take(role, first, matching);
    const { removed } = loaded.manifest;
    const extra = olds.filter(({ name }) => !rules.wanted.has(name) && !removed.includes(name));
    if (extra.length > 0) findings.refusals.push(unclearRename(role, [first, ...extra]));
    return;
  }
  const [only, ...more] = olds;
  if (only && more.length === 0) {
    take(role, only, matching);
    return;
  }
  keys.set(role.name, newKey(role.name));
  if (only) findings.refusals.push(unclearRename(role, olds));
  else warnOfKeptNames(role, matching);
}

function twoNamesakes(name: string, live: readonly LiveRole[]): Refusal {
  return refusal('ambiguous-name', `${live.length} live roles are named ${quotedName(name)}`, {
    items: live.map(roleItem),
    hint: 'pin the one you mean with `id:`',
  });
}

function unclearRename(role: ManifestRole, found: readonly LiveRole[]): Refusal {
  return refusal(
    'ambiguous-rename',
    `role ${quotedName(role.name)} could be any of ${found.length} live roles`,
    {
      items: found.map(roleItem),
      hint: 'pin the one you mean with `id:`, or put the other name under `removed`',
    },
  );
}

function warnOfKeptNames(role: ManifestRole, { loaded, rules, findings }: Matching): void {
  for (const name of role.renamedFrom) {
    const [found] = rules.byName.get(name) ?? [];
    const kept = found && keptName(name, found, rules);
    if (!kept) continue;
    findings.warnings.push(
      warning('new-name-instead', `role ${quotedName(role.name)} is created: ${kept.why}`, {
        where: loaded.locate(['roles', role.name, 'renamedFrom', name]),
        hint: kept.hint,
      }),
    );
  }
}

/** Why the live role of an old name is not renamed, and what to do; null if nothing keeps it. */
function keptName(
  name: string,
  { id }: LiveRole,
  { leftAlone, wanted, pinnedBy }: NameRules,
): { why: string; hint: string } | null {
  const old = `its old name ${quotedName(name)}`;
  if (leftAlone.has(name))
    return {
      why: `the manifest marks the role of ${old} as unmanaged`,
      hint: 'remove the mark to have it renamed instead',
    };
  if (wanted.has(name))
    return {
      why: `the manifest gives ${old} to another role, which keeps it`,
      hint: `pin the live role with \`id: ${id}\` to have it renamed instead`,
    };
  const pinner = pinnedBy.get(id);
  return pinner
    ? {
        why: `role ${quotedName(pinner.name)} is pinned to the live role of ${old}`,
        hint: `if it is meant to be new, remove the old name; else move \`id: ${id}\` here`,
      }
    : null;
}
