import equal from 'fast-deep-equal';
import type { AccessRule } from './access-rule.js';
import { protectedGrants } from './admin-level.js';
import { grantList } from './grant.js';
import type { Catalogue, Grant } from './grant.js';
import { byPerson } from './policy.js';
import type { AcceptedDrift, PersonRef, Policy, StatedPolicy } from './policy.js';
import { warning } from '../problem/problem.js';
import type { Problem } from '../problem/problem.js';
import { byCodeUnit } from './sort.js';

/** The keys that a policy file sets, without defaults. */
export type PolicyOverlay = Partial<Policy>;

/** A policy key whose value a policy file changes. */
export interface PolicyOverride {
  /** As a manifest names it: `policy.minAdmins`. */
  key: string;
  /** `replaced`: only the file's value applies. `joined`: it applies together with the value without the file. */
  effect: 'replaced' | 'joined';
  /** The value without the file: the manifest's, or the default. */
  without: unknown;
  /** The value in the file. */
  file: unknown;
}

/** Where a policy file was read. */
export interface PolicyOrigin {
  /** As given: a path relative to the working directory, or `REV:PATH`. */
  path: string;
  /** The commit that the revision names; null for a file. */
  commit: string | null;
  /** `sha256:` and 64 hexadecimal digits of its bytes. */
  digest: string;
  /** True if a change to the manifest could also change the file: it is in the manifest's own working tree. */
  inWorkingTree: boolean;
}

/** A policy file as documents show it. */
export interface PolicyFile extends PolicyOrigin {
  /** Sorted by key. */
  overrides: readonly PolicyOverride[];
}

/** Keys whose values a policy file extends and cannot reduce. */
const JOINED_KEYS: ReadonlySet<string> = new Set(['requiredAdmins', 'protectedGrants']);

/** Applies a policy file to a policy: its keys replace those of the policy, and protective lists are merged. */
export function overlayPolicy(below: StatedPolicy, file: PolicyOverlay): StatedPolicy {
  const { requiredAdmins, protectedGrants: grants, rules, ...replacing } = file;
  return {
    ...below,
    ...replacing,
    requiredAdmins: joinPeople(below.requiredAdmins, requiredAdmins ?? []),
    ...joinProtected(below, grants ?? null),
    rules: joinRules(below.rules, rules ?? []),
  };
}

/** Merges rules by name; the file's rule wins. */
function joinRules(below: readonly AccessRule[], above: readonly AccessRule[]): readonly AccessRule[] {
  const byName = new Map([...below, ...above].map((rule) => [rule.name, rule]));
  return [...byName.values()].sort((a, b) => byCodeUnit(a.name, b.name));
}

function joinPeople(below: readonly PersonRef[], above: readonly PersonRef[]): readonly PersonRef[] {
  const missing = above.filter((one) => !below.some((other) => equal(one, other)));
  return missing.length === 0 ? below : [...below, ...missing].sort(byPerson);
}

/** A policy that lists no protected grants protects the default ones, also if the file lists further ones. */
function joinProtected(
  { protectedGrants: below, alsoProtected }: StatedPolicy,
  above: readonly Grant[] | null,
): Pick<StatedPolicy, 'protectedGrants' | 'alsoProtected'> {
  if (above === null) return { protectedGrants: below };
  if (below !== null) return { protectedGrants: grantList([...below, ...above]) };
  return { protectedGrants: null, alsoProtected: grantList([...(alsoProtected ?? []), ...above]) };
}

/** The policy for one instance, whose catalogue determines the grants that are protected by default. */
export function policyOn({ alsoProtected, ...policy }: StatedPolicy, catalogue: Catalogue): Policy {
  if (alsoProtected === undefined) return policy;
  const grants = [...protectedGrants(catalogue, policy.protectedGrants), ...alsoProtected];
  return { ...policy, protectedGrants: grantList(grants) };
}

