import type { LoadedManifest } from '../manifest/manifest.js';
import { protectedGrants } from '../model/admin-level.js';
import { dependenciesOf } from '../model/closure.js';
import type { RoleId } from '../model/ids.js';
import { acceptedInForce } from '../model/policy.js';
import type { AcceptedDrift, DriftSubject } from '../model/policy.js';
import { liveKey } from '../model/role.js';
import type { RoleKey } from '../model/role.js';
import type { LiveRole, Snapshot } from '../model/snapshot.js';
import { stateOf } from '../model/state.js';
import type { LiveState, State } from '../model/state.js';
import { acceptedDifferences } from './accepted/accepted-differences.js';
import { expiredWarnings, unusedWarnings } from './accepted/accepted-warnings.js';
import type { Desired } from './desired.js';
import { noFindings } from './findings.js';
import { resolveGrants } from './grants/resolve-grants.js';
import type { ResolvedGrants } from './grants/resolve-grants.js';
import { resolveMembers } from './members/resolve-members.js';
import type { ResolvedMembers } from './members/resolve-members.js';
import { checkPolicyPeople } from './people/policy-people.js';
import {
  resolveAllowlist,
  resolveDefaultRole,
  managesAllowlist,
  roleNamed,
  warnOfExactDefault,
} from './resolve-settings.js';
import type { SettingsContext } from './resolve-settings.js';
import { warnOfLikelyRenames } from './roles/likely-rename.js';
import { describeUnmanaged, matchRoles } from './roles/match-roles.js';
import type { RoleMatch } from './roles/match-roles.js';
import { resolveNames, resolveRoles } from './roles/resolve-roles.js';
import { roleOwners } from './roles/role-owners.js';

/** Options of resolving a manifest. */
export interface DesiredOptions {
  /** ISO 8601, UTC. Determines which timed entries have ended and which accepted drift has expired. */
  now: string;
  allowMissing?: boolean;
  /**
   * Live roles that an interrupted run created and did not finish, by id, with the grants that they should have started
   * with: their current grants are only an intermediate state.
   */
  unfinished?: ReadonlyMap<RoleId, readonly string[]>;
}

/** The input of one resolution. */
interface Inputs {
  loaded: LoadedManifest;
  snapshot: Snapshot;
  live: LiveState;
  allowMissing: boolean;
  now: string;
  /** Accepted drift that is in force. */
  drift: readonly AcceptedDrift[];
}

/**
 * Resolves a manifest against a snapshot. Everything that is omitted, additive, accepted or unmanaged is carried over
 * from live state, so that comparing the result with live state needs no exceptions.
 */
export function resolveDesiredState(
  loaded: LoadedManifest,
  snapshot: Snapshot,
  options: DesiredOptions,
): Desired {
  const inForce = acceptedInForce(loaded.manifest.policy, options.now);
  const drift = withoutUnfinished(inForce, { loaded, snapshot }, options);
  const inputs: Inputs = {
    loaded,
    snapshot,
    live: withStarts(stateOf(snapshot), options.unfinished),
    allowMissing: options.allowMissing ?? false,
    now: options.now,
    drift,
  };
  const desired = resolve(inputs);
  const { warnings } = desired.findings;
  warnings.push(...expiredWarnings(loaded, options.now));
  const named = checkPolicyPeople(loaded.manifest.policy, {
    people: snapshot.people.list,
    now: options.now,
    locate: loaded.locate,
  });
  desired.findings.refusals.push(...named.refusals);
  warnings.push(...named.warnings);
  if (drift.length === 0) return desired;
  const full = resolve({ ...inputs, drift: [] });
  const found = acceptedDifferences(drift, { full, snapshot });
  warnings.push(...unusedWarnings(loaded, found.unmatched));
  return { ...desired, findings: { ...desired.findings, accepted: found.accepted } };
}

