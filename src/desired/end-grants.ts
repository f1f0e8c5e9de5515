import equal from 'fast-deep-equal';
import type { LoadedManifest, ManifestGrants, ManifestRole } from '../manifest/manifest.js';
import { UNKNOWN_GRANT, needHint } from '../manifest/against-catalogue.js';
import { suggest, suggestGrant } from '../manifest/suggest.js';
import { protectedGrants } from '../model/admin-level.js';
import type { Dependencies } from '../model/closure.js';
import { intersection, without } from '../model/closure.js';
import type { Grant } from '../model/grant.js';
import { grantList, grantSet } from '../model/grant.js';
import { SYSTEM_ROLES, liveKey } from '../model/role.js';
import type { ExistingRole, RoleKey } from '../model/role.js';
import { quotedName } from '../model/names.js';
import { problem, warning } from '../problem/problem.js';
import type { Findings } from './finding.js';

/** Grants that an exact role keeps only because others in its list need them. */
export interface HeldGrants {
  role: string;
  grants: readonly { grant: Grant; neededBy: readonly Grant[] }[];
}

/** What every role holds in the end. */
export interface EndGrants {
  grants: ReadonlyMap<RoleKey, readonly Grant[]>;
  /** For each role to be made: the live role it starts from, and with what. */
  starts: ReadonlyMap<RoleKey, { from: ExistingRole; grants: readonly Grant[] }>;
  held: readonly HeldGrants[];
}

/** What the composition of grants needs to know. */
export interface GrantContext {
  loaded: LoadedManifest;
  /** Live roles. */
  live: ReadonlyMap<RoleKey, ExistingRole>;
  /** End-state name → key, of all roles that are there in the end. */
  byName: ReadonlyMap<string, RoleKey>;
  /** Role name in the manifest → key. */
  keys: ReadonlyMap<string, RoleKey>;
  dependencies: Dependencies;
  /** Is the difference of this role's grants accepted? */
  accepted: (role: string) => boolean;
  findings: Findings;
}

/**
 * The grants of every role in the end state: lists composed by `from`, `sets`, `add`, `remove` and
 * `optional`; additive ones on top of what is held; the rest as found (docs/reference/manifest.md, *Grants as a map*).
 */
export function endGrants(context: GrantContext): EndGrants {
  const { loaded, live, keys, dependencies, findings } = context;
  const byKey = new Map<RoleKey, ManifestRole>();
  for (const role of loaded.manifest.roles) {
    const key = keys.get(role.name);
    if (key) byKey.set(key, role);
  }
  const done = new Map<RoleKey, readonly Grant[]>();
  const starts = new Map<RoleKey, { from: ExistingRole; grants: readonly Grant[] }>();
  const held: HeldGrants[] = [];
  const open = new Set<RoleKey>();
  const listed = new Map<RoleKey, readonly Grant[]>();
  const ofListed = (key: RoleKey): readonly Grant[] => {
    const whole = of(key);
    return listed.get(key) ?? whole;
  };

  const of = (key: RoleKey): readonly Grant[] => {
    const known = done.get(key);
    if (known) return known;
    // `validate` refuses circles by name; one that a rename closes is caught here and adds nothing.
    if (open.has(key)) return live.get(key)?.grants ?? [];
    open.add(key);
    const role = byKey.get(key);
    const list = role ? ofManaged(role, key) : (live.get(key)?.grants ?? []);
    open.delete(key);
    done.set(key, list);
    return list;
  };

  const ofManaged = (role: ManifestRole, key: RoleKey): readonly Grant[] => {
    const before = live.get(key) ?? null;
    const start = before ? before.grants : startOf(role, key);
    if (role.grants === null || (before && context.accepted(role.name))) return start;
    // Most lists of a manifest are plain and as they are live: nothing has to be found out about them.
    if (before && isPlain(role.grants) && equal(before.grants, role.grants.add)) return before.grants;
    const composed = compose(role, context, ofListed);
    if (role.grants.mode === 'additive') return grantList([...start, ...composed]);
    // Others that take this list `from` here take what it says: what the instance added by itself is no part of
    // it, or the plan after this one would differ again.
    listed.set(key, composed);
    if (before && equal(before.grants, composed)) return before.grants;
    const extra = before ? without(before.grants, composed) : [];
    const missing = before ? without(composed, before.grants) : composed;
    const needed = dependencies.closure(composed);
    if (before && extra.length > 0 && missing.length === 0 && extra.every((grant) => needed.has(grant))) {
      held.push({
        role: role.name,
        grants: extra.map((grant) => ({
          grant,
          neededBy: composed.filter((one) => dependencies.closure([one]).has(grant)),
        })),
      });
      return before.grants;
    }
    return composed;
  };

  const startOf = (role: ManifestRole, key: RoleKey): readonly Grant[] => {
    const social = live.get(liveKey(SYSTEM_ROLES.Social));
    const based = role.basedOn === null ? null : (context.byName.get(role.basedOn) ?? null);
    if (role.basedOn !== null && !based) {
      findings.problems.push(
        unknownRole(role.basedOn, [...context.byName.keys()], loaded.locate(['roles', role.name, 'basedOn'])),
      );
    }
    const wantedStart = based ? of(based) : (social?.grants ?? []);
    const basedLive = based ? live.get(based) : undefined;
    // `fromRoleId` copies what a role holds at that moment: only right where that is also what it holds in the end.
    const from =
      basedLive &&
      intersection(basedLive.grants, wantedStart).length ===
        Math.max(basedLive.grants.length, wantedStart.length)
        ? basedLive
        : social;
    const fallback = from ?? [...live.values()][0];
    if (fallback) starts.set(key, { from: fallback, grants: from ? from.grants : [] });
    return wantedStart;
  };

  for (const key of context.byName.values()) of(key);
  warnOfDependencies(context, done, findings);
  // Exact roles have a start too: it is what `role.create` leaves until their own list is written.
  for (const [key, role] of byKey) if (!live.has(key) && !starts.has(key)) startOf(role, key);
  held.sort((a, b) => (a.role < b.role ? -1 : 1));
  return { grants: done, starts, held };
}

