import equal from 'fast-deep-equal';
import type { ManifestRole } from '../../manifest/manifest.js';
import { grantsWithout, isSameList } from '../../model/closure.js';
import type { Grant } from '../../model/grant.js';
import { grantList } from '../../model/grant.js';
import { SYSTEM_ROLES, liveKey } from '../../model/role.js';
import type { ExistingRole, RoleKey } from '../../model/role.js';
import { byCodeUnit } from '../../model/sort.js';
import { unknownRole } from '../findings.js';
import { composeGrants, addsOnly } from './compose-grants.js';
import type { ComposeContext } from './compose-grants.js';
import { dependencyWarnings } from './dependency-warnings.js';
import { startCycles } from './start-cycles.js';

/** Grants that an exact role keeps only because grants in its list depend on them. */
export interface RetainedGrants {
  role: string;
  grants: readonly { grant: Grant; neededBy: readonly Grant[] }[];
}

/** The live role that a new role is copied from, and the grants that it starts with. */
interface RoleStart {
  from: ExistingRole;
  grants: readonly Grant[];
}

/** The end-state grants of every role. */
export interface ResolvedGrants {
  grants: ReadonlyMap<RoleKey, readonly Grant[]>;
  /** For each role to be created. */
  starts: ReadonlyMap<RoleKey, RoleStart>;
  retained: readonly RetainedGrants[];
}

/** The input of the resolution of grants. */
interface GrantContext extends ComposeContext {
  /** Role name in the manifest → key. */
  keys: ReadonlyMap<string, RoleKey>;
  /** Is the difference of this role's grants accepted? */
  accepted: (role: string) => boolean;
}

/** The context and the results so far. A role is resolved before the roles that take its list by `from`. */
interface Resolution extends GrantContext {
  managed: ReadonlyMap<RoleKey, ManifestRole>;
  grants: Map<RoleKey, readonly Grant[]>;
  /** Exact lists as the manifest composes them, without grants that the instance added. */
  composed: Map<RoleKey, readonly Grant[]>;
  starts: Map<RoleKey, RoleStart>;
  retained: RetainedGrants[];
  /** Roles that are being resolved: reaching one again means a cycle. */
  open: Set<RoleKey>;
}

/**
 * The grants of every role in the end state: exact lists as composed, additive ones added to the live grants, and
 * unmanaged ones unchanged (docs/reference/manifest.md, *Grants as a map*).
 */
export function resolveGrants(context: GrantContext): ResolvedGrants {
  const { loaded, live, keys, findings } = context;
  const managed = new Map<RoleKey, ManifestRole>();
  for (const role of loaded.manifest.roles) {
    const key = keys.get(role.name);
    if (key) managed.set(key, role);
  }
  const resolution: Resolution = {
    ...context,
    managed,
    grants: new Map(),
    composed: new Map(),
    starts: new Map(),
    retained: [],
    open: new Set(),
  };
  findings.problems.push(...startCycles(context));
  for (const key of context.byName.values()) grantsOf(key, resolution);
  findings.warnings.push(...dependencyWarnings({ ...context, grants: resolution.grants }));
  // Exact roles need a start too: `role.create` leaves them with it until their own list is written.
  for (const [key, role] of managed)
    if (!live.has(key) && !resolution.starts.has(key)) startOf(role, key, resolution);
  const retained = resolution.retained.sort((a, b) => byCodeUnit(a.role, b.role));
  return { grants: resolution.grants, starts: resolution.starts, retained };
}

/** The end-state grants of one role. */
function grantsOf(key: RoleKey, resolution: Resolution): readonly Grant[] {
  const { grants, open, live, managed } = resolution;
  const known = grants.get(key);
  if (known) return known;
  const found = live.get(key)?.grants ?? [];
  // Cycles are reported, by `validate` or `startCycles`; here they add nothing.
  if (open.has(key)) return found;
  open.add(key);
  const role = managed.get(key);
  const list = role ? managedGrants(role, key, resolution) : found;
  open.delete(key);
  grants.set(key, list);
  return list;
}

function managedGrants(role: ManifestRole, key: RoleKey, resolution: Resolution): readonly Grant[] {
  const before = resolution.live.get(key);
  const { grants } = role;
  // An exact list does not depend on the start: the role may be based on one that takes this very list.
  const start = (): readonly Grant[] => (before ? before.grants : startOf(role, key, resolution));
  if (grants === null || (before && resolution.accepted(role.name))) return start();
  // Fast path: most lists are plain and equal to the live one.
  if (before && addsOnly(grants) && equal(before.grants, grants.add)) return before.grants;
  const composed = composeGrants(role, resolution, (source) => listOf(source, resolution));
  if (grants.mode === 'additive') return grantList([...start(), ...composed]);
  resolution.composed.set(key, composed);
  if (!before) return composed;
  if (equal(before.grants, composed)) return before.grants;
  return keepsNeeded(role.name, { before: before.grants, composed }, resolution) ? before.grants : composed;
}

/**
 * The list that another role takes by `from`: the exact list as composed, without grants that the instance added;
 * otherwise the next plan would differ again. An additive role passes on everything it holds, so what an instance adds
 * to it reaches the other role one plan later.
 */
function listOf(key: RoleKey, resolution: Resolution): readonly Grant[] {
  const grants = grantsOf(key, resolution);
  return resolution.composed.get(key) ?? grants;
}

/** Does the list itself depend on every additional grant that the role holds? Then the live list is kept. */
function keepsNeeded(
  role: string,
  { before, composed }: { before: readonly Grant[]; composed: readonly Grant[] },
  { dependencies, retained }: Resolution,
): boolean {
  const needed = dependencies.closure(composed);
  const extra = grantsWithout(before, composed);
  if (extra.length === 0 || grantsWithout(composed, before).length > 0) return false;
  if (!extra.every((grant) => needed.has(grant))) return false;
  const neededBy = (grant: Grant): Grant[] =>
    composed.filter((one) => dependencies.closure([one]).has(grant));
  retained.push({ role, grants: extra.map((grant) => ({ grant, neededBy: neededBy(grant) })) });
  return true;
}

/** The starting grants of a new role; records the live role that it is copied from. */
function startOf(role: ManifestRole, key: RoleKey, resolution: Resolution): readonly Grant[] {
  const { live, starts } = resolution;
  const social = live.get(liveKey(SYSTEM_ROLES.Social));
  const based = basisOf(role, resolution);
  const wanted = based ? grantsOf(based, resolution) : (social?.grants ?? []);
  const basis = based ? live.get(based) : undefined;
  // `fromRoleId` copies the role's grants at that moment: correct only if its end-state grants are the same.
  const from = basis && isSameList(basis.grants, wanted) ? basis : social;
  const any = from ?? [...live.values()][0];
  if (any) starts.set(key, { from: any, grants: from ? from.grants : [] });
  return wanted;
}

/** The role that `basedOn` names; null without `basedOn`, or if there is no such role. */
function basisOf({ name, basedOn }: ManifestRole, resolution: Resolution): RoleKey | null {
  const { byName, loaded, findings } = resolution;
  if (basedOn === null) return null;
  const key = byName.get(basedOn);
  if (key) return key;
  findings.problems.push(unknownRole(basedOn, resolution, loaded.locate(['roles', name, 'basedOn'])));
  return null;
}