function resolve(inputs: Inputs): Desired {
  const { loaded, snapshot, live, drift } = inputs;
  const { manifest } = loaded;
  const findings = noFindings();
  const accepts = acceptance(drift);
  const match = matchRoles(loaded, snapshot.roles, findings);
  const unmanaged = match.unmanaged.filter((role) => !accepts('unmanaged', role.name));
  const deleted = deletedRoles(match, unmanaged, manifest.policy.unmanagedRoles === 'delete');
  const { byName, names, gone } = resolveNames(live.roles, match, deleted);
  const context: SettingsContext = {
    loaded,
    live,
    keys: match.keys,
    byName,
    gone,
    deleted,
    accepts,
    findings,
  };

  const grants = grantsOf(inputs, context);
  const members = membersOf(inputs, context);
  const roles = resolveRoles({
    manifest,
    live: live.roles,
    keys: match.keys,
    names,
    grants: grants.grants,
    keepsText: (role) => accepts('description', role),
  });
  const defaultRole = resolveDefaultRole(context);
  checkAcceptedNames(context);
  checkRuleNames(context);
  warnOfExactDefault(defaultRole, context);
  const allowlist = resolveAllowlist(defaultRole, context);
  const state: State = { roles, people: members.people, defaultRole, allowlist };
  warnOfLikelyRenames({ loaded, snapshot, keys: match.keys, unmanaged: match.unmanaged, state, findings });
  return {
    target: {
      state,
      starts: grants.starts,
      why: members.why,
      until: members.until,
      ends: members.ends,
      managed: new Set(match.keys.values()),
      managesAllowlist: managesAllowlist(context),
    },
    findings: {
      ...findings,
      retained: grants.retained,
      missingPeople: members.missing,
      missingIn: members.missingIn,
      unplaced: members.unplaced,
      unmanaged: describeUnmanaged(unmanaged, snapshot),
      owners: roleOwners(loaded, match.keys, roles),
      accepted: [],
    },
  };
}

/** Returns a check whether a kind of difference is accepted for a role; for unmanaged roles, also by an entry for all. */
function acceptance(drift: readonly AcceptedDrift[]): (what: DriftSubject, role: string | null) => boolean {
  return (what, role) =>
    drift.some(
      (one) => one.what === what && (one.role === role || (what === 'unmanaged' && one.role === null)),
    );
}

function deletedRoles(
  { removed }: RoleMatch,
  unmanaged: readonly LiveRole[],
  deletesUnmanaged: boolean,
): ReadonlySet<RoleKey> {
  return new Set([...removed, ...(deletesUnmanaged ? unmanaged.map(({ id }) => liveKey(id)) : [])]);
}

function grantsOf({ snapshot }: Inputs, context: SettingsContext): ResolvedGrants {
  const { catalogue } = snapshot;
  return resolveGrants({
    ...context,
    live: context.live.roles,
    dependencies: dependenciesOf(catalogue),
    adminLevel: protectedGrants(catalogue, null),
    accepted: (role) => context.accepts('grants', role),
  });
}

function membersOf(
  { snapshot, drift, allowMissing, now }: Inputs,
  context: SettingsContext,
): ResolvedMembers {
  const isLive = (name: string): boolean => {
    const key = context.byName.get(name);
    return key !== undefined && context.live.roles.has(key);
  };
  return resolveMembers({
    ...context,
    people: snapshot.people.list,
    accepted: drift.filter(({ what, role }) => what === 'members' && role !== null && isLive(role)),
    allowMissing,
    now,
  });
}

/** Checks that every role in accepted drift exists, except unmanaged ones: a missing one is no longer drift. */
function checkAcceptedNames(context: SettingsContext): void {
  for (const [index, { what, role }] of context.loaded.manifest.policy.acceptedDrift.entries())
    if (role !== null && what !== 'unmanaged')
      roleNamed(role, ['policy', 'acceptedDrift', index, 'role'], context);
}

/** Checks that the role of each rule exists. */
function checkRuleNames(context: SettingsContext): void {
  for (const rule of context.loaded.manifest.policy.rules)
    if (rule.kind === 'limit' && 'role' in rule.subject)
      roleNamed(rule.subject.role, ['policy', 'rules', rule.name, 'role'], context);
}

/**
 * Leaves out what is accepted in roles that an interrupted run created, under the names that the manifest gives them: as in
 * a new role, the rest of the run is no drift.
 */
function withoutUnfinished(
  drift: readonly AcceptedDrift[],
  { loaded, snapshot }: Pick<Inputs, 'loaded' | 'snapshot'>,
  { unfinished }: DesiredOptions,
): readonly AcceptedDrift[] {
  if (!unfinished || unfinished.size === 0) return drift;
  const { keys } = matchRoles(loaded, snapshot.roles, noFindings());
  const wanted = new Map([...keys].map(([name, key]) => [key, name]));
  const left = snapshot.roles.filter(({ id }) => unfinished.has(id));
  const names = new Set(left.map(({ id, name }) => wanted.get(liveKey(id)) ?? name));
  return drift.filter(
    ({ what, role }) => role === null || !names.has(role) || (what !== 'grants' && what !== 'members'),
  );
}

/** Replaces the grants of roles that an interrupted run created with their intended starting grants. */
function withStarts(live: LiveState, unfinished: DesiredOptions['unfinished']): LiveState {
  if (!unfinished || unfinished.size === 0) return live;
  const roles = new Map(live.roles);
  for (const [key, role] of roles) {
    const start = unfinished.get(role.id);
    if (start) roles.set(key, { ...role, grants: start });
  }
  return { ...live, roles };
}