function compose(
  role: ManifestRole,
  context: GrantContext,
  of: (key: RoleKey) => readonly Grant[],
): readonly Grant[] {
  const { loaded, dependencies, byName, findings } = context;
  const grants = role.grants;
  if (!grants) return [];
  const all = new Set<Grant>();
  for (const name of grants.from) {
    const key = byName.get(name);
    if (key) for (const grant of of(key)) all.add(grant);
    else
      findings.problems.push(
        unknownRole(name, [...byName.keys()], loaded.locate(['roles', role.name, 'grants', 'from', name])),
      );
  }
  for (const grant of [...grants.add, ...grants.remove]) refuseUnknown(grant, role.name, context);
  if (isPlain(grants)) return grants.add;
  for (const grant of grants.add) all.add(grant);
  for (const grant of grants.optional) if (dependencies.has(grant)) all.add(grant);
  for (const grant of grants.remove) all.delete(grant);
  return grantList(all);
}

/** Is a list what `add` says, and nothing else? */
function isPlain({ from, optional, remove }: ManifestGrants): boolean {
  return from.length + optional.length + remove.length === 0;
}

/** A grant that neither the catalogue lists nor any live role holds would be refused by the instance in mid-run. */
function refuseUnknown(
  grant: Grant,
  role: string,
  { loaded, live, dependencies, findings }: GrantContext,
): void {
  if (dependencies.has(grant)) return;
  for (const one of live.values()) if (one.grants.includes(grant)) return;
  const close = suggestGrant(grant, dependencies.listed, protectedGrants([], null));
  findings.problems.push(
    problem(
      'unknown-grant',
      `role ${quotedName(role)} names the grant ${quotedName(grant)}, which this instance does not have`,
      {
        where: loaded.locate(['roles', role, 'grants']),
        hint: close ? `did you mean ${quotedName(close)}?` : UNKNOWN_GRANT,
      },
    ),
  );
}

/** The problem of a name that no role has in the end state. */
export function unknownRole(
  name: string,
  names: readonly string[],
  where: ReturnType<LoadedManifest['locate']>,
): ReturnType<typeof problem> {
  const close = suggest(name, names);
  return problem('unknown-role', `there is no role ${quotedName(name)} in the end state`, {
    where,
    hint: close
      ? `did you mean ${quotedName(close)}?`
      : 'it is neither in the manifest nor live, or this plan removes or renames it',
  });
}

function warnOfDependencies(
  context: GrantContext,
  end: ReadonlyMap<RoleKey, readonly Grant[]>,
  findings: Findings,
): void {
  const { loaded, keys, dependencies } = context;
  for (const role of loaded.manifest.roles) {
    const key = keys.get(role.name);
    const list = key ? end.get(key) : undefined;
    if (!role.grants || !list) continue;
    const have = grantSet(list);
    for (const grant of list) {
      for (const need of dependencies.needs(grant)) {
        if (have.has(need)) continue;
        const where = loaded.locate(['roles', role.name, 'grants']);
        findings.warnings.push(
          role.grants.remove.includes(need)
            ? warning(
                'remove-needed',
                `role ${quotedName(role.name)} removes ${quotedName(need)}, which its ${quotedName(grant)} needs`,
                {
                  where,
                  hint: 'the instance may add it again by itself',
                },
              )
            : warning(
                'missing-dependency',
                `role ${quotedName(role.name)} has ${quotedName(grant)} without ${quotedName(need)}, which it depends on`,
                { where, hint: needHint(grant, need, protectedGrants([], null)) },
              ),
        );
      }
    }
  }
}
