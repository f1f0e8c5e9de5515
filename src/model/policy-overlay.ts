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

/** What a policy file sets: the keys that it holds, and no defaults. */
export type PolicyOverlay = Partial<Policy>;

/** A key of which a policy file makes something else than it is without the file. */
export interface PolicyOverride {
  /** As a manifest names it: `policy.minAdmins`. */
  key: string;
  /** `replaced`: the file's value holds alone. `joined`: it holds together with the value without the file. */
  effect: 'replaced' | 'joined';
  /** The value without the file: the manifest's, or the default. */
  without: unknown;
  /** The value in the file. */
  file: unknown;
}

/** Where a policy file was read. */
export interface PolicyOrigin {
  /** As it was named: a path from where the command was started, or `REV:PATH`. */
  path: string;
  /** The commit that the revision names; null for a file. */
  commit: string | null;
  /** `sha256:` and 64 hexadecimal digits of its bytes. */
  digest: string;
  /** True where a change to the manifest could have brought the file: it is in the manifest's own working tree. */
  inWorkingTree: boolean;
}

/** A policy file as documents show it. */
export interface PolicyFile extends PolicyOrigin {
  /** Sorted by key. */
  overrides: readonly PolicyOverride[];
}

/** Keys that a policy file adds to, and never takes from. */
const JOINED: ReadonlySet<string> = new Set(['requiredAdmins', 'protectedGrants']);

/** Lays a policy file over a policy: its keys replace those below, and those that protect are joined. */
export function layPolicy(below: StatedPolicy, file: PolicyOverlay): StatedPolicy {
  const { requiredAdmins, protectedGrants: grants, rules, ...replacing } = file;
  return {
    ...below,
    ...replacing,
    requiredAdmins: joinPeople(below.requiredAdmins, requiredAdmins ?? []),
    ...joinProtected(below, grants ?? null),
    rules: joinRules(below.rules, rules ?? []),
  };
}

/** Of two rules of one name the file's stands. */
function joinRules(below: readonly AccessRule[], above: readonly AccessRule[]): readonly AccessRule[] {
  const byName = new Map([...below, ...above].map((rule) => [rule.name, rule]));
  return [...byName.values()].sort((a, b) => byCodeUnit(a.name, b.name));
}

function joinPeople(below: readonly PersonRef[], above: readonly PersonRef[]): readonly PersonRef[] {
  const missing = above.filter((one) => !below.some((other) => equal(one, other)));
  return missing.length === 0 ? below : [...below, ...missing].sort(byPerson);
}

/** A policy that lists no protected grants protects the default ones, and so it does beneath a file that lists some. */
function joinProtected(
  { protectedGrants: below, alsoProtected }: StatedPolicy,
  above: readonly Grant[] | null,
): Pick<StatedPolicy, 'protectedGrants' | 'alsoProtected'> {
  if (above === null) return { protectedGrants: below };
  if (below !== null) return { protectedGrants: grantList([...below, ...above]) };
  return { protectedGrants: null, alsoProtected: grantList([...(alsoProtected ?? []), ...above]) };
}

/** The policy on one instance, whose catalogue says which grants are protected by default. */
export function policyOn({ alsoProtected, ...policy }: StatedPolicy, catalogue: Catalogue): Policy {
  if (alsoProtected === undefined) return policy;
  const grants = [...protectedGrants(catalogue, policy.protectedGrants), ...alsoProtected];
  return { ...policy, protectedGrants: grantList(grants) };
}

/** What a policy file makes of the policy below it, sorted by key; nothing where the file agrees with it. */
export function overridesOf(below: StatedPolicy, file: PolicyOverlay): PolicyOverride[] {
  const laid = layPolicy(below, file);
  const keys = (Object.keys(file) as (keyof Policy)[]).filter((key) => key !== 'rules');
  const ofKeys = keys
    .filter((key) => !isSameKey(key, below, laid))
    .map((key): PolicyOverride => ({
      key: `policy.${key}`,
      effect: JOINED.has(key) ? 'joined' : 'replaced',
      without: below[key],
      file: file[key],
    }));
  return [...ofKeys, ...overriddenRules(below.rules, file.rules ?? [])].sort((a, b) =>
    byCodeUnit(a.key, b.key),
  );
}

/** Each rule by itself: one that the file adds, and one that it has in place of another of the same name. */
function overriddenRules(below: readonly AccessRule[], above: readonly AccessRule[]): PolicyOverride[] {
  return above.flatMap((rule): PolicyOverride[] => {
    const without = below.find(({ name }) => name === rule.name) ?? null;
    if (equal(without, rule)) return [];
    const effect = without === null ? 'joined' : 'replaced';
    return [{ key: `policy.rules.${rule.name}`, effect, without, file: rule }];
  });
}

/** Is what a plan claims that a file sets in force? A saved plan may say anything here. */
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
  if (key === 'acceptedDrift') return equal(inOneOrder(one.acceptedDrift), inOneOrder(other.acceptedDrift));
  if (key === 'protectedGrants' && !equal(one.alsoProtected, other.alsoProtected)) return false;
  return equal(one[key], other[key]);
}

/** Accepted drift means the same in any order. */
function inOneOrder(entries: readonly AcceptedDrift[]): readonly AcceptedDrift[] {
  const idOf = (entry: AcceptedDrift): string =>
    JSON.stringify(Object.entries(entry).sort(([a], [b]) => byCodeUnit(a, b)));
  return [...entries].sort((a, b) => byCodeUnit(idOf(a), idOf(b)));
}

/** Keys that decide what a plan changes, and not only what it may. */
const SHAPING = ['acceptedDrift', 'removedMembersTo', 'unmanagedRoles'] as const;

/** The keys in which a policy file asks for another plan than the one that was made under this policy. */
export function keysThatReshape(below: Policy, file: PolicyOverlay): readonly string[] {
  const laid = layPolicy(below, file);
  return SHAPING.filter((key) => !isSameKey(key, below, laid)).map((key) => `policy.${key}`);
}

/** A policy that a pull request can bring along with its manifest does not hold that pull request to anything. */
export function besideWarning({ path, commit, inWorkingTree }: PolicyOrigin): Problem[] {
  if (!inWorkingTree) return [];
  const where = commit === null ? 'in the working tree of the manifest' : 'of the commit that is checked out';
  const message = `the policy file is ${where}, so that a change of the manifest can change it too`;
  const isNamedLikeRevision = commit === null && path.includes(':');
  const hint = isNamedLikeRevision
    ? 'a file of this name exists, so no revision was read: remove the file'
    : 'take it from a branch that is reviewed, as in --policy origin/main:policy.yaml, or from another repository';
  return [warning('policy-in-working-tree', message, { where: { file: path }, hint })];
}