/** The keys that a policy file changes, sorted; empty if the file agrees with the policy. */
export function overridesOf(below: StatedPolicy, file: PolicyOverlay): PolicyOverride[] {
  const merged = overlayPolicy(below, file);
  const keys = (Object.keys(file) as (keyof Policy)[]).filter((key) => key !== 'rules');
  const ofKeys = keys
    .filter((key) => !isSameKey(key, below, merged))
    .map((key): PolicyOverride => ({
      key: `policy.${key}`,
      effect: JOINED_KEYS.has(key) ? 'joined' : 'replaced',
      without: below[key],
      file: file[key],
    }));
  return [...ofKeys, ...overriddenRules(below.rules, file.rules ?? [])].sort((a, b) =>
    byCodeUnit(a.key, b.key),
  );
}

/** One override per rule that the file adds or replaces. */
function overriddenRules(below: readonly AccessRule[], above: readonly AccessRule[]): PolicyOverride[] {
  return above.flatMap((rule): PolicyOverride[] => {
    const without = below.find(({ name }) => name === rule.name) ?? null;
    if (equal(without, rule)) return [];
    const effect = without === null ? 'joined' : 'replaced';
    return [{ key: `policy.rules.${rule.name}`, effect, without, file: rule }];
  });
}

/** Is an override that a plan lists really in force in its policy? A saved plan may have been edited. */
export function isInForce(policy: Policy, { key, file }: PolicyOverride): boolean {
  const [, name = '', rule] = key.split('.');
  if (rule !== undefined) return policy.rules.some((one) => one.name === rule && equal(one, file));
  try {
    return Object.hasOwn(policy, name) && overridesOf(policy, { [name]: file }).length === 0;
  } catch {
    return false;
  }
}

function isSameKey(key: keyof Policy, one: StatedPolicy, other: StatedPolicy): boolean {
  if (key === 'acceptedDrift')
    return equal(sortedAcceptedDrift(one.acceptedDrift), sortedAcceptedDrift(other.acceptedDrift));
  if (key === 'protectedGrants' && !equal(one.alsoProtected, other.alsoProtected)) return false;
  return equal(one[key], other[key]);
}

/** Accepted drift in a fixed order: the order of its entries has no meaning. */
function sortedAcceptedDrift(entries: readonly AcceptedDrift[]): readonly AcceptedDrift[] {
  const idOf = (entry: AcceptedDrift): string =>
    JSON.stringify(Object.entries(entry).sort(([a], [b]) => byCodeUnit(a, b)));
  return [...entries].sort((a, b) => byCodeUnit(idOf(a), idOf(b)));
}

/** Keys that determine which changes a plan makes, not only which it may make. */
const PLAN_KEYS = ['acceptedDrift', 'removedMembersTo', 'unmanagedRoles'] as const;

/** The keys in which a policy file would lead to another plan than the one made under this policy. */
export function keysThatChangePlan(below: Policy, file: PolicyOverlay): readonly string[] {
  const merged = overlayPolicy(below, file);
  return PLAN_KEYS.filter((key) => !isSameKey(key, below, merged)).map((key) => `policy.${key}`);
}

/**
 * Warns of a policy file that a pull request could change together with the manifest: it would not restrict that pull
 * request.
 */
export function policyOriginWarnings({ path, commit, inWorkingTree }: PolicyOrigin): Problem[] {
  if (!inWorkingTree) return [];
  const where = commit === null ? 'in the working tree of the manifest' : 'of the commit that is checked out';
  const message = `the policy file is ${where}, so a change to the manifest can change it too`;
  const isNamedLikeRevision = commit === null && path.includes(':');
  const hint = isNamedLikeRevision
    ? 'a file of this name exists, so no revision was read: remove the file'
    : 'take it from a branch that is reviewed, as in --policy origin/main:policy.yaml, or from another repository';
  return [warning('policy-in-working-tree', message, { where: { file: path }, hint })];
}
