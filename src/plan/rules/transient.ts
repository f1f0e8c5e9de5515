import type { AccessRule, LimitRule, SeparationRule } from '../../model/access-rule.js';
import type { Dependencies } from '../../model/closure.js';
import { quotedName } from '../../model/quoted-name.js';
import type { Person } from '../../model/person.js';
import type { RoleKey } from '../../model/role.js';
import { warning } from '../../problem/problem.js';
import type { Problem, Where } from '../../problem/problem.js';
import type { ChangeId, OrderedChange } from '../change.js';
import { mixedGrants, exceptionFilter } from './breach.js';
import type { Waiver } from './breach.js';
import { openProgress } from './progress.js';
import type { Progress, RoleNow } from './progress.js';
import { roleLabel, ruleText } from './texts.js';
import type { RuleViews } from './view.js';

/** The input of checking rules between the steps of a plan. */
interface TransientInput {
  /** Rules that hold before the plan and after it. */
  rules: readonly AccessRule[];
  views: RuleViews;
  waivers: (rule: AccessRule) => Waiver;
  dependencies: Dependencies;
  locate: (path: readonly (string | number)[]) => Where | null;
}

/** Tracks which roles violate one constraint while changes are performed. */
interface Watch {
  rule: AccessRule;
  /** Updates the result for a role that has changed. */
  update: (role: RoleNow) => void;
  /** A sentence about the current violation; null if there is none. */
  broken: () => string | null;
}

/** A violation, with the changes between which it exists. */
interface Interval {
  rule: AccessRule;
  from: ChangeId;
  until: ChangeId | null;
  text: string;
}

/**
 * Warns of each rule that holds before and after a plan but is violated in between, with the changes that start and end
 * the violation. Each change is examined once, with only the roles that it concerns.
 */
export function transientWarnings(changes: readonly OrderedChange[], input: TransientInput): Problem[] {
  if (input.rules.length === 0 || changes.length < 2) return [];
  const progress = openProgress(input);
  const watches = input.rules.flatMap((rule) => watchesOf(rule, progress, input.waivers(rule)));
  for (const role of progress.roles()) for (const watch of watches) watch.update(role);
  const intervals = followChanges(changes, { progress, watches });
  return intervals.map(({ rule, from, until, text }) => {
    const end = until === null ? '' : `, until ${quotedName(until)}`;
    return warning(
      'rule-transient',
      `${ruleText(rule)} is broken for a while, after ${quotedName(from)}${end}: ${text}`,
      {
        where: input.locate(['policy', 'rules', rule.name]),
        hint: 'it holds before and after this plan; if that moment is too long, make two plans',
      },
    );
  });
}

function followChanges(
  changes: readonly OrderedChange[],
  { progress, watches }: { progress: Progress; watches: readonly Watch[] },
): Interval[] {
  const intervals: Interval[] = [];
  const open = new Map<Watch, Interval>();
  const seen = new Set<Watch>();
  for (const change of changes) {
    const touched = progress.perform(change);
    for (const watch of watches) {
      for (const role of touched) watch.update(role);
      const text = watch.broken();
      const interval = open.get(watch);
      if (text !== null && !interval && !seen.has(watch)) {
        const begun = { rule: watch.rule, from: change.id, until: null, text };
        open.set(watch, begun);
        intervals.push(begun);
        seen.add(watch);
      } else if (text === null && interval) {
        interval.until = change.id;
        open.delete(watch);
      }
    }
  }
  return intervals;
}

function watchesOf(rule: AccessRule, progress: Progress, waiver: Waiver): Watch[] {
  if (rule.kind === 'separation') return [watchSeparation(rule, progress, waiver)];
  return [
    ...(rule.onlyRoles === null ? [] : [watchOnlyRoles(rule, waiver)]),
    // Addresses do not change, and no one gains grants that they have neither before nor after.
    ...(rule.maxPeople === null ? [] : [watchCount(rule, waiver)]),
  ];
}

/** Tracks the roles that meet a condition, and describes one of them. */
function watchRoles(
  rule: AccessRule,
  breaks: (role: RoleNow) => boolean,
  describe: (role: RoleNow) => string,
): Watch {
  const breaking = new Map<RoleKey, RoleNow>();
  return {
    rule,
    update: (role) => {
      if (breaks(role)) breaking.set(role.key, role);
      else breaking.delete(role.key);
    },
    broken: () => {
      const [first] = breaking.values();
      return first ? describe(first) : null;
    },
  };
}

function watchOnlyRoles(rule: LimitRule, waiver: Waiver): Watch {
  const allowed = new Set(rule.onlyRoles);
  const grants = 'grants' in rule.subject ? rule.subject.grants : [];
  const found = ({ held }: RoleNow): string[] => grants.filter((grant) => held.has(grant));
  return watchRoles(
    rule,
    (role) => role.isThere && !allowed.has(role.name) && !waiver.role([role.name]) && found(role).length > 0,
    (role) => `role ${roleLabel(role)} holds ${found(role).join(', ')}`,
  );
}

function watchSeparation(rule: SeparationRule, progress: Progress, waiver: Waiver): Watch {
  const excepted = new Set(rule.exceptRoles);
  const isCounted = exceptionFilter(rule);
  const counts = (person: Person): boolean => isCounted(person) && !waiver.person(person);
  return watchRoles(
    rule,
    (role) => {
      if (!role.isThere || excepted.has(role.name) || waiver.role([role.name])) return false;
      if (mixedGrants(rule, role.held) === null) return false;
      return progress.isDefault(role.key) || [...role.people.values()].some(counts);
    },
    (role) => `role ${roleLabel(role)} holds ${(mixedGrants(rule, role.held) ?? []).join(' with ')}`,
  );
}

function watchCount(rule: LimitRule, waiver: Waiver): Watch {
  const { subject, maxPeople } = rule;
  const shares = new Map<RoleKey, number>();
  let total = 0;
  const isConcerned = (role: RoleNow): boolean =>
    'role' in subject ? role.name === subject.role : subject.grants.some((grant) => role.held.has(grant));
  return {
    rule,
    update: (role) => {
      const counts = role.isThere && !waiver.role([role.name]) && isConcerned(role);
      const share = counts ? countOf(role, waiver) : 0;
      total += share - (shares.get(role.key) ?? 0);
      shares.set(role.key, share);
    },
    broken: () => {
      if (maxPeople === null || total <= maxPeople) return null;
      const isOne = total === 1;
      const whom =
        'role' in subject
          ? `${isOne ? 'is' : 'are'} in role ${roleLabel({ name: subject.role })}`
          : `${isOne ? 'holds' : 'hold'} ${subject.grants.join(', ')}`;
      return `${isOne ? '1 person' : `${total} people`} ${whom}, at most ${maxPeople} may`;
    },
  };
}

function countOf({ people }: RoleNow, waiver: Waiver): number {
  let count = people.size;
  for (const person of people.values()) if (waiver.person(person)) count -= 1;
  return count;
}
