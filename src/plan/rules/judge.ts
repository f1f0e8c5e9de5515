import type { AccessRule } from '../../model/access-rule.js';
import type { Dependencies } from '../../model/closure.js';
import { entriesWithout } from '../../model/group.js';
import type { Catalogue } from '../../model/grant.js';
import { quotedName } from '../../model/quoted-name.js';
import { shortenedList } from '../../model/shortened-list.js';
import type { Policy } from '../../model/policy.js';
import type { Refusal } from '../../model/refusal.js';
import { isSystemRole } from '../../model/role.js';
import type { Accepted } from '../../model/standing.js';
import type { State } from '../../model/state.js';
import { warning } from '../../problem/problem.js';
import type { Problem, Where } from '../../problem/problem.js';
import type { OrderedChange } from '../change.js';
import type { PlanBasis } from '../plan-basis.js';
import { unconditionalRefusal } from '../guards/guard.js';
import { ruleFlag } from '../guards/allow.js';
import { breachesOf, concernedBy } from './breach.js';
import type { Breach, Waiver } from './breach.js';
import { nameWarnings, type NamesInput } from './names.js';
import { breachItems, breachText, ruleText } from './texts.js';
import type { BreachPart } from './texts.js';
import { emptyRoleWarnings } from './empty-roles.js';
import { transientWarnings } from './transient.js';
import { ruleViews } from './view.js';
import type { RuleView, RuleViews } from './view.js';
import { acceptedViolations, ruleEntries, waiverOf } from './waivers.js';

/** Finds the place of a policy entry in its files; null if it is in none. */
export type LocatePolicy = (path: readonly (string | number)[]) => Where | null;

/** The input of checking rules. */
export interface RuleInput {
  policy: Policy;
  live: State;
  end: State;
  catalogue: Catalogue;
  dependencies: Dependencies;
  /** ISO 8601, UTC. Determines which accepted drift has expired. */
  now: string;
  locate: LocatePolicy;
}

/** The input of checking rules on a plan. */
export function ruleInputOf(
  {
    live,
    end,
    snapshot,
    dependencies,
  }: Pick<PlanBasis, 'end' | 'snapshot' | 'dependencies'> & { live: State },
  { policy, now, locate = () => null }: { policy: Policy; now: string; locate?: LocatePolicy },
): RuleInput {
  return { policy, live, end, catalogue: snapshot.catalogue, dependencies, now, locate };
}

/** The findings of checking rules on a plan. */
interface RuleFindings {
  refusals: Refusal[];
  warnings: Problem[];
  accepted: Accepted[];
}

/**
 * Checks every rule on the end state of a plan. New violations are refused, unless the rule only warns. Violations that
 * already exist live are warnings, and so are those that exist only between two steps.
 */
export function judgeRules(input: RuleInput, changes: readonly OrderedChange[]): RuleFindings {
  const { policy, now, locate } = input;
  if (policy.rules.length === 0 && !policy.acceptedDrift.some(({ what }) => what === 'rule'))
    return { refusals: [], warnings: [], accepted: [] };
  const views = ruleViews(input.live, input.end, input.dependencies);
  const entries = ruleEntries(policy, now);
  const refusals: Refusal[] = [];
  const warnings: Problem[] = [];
  const unbroken: AccessRule[] = [];
  for (const rule of policy.rules) {
    const where = locate(['policy', 'rules', rule.name]);
    const waiver = waiverOf(rule.name, entries);
    const end = breachesOf(rule, views.end, waiver);
    // No step changes an address, so patterns that hold before and after also hold in between.
    const live = breachesOf(end.length > 0 ? rule : withoutAddressPatterns(rule), views.live, waiver);
    if (live.length === 0 && end.length === 0) unbroken.push(rule);
    for (const breach of end) {
      const before = live.find(({ constraint }) => constraint === breach.constraint);
      const worse = newPart(breach, before ?? null, { view: views.live, waiver });
      if (worse !== null && rule.level === 'refuse')
        refusals.push(refusalOf(breach, worse, { views, where }));
      else warnings.push(warningOf(breach, worse !== null, { views, where }));
    }
    warnings.push(...emptyRoleWarnings(rule, views.end, where));
    warnings.push(...nameWarnings(rule, views, namesInputOf(rule, input)));
  }
  const waivers = (rule: AccessRule) => waiverOf(rule.name, entries);
  warnings.push(...transientWarnings(changes, { rules: unbroken, views, waivers, ...input }));
  const accepted = acceptedViolations(entries, {
    policy,
    view: views.end,
    locate: (index) => locate(['policy', 'acceptedDrift', index]),
  });
  return { refusals, warnings: [...warnings, ...accepted.warnings], accepted: accepted.accepted };
}

