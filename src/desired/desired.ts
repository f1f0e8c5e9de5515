import type { LoadedManifest } from '../manifest/manifest.js';
import type { Accepted, MoveReason, UnmanagedRole } from '../model/standing.js';
import { byCodeUnit } from '../model/sort.js';
import { dependenciesOf } from '../model/closure.js';
import type { AcceptedDrift, DriftSubject } from '../model/policy.js';
import { refusal } from '../model/refusal.js';
import { SYSTEM_ROLES, liveKey, newRole } from '../model/role.js';
import type { Role, RoleKey } from '../model/role.js';
import type { Snapshot } from '../model/snapshot.js';
import { sortKeys, stateOf } from '../model/state.js';
import { hasPassed } from '../model/until.js';
import type { LiveState, State } from '../model/state.js';
import { quotedName } from '../model/names.js';
import { warning } from '../problem/problem.js';
import { acceptedDifferences } from './accepted.js';
import { expiredWarnings, unusedWarnings } from './accepted-warnings.js';
import { endGrants, unknownRole } from './end-grants.js';
import type { EndGrants, HeldGrants } from './end-grants.js';
import type { EndMembers } from './end-members.js';
import { endMembers } from './end-members.js';
import type { Findings } from './finding.js';
import { noFindings } from './finding.js';
import { warnOfLikelyRenames } from './likely-rename.js';
import { matchRoles } from './match-roles.js';
import { unmanagedRoles } from './unmanaged.js';

/** The end state that a manifest wants of an instance, and all that was found on the way to it. */
export interface Desired extends Findings {
  state: State;
  /** For each role to be made: the live role it starts from, and with what grants. */
  starts: EndGrants['starts'];
  /** Why people move. */
  why: ReadonlyMap<number, MoveReason>;
  held: readonly HeldGrants[];
  missingPeople: readonly string[];
  /** The same, by the role that lists them. */
  missingIn?: EndMembers['missingIn'];
  /** People who are to leave an exact list and have nowhere to go. */
  homeless?: ReadonlySet<number>;
  unmanaged: readonly UnmanagedRole[];
  accepted: readonly Accepted[];
  /** Roles of the manifest, by key: the ones that a plan may change and a report shows. */
  managed: ReadonlySet<RoleKey>;
  /** Does the manifest say what the allowlist is? Otherwise it is never written. */
  managesAllowlist: boolean;
}

/** What composing needs beside manifest and snapshot. */
export interface DesiredOptions {
  /** ISO 8601, UTC: decides which accepted drift has expired. */
  now: string;
  allowMissing?: boolean;
  /**
   * Live roles that an interrupted run made and did not finish, by id, with what they should have started
   * with: what they hold now says nothing yet.
   */
  unfinished?: ReadonlyMap<number, readonly string[]>;
}

/**
 * Lays a manifest over a snapshot. What the manifest leaves out, what is additive, accepted or unmanaged
 * is carried over as found, so that comparing the result with live state needs no exceptions.
 */
export function desiredState(loaded: LoadedManifest, snapshot: Snapshot, options: DesiredOptions): Desired {
  const drift = loaded.manifest.policy.acceptedDrift;
  const open = drift.filter((one) => !hasPassed(one.until, options.now));
  const desired = lay(loaded, snapshot, { ...options, drift: open });
  desired.warnings.push(...expiredWarnings(loaded, options.now));
  if (open.length === 0) return desired;
  const full = lay(loaded, snapshot, { ...options, drift: [] });
  const found = acceptedDifferences(open, { full, snapshot });
  desired.warnings.push(...unusedWarnings(loaded, found.unmatched));
  return { ...desired, accepted: found.accepted };
}

