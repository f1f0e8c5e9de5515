import type { AccessRule } from '../../model/access-rule.js';
import { quotedName } from '../../model/quoted-name.js';
import { shortenedList } from '../../model/shortened-list.js';
import { accountText } from '../../model/person.js';
import type { Role, RoleKey } from '../../model/role.js';
import { placeNote } from '../../problem/problem.js';
import type { Where } from '../../problem/problem.js';
import type { Breach } from './breach.js';
import { mixedGrants } from './breach.js';
import type { RuleView } from './view.js';

/** The state that a sentence describes: `now` for live state, `end` for the end state of a plan. */
type Tense = 'now' | 'end';

/** The part of a violation that a sentence describes. */
export interface BreachPart {
  roles: ReadonlyMap<RoleKey, Role>;
  people: Breach['people'];
}

/** `rule "few-admins" (domo-roles.yaml:12:5)`. */
export function ruleText({ name }: Pick<AccessRule, 'name'>, where: Where | null = null): string {
  return `rule ${quotedName(name)}${placeNote(where)}`;
}

/** The violation as the end of a sentence: `7 people would be in role "Admin", at most 5 may be`. */
export function breachText({ rule, constraint, roles, people }: Breach, tense: Tense): string {
  const [are, hold] = tense === 'end' ? ['would be', 'would hold'] : [people.size === 1 ? 'is' : 'are', null];
  const persons = `${people.size} ${people.size === 1 ? 'person' : 'people'}`;
  if (rule.kind === 'separation') {
    const verb = hold ?? (people.size === 1 ? 'holds' : 'hold');
    const who = people.size > 0 ? persons : 'new people';
    return `${who} ${verb} grants that must not be held together`;
  }
  const whom = 'role' in rule.subject ? `in role ${quotedName(rule.subject.role)}` : '';
  const what = 'grants' in rule.subject ? shortenedList(rule.subject.grants) : '';
  const held = whom === '' ? `${hold ?? (people.size === 1 ? 'holds' : 'hold')} ${what}` : `${are} ${whom}`;
  switch (constraint) {
    case 'onlyRoles': {
      const verb = hold ?? (roles.size === 1 ? 'holds' : 'hold');
      const only = shortenedList((rule.onlyRoles ?? []).map(quotedName));
      return `${roles.size} ${roles.size === 1 ? 'role' : 'roles'} ${verb} ${what}, which only ${only} may`;
    }
    case 'maxPeople':
      return `${persons} ${held}, at most ${rule.maxPeople ?? 0} may`;
    case 'emails':
    case 'neverTogether':
      return `${persons} ${held} with an address that does not match ${shortenedList((rule.emails ?? []).map(quotedName))}`;
  }
}

/** The violators, one line each. */
export function breachItems(breach: Breach, part: BreachPart, view: RuleView): string[] {
  const { rule } = breach;
  const mixed = (role: Role): string => {
    const pair = rule.kind === 'separation' ? mixedGrants(rule, view.holds(role)) : null;
    return pair === null ? '' : ` holding ${pair.join(' with ')}`;
  };
  const inhabited = new Set([...part.people.values()].map(({ role }) => role.key));
  const people = [...part.people.values()].map(({ person, role }) => {
    const address = person.email === null && breach.constraint === 'emails' ? ' (no address)' : '';
    return `${accountText(person)} in role ${roleLabel(role)}${mixed(role)}${address}`;
  });
  const roles = [...part.roles.values()].flatMap((role) => {
    if (breach.constraint === 'onlyRoles') return [`role ${roleLabel(role)}${heldOf(breach, role, view)}`];
    if (role.key === view.defaultRole)
      return [`new people in the default role ${roleLabel(role)}${mixed(role)}`];
    return inhabited.has(role.key) ? [] : [`role ${roleLabel(role)}${mixed(role)}`];
  });
  return [...roles, ...people];
}

/** The concerned grants that a role holds, if a rule names several. */
function heldOf({ rule }: Breach, role: Role, view: RuleView): string {
  if (rule.kind !== 'limit' || !('grants' in rule.subject) || rule.subject.grants.length < 2) return '';
  const held = view.holds(role);
  return ` holding ${shortenedList(rule.subject.grants.filter((grant) => held.has(grant)))}`;
}

/** A role in a list: its name, in quotes if it could be misread. */
export function roleLabel({ name }: Pick<Role, 'name'>): string {
  return /^[\p{L}\p{N}](?:[\p{L}\p{N}._-]| (?! ))*(?<! )$/u.test(name) ? name : quotedName(name);
}
