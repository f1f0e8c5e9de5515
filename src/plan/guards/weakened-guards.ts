import { grantsWithout } from '../../model/closure.js';
import { protectedGrants } from '../../model/admin-level.js';
import type { Catalogue } from '../../model/grant.js';
import { DEFAULT_POLICY, LIMIT_KEYS } from '../../model/policy.js';
import type { Limit, LimitKey, Policy } from '../../model/policy.js';
import { byCodeUnit } from '../../model/sort.js';
import type { ChangeKind } from '../change.js';
import type { LimitCode, Plan, WeakenedGuard } from '../plan.js';
import type { LimitBases } from './limit-bases.js';
import { limitOf } from './limits.js';

/** The policy, and the instance that it is evaluated on. */
interface WeakenedInput {
  policy: Policy;
  catalogue: Catalogue;
  bases: LimitBases;
}

interface LimitFacts {
  code: LimitCode;
  base: keyof LimitBases;
  kind: ChangeKind;
}

/** Every limit: the code of its guard, the total that it is a share of, and the kind of change that it limits. */
const LIMITS: Readonly<Record<LimitKey, LimitFacts>> = {
  maxDeletes: { code: 'max-deletes', base: 'customRoles', kind: 'role.delete' },
  maxGrantChanges: { code: 'max-grant-changes', base: 'customGrants', kind: 'grants.set' },
  maxMoves: { code: 'max-moves', base: 'people', kind: 'members.move' },
};

/** The guards that are weaker than their defaults on this instance, sorted by code. */
export function weakenedGuards({ policy, catalogue, bases }: WeakenedInput): WeakenedGuard[] {
  const limits = LIMIT_KEYS.flatMap((key) => weakenedLimit(key, policy[key], bases[LIMITS[key].base]) ?? []);
  return [...weakenedByPolicy(policy), ...limits, ...weakenedProtection(policy, catalogue)].sort((a, b) =>
    byCodeUnit(a.code, b.code),
  );
}

/**
 * Does a plan's list of weakened guards follow from its policy? Figures are checked against the totals in the list
 * itself, because the instance may have changed since.
 */
export function followsFromPolicy(listed: readonly WeakenedGuard[], policy: Policy): boolean {
  const wanted = new Map(weakenedByPolicy(policy).map((one) => [one.code, one]));
  if (new Set(listed.map(({ code }) => code)).size < listed.length) return false;
  if ([...wanted.keys()].some((code) => !listed.some((one) => one.code === code))) return false;
  return listed.every((one) => {
    if (one.code === 'escalation') return protectionFollows(one, policy);
    const key = LIMIT_KEYS.find((candidate) => LIMITS[candidate].code === one.code);
    const expected = key === undefined ? wanted.get(one.code) : weakenedLimit(key, policy[key], one.of ?? 0);
    return expected !== undefined && expected !== null && isSame(one, expected);
  });
}

/**
 * The guards that are weaker now than a plan shows, each with the part that it does not show. A limit counts only if the
 * plan changes what it limits: for other limits, the total may not have been read in full.
 */
export function unlistedGuards(
  { weakenedGuards: listed, changes }: Pick<Plan, 'weakenedGuards' | 'changes'>,
  found: readonly WeakenedGuard[],
): WeakenedGuard[] {
  const kinds = new Set(changes.map(({ kind }) => kind));
  const limits = new Map<string, ChangeKind>(Object.values(LIMITS).map(({ code, kind }) => [code, kind]));
  return found.flatMap((one) => {
    const limited = limits.get(one.code);
    if (limited !== undefined && !kinds.has(limited)) return [];
    const known = listed.find(({ code }) => code === one.code);
    if (!known) return [one];
    const grants = grantsWithout(one.grants, known.grants);
    return grants.length > 0 ? [{ ...one, grants }] : [];
  });
}

/** Weakened guards that show from the policy alone. */
function weakenedByPolicy({ minAdmins, unmanagedRoles }: Policy): WeakenedGuard[] {
  const guards: WeakenedGuard[] = [];
  const rest = { of: null, grants: [] };
  if (minAdmins < DEFAULT_POLICY.minAdmins) {
    const key = 'policy.minAdmins';
    guards.push({ code: 'min-admins', key, value: minAdmins, default: DEFAULT_POLICY.minAdmins, ...rest });
  }
  if (unmanagedRoles === 'ignore') {
    const key = 'policy.unmanagedRoles';
    const standard = DEFAULT_POLICY.unmanagedRoles;
    guards.push({ code: 'unmanaged-roles', key, value: unmanagedRoles, default: standard, ...rest });
  }
  return guards;
}

function weakenedLimit(key: LimitKey, limit: Limit, of: number): WeakenedGuard | null {
  const value = limitOf(limit, of);
  const standard = limitOf(DEFAULT_POLICY[key], of);
  if (value <= standard) return null;
  return { code: LIMITS[key].code, key: `policy.${key}`, value, default: standard, of, grants: [] };
}

function weakenedProtection({ protectedGrants: own }: Policy, catalogue: Catalogue): WeakenedGuard[] {
  const standard = [...protectedGrants(catalogue, null)];
  const grants = grantsWithout(standard, protectedGrants(catalogue, own));
  if (grants.length === 0) return [];
  const value = standard.length - grants.length;
  const key = 'policy.protectedGrants';
  return [{ code: 'escalation', key, value, default: standard.length, of: null, grants }];
}

function protectionFollows(
  { key, value, default: standard, of, grants }: WeakenedGuard,
  policy: Policy,
): boolean {
  const own = policy.protectedGrants;
  if (own === null || of !== null || key !== 'policy.protectedGrants') return false;
  if (typeof value !== 'number' || typeof standard !== 'number') return false;
  return grants.length > 0 && standard - value === grants.length && grants.every((one) => !own.includes(one));
}

function isSame(one: WeakenedGuard, other: WeakenedGuard): boolean {
  const { key, value, default: standard, of, grants } = one;
  return (
    key === other.key &&
    value === other.value &&
    standard === other.default &&
    of === other.of &&
    grants.length === 0
  );
}