/** The input of checking the names of one rule. */
export function namesInputOf({ name }: AccessRule, { catalogue, locate }: RuleInput): NamesInput {
  return { catalogue, locate: (path) => locate(['policy', 'rules', name, ...path]) };
}

function withoutAddressPatterns(rule: AccessRule): AccessRule {
  return rule.kind === 'limit' ? { ...rule, emails: null } : rule;
}

/** The part of a violation that does not exist live; null if nothing is new. */
function newPart(
  end: Breach,
  live: Breach | null,
  { view, waiver }: { view: RuleView; waiver: Waiver },
): BreachPart | null {
  if (end.constraint === 'maxPeople' && end.rule.kind === 'limit') {
    const were = concernedBy(end.rule, view, waiver);
    return end.people.size > were.size
      ? { roles: new Map(), people: entriesWithout(end.people, were) }
      : null;
  }
  const known: BreachPart = live ?? { roles: new Map(), people: new Map() };
  const roles = entriesWithout(end.roles, known.roles);
  const people = entriesWithout(end.people, known.people);
  return roles.size + people.size > 0 ? { roles, people } : null;
}

interface About {
  views: RuleViews;
  where: Where | null;
}

function refusalOf(breach: Breach, worse: BreachPart, { views, where }: About): Refusal {
  const { rule } = breach;
  const text = `${breachText(breach, 'end')}${newNote(breach, worse)}`;
  return unconditionalRefusal('rule', `${ruleText(rule, where)}: ${text}`, {
    figure: violatorCount(breach),
    limit: limitOf(breach),
    key: `policy.rules.${rule.name}`,
    flag: ruleFlag(rule.name),
    items: breachItems(breach, worse, views.end),
    hint: hintOf(breach),
  });
}

/** How many of the violators are new, if only some are: the items of a refusal list these alone. */
function newNote(breach: Breach, { roles, people }: BreachPart): string {
  const count = countsRoles(breach) ? roles.size : people.size;
  return count === 0 || count === violatorCount(breach) ? '' : ` (${count} of them new)`;
}

/** The number of violators: roles for `onlyRoles`, or if an empty default role violates the rule; else people. */
export function violatorCount(breach: Breach): number {
  return countsRoles(breach) ? breach.roles.size : breach.people.size;
}

function countsRoles({ constraint, people }: Breach): boolean {
  return constraint === 'onlyRoles' || people.size === 0;
}

/** The number allowed. */
export function limitOf({ rule, constraint }: Breach): number {
  return constraint === 'maxPeople' && rule.kind === 'limit' ? (rule.maxPeople ?? 0) : 0;
}

function hintOf({ constraint, rule }: Breach): string {
  const except = rule.kind === 'separation' ? 'add an exception to the rule' : 'change the rule';
  const change =
    constraint === 'onlyRoles' ? 'remove the grants from these roles' : 'change the people concerned';
  return `${change}, ${except}, or accept it until a date with \`acceptedDrift: [{ what: rule, rule: ${rule.name}, … }]\``;
}

function warningOf(breach: Breach, isWorse: boolean, { views, where }: About): Problem {
  const items = breachItems(breach, breach, views.end);
  const text = `${breachText(breach, isWorse ? 'end' : 'now')}: ${shortenedList(items)}`;
  const since = isWorse ? '' : ', as before this plan';
  return warning('rule-broken', `${ruleText(breach.rule)}: ${text}${since}`, {
    where,
    hint: systemRolesHint(breach),
  });
}

/** The hint for system roles that violate a rule: they cannot be changed, so the rule must name them. */
export function systemRolesHint({ rule, constraint, roles }: Breach): string | null {
  const system = [...roles.values()].filter(({ id }) => id !== null && isSystemRole(id));
  if (system.length === 0 || (constraint !== 'onlyRoles' && constraint !== 'neverTogether')) return null;
  const names = system.map(({ name }) => quotedName(name));
  const key = rule.kind === 'separation' ? 'exceptRoles' : 'onlyRoles';
  const what = system.length === 1 ? 'system role' : 'system roles';
  const breaks = system.length === 1 ? 'breaks it by itself' : 'break it by themselves';
  const them = system.length === 1 ? 'it' : 'them';
  return `${what} ${names.join(', ')} ${breaks}, since the grants of system roles cannot change: list ${them} in ${key}`;
}