function lay(
  loaded: LoadedManifest,
  snapshot: Snapshot,
  { drift, allowMissing = false, unfinished }: DesiredOptions & { drift: readonly AcceptedDrift[] },
): Desired {
  const { manifest, locate } = loaded;
  const findings = noFindings();
  const live = withStarts(stateOf(snapshot), unfinished);
  const accepts = (what: DriftSubject, role: string | null): boolean =>
    drift.some(
      (one) => one.what === what && (one.role === role || (what === 'unmanaged' && one.role === null)),
    );

  const match = matchRoles(loaded, snapshot.roles, findings);
  const deleted = new Set(match.removed);
  const strangers = match.unmanaged.filter((role) => !accepts('unmanaged', role.name));
  if (manifest.policy.unmanagedRoles === 'delete')
    for (const role of strangers) deleted.add(liveKey(role.id));

  // End-state names: what the manifest wants, and every other live role that stays.
  const byName = new Map<string, RoleKey>();
  // By key: two live roles of one name must both stay, though only one can be meant by it.
  const staying = new Map<RoleKey, string>();
  const wanted = new Set(match.keys.values());
  for (const [key, role] of live.roles) {
    if (deleted.has(key) || wanted.has(key)) continue;
    byName.set(role.name, key);
    staying.set(key, role.name);
  }
  for (const [name, key] of match.keys) {
    byName.set(name, key);
    staying.set(key, name);
  }
  for (const [name, key] of match.near) if (staying.has(key) && !byName.has(name)) byName.set(name, key);
  const isLiveNow = (name: string): boolean => {
    const key = byName.get(name);
    return key !== undefined && live.roles.has(key);
  };

  const grants = endGrants({
    loaded,
    live: live.roles,
    byName,
    keys: match.keys,
    dependencies: dependenciesOf(snapshot.catalogue),
    accepted: (role) => accepts('grants', role),
    findings,
  });
  const members = endMembers({
    loaded,
    people: snapshot.people.list,
    keys: match.keys,
    byName,
    deleted,
    accepted: drift.filter(({ what, role }) => what === 'members' && role !== null && isLiveNow(role)),
    allowMissing,
    findings,
  });

  const roles = new Map<RoleKey, Role>();
  const described = new Map(manifest.roles.map((role) => [match.keys.get(role.name), role]));
  for (const [key, name] of [...staying].sort(
    ([a, one], [b, other]) => byCodeUnit(one, other) || byCodeUnit(a, b),
  )) {
    const before = live.roles.get(key);
    const said = described.get(key);
    const keepsText = before !== undefined && (said?.description == null || accepts('description', name));
    const fields = {
      name,
      description: keepsText ? before.description : (said?.description ?? ''),
      grants: grants.grants.get(key) ?? before?.grants ?? [],
    };
    roles.set(key, before ? { ...before, ...fields } : newRole(fields));
  }

  const named = (name: string, path: readonly (string | number)[]): RoleKey | null => {
    const key = byName.get(name);
    if (!key) findings.problems.push(unknownRole(name, [...byName.keys()], locate(path)));
    return key ?? null;
  };
  let defaultRole = live.defaultRole;
  if (manifest.defaultRole !== null && !accepts('defaultRole', null)) {
    defaultRole = named(manifest.defaultRole, ['defaultRole']) ?? defaultRole;
  }
  if (deleted.has(defaultRole)) {
    findings.refusals.push(
      refusal(
        'deletes-default',
        `role ${quotedName(live.roles.get(defaultRole)?.name ?? defaultRole)} is the default role and would be deleted`,
        {
          key: 'defaultRole',
          hint: 'name another `defaultRole` in the manifest',
        },
      ),
    );
  }

  for (const [index, one] of manifest.policy.acceptedDrift.entries()) {
    // An unmanaged role that is gone is no longer drift; any other name must mean a role.
    if (one.role !== null && one.what !== 'unmanaged')
      named(one.role, ['policy', 'acceptedDrift', index, 'role']);
  }
  const ofDefault = described.get(defaultRole);
  if (manifest.defaultRole === null && ofDefault?.members?.mode === 'exact') {
    findings.warnings.push(
      warning(
        'exact-default-members',
        `role ${quotedName(ofDefault.name)} is the default role and its members are exact: newcomers land in it`,
        {
          where: locate(['roles', ofDefault.name, 'members']),
          hint: 'make its members additive, or name another `defaultRole`',
        },
      ),
    );
  }

  const managesAllowlist = manifest.allowlist !== null && !accepts('allowlist', null);
  const allowlist = endAllowlist();
  function endAllowlist(): State['allowlist'] {
    if (!managesAllowlist || manifest.allowlist === null) {
      if (typeof live.allowlist === 'string') return live.allowlist;
      const stays = live.allowlist.filter((key) => !deleted.has(key));
      return defaultRole === live.defaultRole ? stays : sortKeys([...stays, defaultRole]);
    }
    if (live.allowlist === 'unreadable') {
      findings.refusals.push(
        refusal(
          'allowlist-unreadable',
          'the manifest gives an allowlist, and the one on the instance cannot be read',
          {
            key: 'allowlist',
            hint: 'leave `allowlist` out, or use a token that may read the role settings',
          },
        ),
      );
      return live.allowlist;
    }
    if (manifest.allowlist === 'off') return 'off';
    const keys = manifest.allowlist.flatMap((name) => named(name, ['allowlist', name]) ?? []);
    return sortKeys([...keys, liveKey(SYSTEM_ROLES.Social), defaultRole]);
  }

  const state: State = { roles, people: members.people, defaultRole, allowlist };
  warnOfLikelyRenames({ loaded, snapshot, keys: match.keys, unmanaged: match.unmanaged, state, findings });
  return {
    ...findings,
    state,
    starts: grants.starts,
    why: members.why,
    held: grants.held,
    missingPeople: members.missing,
    missingIn: members.missingIn,
    homeless: members.homeless,
    unmanaged: unmanagedRoles(strangers, snapshot),
    accepted: [],
    managed: wanted,
    managesAllowlist,
  };
}

/** A role that an interrupted run made holds what it was to start with, as far as composing is concerned. */
function withStarts(live: LiveState, unfinished: DesiredOptions['unfinished']): LiveState {
  if (!unfinished || unfinished.size === 0) return live;
  const roles = new Map(live.roles);
  for (const [key, role] of roles) {
    const start = role.id === null ? undefined : unfinished.get(role.id);
    if (start) roles.set(key, { ...role, grants: start });
  }
  return { ...live, roles };
}
