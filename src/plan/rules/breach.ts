import { addressMatcher } from '../../model/address-pattern.js';
import type { AccessRule, LimitRule, SeparationRule } from '../../model/access-rule.js';
import type { Grant } from '../../model/grant.js';
import type { PersonId } from '../../model/ids.js';
import type { Person, PersonRef } from '../../model/person.js';
import type { Role, RoleKey } from '../../model/role.js';
import type { RuleView } from './view.js';

/** The constraint of a rule that is violated. */
export type Constraint = 'onlyRoles' | 'maxPeople' | 'emails' | 'neverTogether';

/** A violation of one constraint of a rule in one state. */
export interface Breach {
  rule: AccessRule;
  constraint: Constraint;
  /** Roles that violate it by their grants; empty for `maxPeople` and `emails`. */
  roles: ReadonlyMap<RoleKey, Role>;
  /** People who violate it, with their role; for `maxPeople`, everyone who counts. */
  people: ReadonlyMap<PersonId, { person: Person; role: Role }>;
}

/** Roles and people that accepted drift exempts from a rule. */
export interface Waiver {
  role: (names: readonly string[]) => boolean;
  person: (person: Person) => boolean;
}

/** No exemptions. */
export const NO_WAIVER: Waiver = { role: () => false, person: () => false };

/** All violations of a rule in a state. */
export function breachesOf(rule: AccessRule, view: RuleView, waiver: Waiver = NO_WAIVER): Breach[] {
  return rule.kind === 'separation' ? separation(rule, view, waiver) : limits(rule, view, waiver);
}

/** The roles that a rule with limits concerns, including exempted ones. */
function subjectRoles({ subject }: LimitRule, view: RuleView): Role[] {
  if ('grants' in subject)
    return view.roles.filter((role) => {
      const held = view.holds(role);
      return subject.grants.some((grant) => held.has(grant));
    });
  const role = view.named(subject.role);
  return role ? [role] : [];
}

/** The people that a rule with limits concerns. */
export function concernedBy(rule: LimitRule, view: RuleView, waiver: Waiver): Breach['people'] {
  return holders(countedRoles(rule, view, waiver), view, (person) => !waiver.person(person));
}

function countedRoles(rule: LimitRule, view: RuleView, waiver: Waiver): Role[] {
  return subjectRoles(rule, view).filter((role) => !waiver.role(view.names(role)));
}

function limits(rule: LimitRule, view: RuleView, waiver: Waiver): Breach[] {
  const roles = countedRoles(rule, view, waiver);
  const breaches: Breach[] = [];
  const outside = rolesOutside(rule, roles, view);
  if (outside.length > 0)
    breaches.push({ rule, constraint: 'onlyRoles', roles: keyed(outside), people: new Map() });
  const counts = (person: Person): boolean => !waiver.person(person);
  if (rule.maxPeople !== null && memberCount(roles, view) > rule.maxPeople) {
    const people = holders(roles, view, counts);
    if (people.size > rule.maxPeople)
      breaches.push({ rule, constraint: 'maxPeople', roles: new Map(), people });
  }
  if (rule.emails !== null) {
    const passes = addressCheck(rule.emails);
    const people = holders(roles, view, (person) => !passes(person.email) && counts(person));
    if (people.size > 0) breaches.push({ rule, constraint: 'emails', roles: new Map(), people });
  }
  return breaches;
}

/** The number of people in these roles, including exempted ones: a cheap check that settles most rules. */
function memberCount(roles: readonly Role[], view: RuleView): number {
  return roles.reduce((sum, { key }) => sum + view.people(key).length, 0);
}

function rolesOutside({ onlyRoles }: LimitRule, roles: readonly Role[], view: RuleView): Role[] {
  if (onlyRoles === null) return [];
  const allowed = new Set(onlyRoles);
  return roles.filter((role) => !view.names(role).some((name) => allowed.has(name)));
}

/** Returns a check whether an address matches one of the patterns; null matches none. */
function addressCheck(patterns: readonly string[]): (email: string | null) => boolean {
  const matchers = patterns.map(addressMatcher);
  return (email) => email !== null && matchers.some((matches) => matches(email));
}

function separation(rule: SeparationRule, view: RuleView, waiver: Waiver): Breach[] {
  const counts = exceptionFilter(rule);
  const roles = new Map<RoleKey, Role>();
  const people = new Map<PersonId, { person: Person; role: Role }>();
  for (const role of mixingRoles(rule, view)) {
    if (waiver.role(view.names(role))) continue;
    const inside = view.people(role.key).filter((person) => counts(person) && !waiver.person(person));
    if (inside.length > 0 || role.key === view.defaultRole) roles.set(role.key, role);
    for (const person of inside) people.set(person.id, { person, role });
  }
  return roles.size > 0 ? [{ rule, constraint: 'neverTogether', roles, people }] : [];
}

/** Roles that hold grants of two sets of a rule and are no exceptions. */
export function mixingRoles(rule: SeparationRule, view: RuleView): Role[] {
  const excepted = new Set(rule.exceptRoles);
  return view.roles.filter(
    (role) =>
      !view.names(role).some((name) => excepted.has(name)) && mixedGrants(rule, view.holds(role)) !== null,
  );
}

/** A held grant from each of the first two sets that match; null if fewer than two sets match. */
export function mixedGrants(
  { neverTogether }: SeparationRule,
  held: ReadonlySet<Grant>,
): [Grant, Grant] | null {
  let first: Grant | null = null;
  for (const set of neverTogether) {
    const found = set.find((grant) => held.has(grant));
    if (found === undefined) continue;
    if (first !== null) return [first, found];
    first = found;
  }
  return null;
}

/** Returns a check whether a rule about separation counts a person. */
export function exceptionFilter({ exceptPeople }: SeparationRule): (person: Person) => boolean {
  const matches = refMatcher(exceptPeople);
  return (person) => !matches(person);
}

/** Returns a check whether a list names a person. */
export function refMatcher(refs: readonly PersonRef[]): (person: Person) => boolean {
  const ids = new Set(refs.flatMap((ref) => ('id' in ref ? [ref.id] : [])));
  const emails = new Set(refs.flatMap((ref) => ('id' in ref ? [] : [ref.email])));
  return ({ id, email }) => ids.has(id) || (email !== null && emails.has(email));
}

function holders(
  roles: readonly Role[],
  view: RuleView,
  counts: (person: Person) => boolean,
): ReadonlyMap<PersonId, { person: Person; role: Role }> {
  const found = new Map<PersonId, { person: Person; role: Role }>();
  for (const role of roles)
    for (const person of view.people(role.key)) if (counts(person)) found.set(person.id, { person, role });
  return found;
}

function keyed(roles: readonly Role[]): ReadonlyMap<RoleKey, Role> {
  return new Map(roles.map((role) => [role.key, role]));
}
