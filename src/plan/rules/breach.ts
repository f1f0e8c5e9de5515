import { addressMatcher } from '../../model/address-pattern.js';
import type { AccessRule, LimitRule, SeparationRule } from '../../model/access-rule.js';
import type { Grant } from '../../model/grant.js';
import type { PersonId } from '../../model/ids.js';
import type { Person, PersonRef } from '../../model/person.js';
import type { Role, RoleKey } from '../../model/role.js';
import type { RuleView } from './view.js';

/** The part of a rule that is broken. */
export type Constraint = 'onlyRoles' | 'maxPeople' | 'emails' | 'neverTogether';

/** How one part of a rule is broken in one state. */
export interface Breach {
  rule: AccessRule;
  constraint: Constraint;
  /** Roles that break it by themselves; none for `maxPeople` and `emails`. */
  roles: ReadonlyMap<RoleKey, Role>;
  /** People who break it, with their role; of `maxPeople`, everyone who counts. */
  people: ReadonlyMap<PersonId, { person: Person; role: Role }>;
}

/** Roles and people whom accepted drift lets break a rule. */
export interface Waiver {
  role: (names: readonly string[]) => boolean;
  person: (person: Person) => boolean;
}

/** No one may break the rule. */
export const NO_WAIVER: Waiver = { role: () => false, person: () => false };

/** Every part of a rule that is broken in a state. */
export function breachesOf(rule: AccessRule, view: RuleView, waiver: Waiver = NO_WAIVER): Breach[] {
  return rule.kind === 'separation' ? separation(rule, view, waiver) : limits(rule, view, waiver);
}

/** The roles that a rule with limits is about, waived people included. */
function subjectRoles({ subject }: LimitRule, view: RuleView): Role[] {
  if ('grants' in subject)
    return view.roles.filter((role) => {
      const held = view.holds(role);
      return subject.grants.some((grant) => held.has(grant));
    });
  const role = view.named(subject.role);
  return role ? [role] : [];
}

/** Everyone whom a rule with limits is about. */
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
  if (rule.maxPeople !== null && atMost(roles, view) > rule.maxPeople) {
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

/** How many people these roles have, waived ones among them: quick to see for the many rules that hold. */
function atMost(roles: readonly Role[], view: RuleView): number {
  return roles.reduce((sum, { key }) => sum + view.people(key).length, 0);
}

function rolesOutside({ onlyRoles }: LimitRule, roles: readonly Role[], view: RuleView): Role[] {
  if (onlyRoles === null) return [];
  const allowed = new Set(onlyRoles);
  return roles.filter((role) => !view.names(role).some((name) => allowed.has(name)));
}

/** Does an address match one of the patterns? Without an address, none. */
function addressCheck(patterns: readonly string[]): (email: string | null) => boolean {
  const matchers = patterns.map(addressMatcher);
  return (email) => email !== null && matchers.some((matches) => matches(email));
}

function separation(rule: SeparationRule, view: RuleView, waiver: Waiver): Breach[] {
  const counts = notExcepted(rule);
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

/** Roles that hold grants of two sets of a rule and are not excepted. */
export function mixingRoles(rule: SeparationRule, view: RuleView): Role[] {
  const excepted = new Set(rule.exceptRoles);
  return view.roles.filter(
    (role) =>
      !view.names(role).some((name) => excepted.has(name)) && mixedGrants(rule, view.holds(role)) !== null,
  );
}

/** A grant of each of the first two sets of which a role holds one; null where it holds at most one. */
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

/** Does a rule about separation count this person? */
export function notExcepted({ exceptPeople }: SeparationRule): (person: Person) => boolean {
  const matches = refMatcher(exceptPeople);
  return (person) => !matches(person);
}

/** Is a person one of those whom a list names? */
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
