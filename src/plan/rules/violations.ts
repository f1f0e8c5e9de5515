import { isSystemRole } from '../../model/role.js';
import type { Accepted } from '../../model/standing.js';
import { visibleText } from '../../model/quoted-name.js';
import { shortenedList } from '../../model/shortened-list.js';
import { byCodeUnit } from '../../model/sort.js';
import { warning } from '../../problem/problem.js';
import type { Problem } from '../../problem/problem.js';
import { breachesOf } from './breach.js';
import type { Breach, Constraint } from './breach.js';
import { emptyRoleWarnings } from './empty-roles.js';
import { violatorCount, limitOf, namesInputOf, systemRolesHint } from './judge.js';
import type { RuleInput } from './judge.js';
import { nameWarnings } from './names.js';
import { breachItems, breachText, ruleText } from './texts.js';
import { ruleViews } from './view.js';
import type { RuleView } from './view.js';
import { acceptedViolations, ruleEntries, waiverOf } from './waivers.js';

/** A violation on the instance, without accepted drift. */
export interface Violation {
  /** The name of the rule. */
  rule: string;
  level: 'refuse' | 'warn';
  constraint: Constraint;
  /** A sentence without a full stop. */
  message: string;
  /** The number of violators, and the number allowed. */
  figure: number;
  limit: number;
  /** Roles that violate it by their grants, with live names. Sorted. */
  roles: readonly { id: number; name: string; system: boolean }[];
  /** People who violate it, with their role; for `maxPeople`, everyone who counts. Sorted by id. */
  people: readonly { id: number; email: string | null; role: string }[];
  /** The same as text, one line each; sorted. */
  items: readonly string[];
  hint: string | null;
  /** The place of the rule. */
  file: string | null;
  line: number | null;
  column: number | null;
}

/** The violations on the instance, accepted ones, and warnings about the rules. */
export interface FoundViolations {
  violations: Violation[];
  accepted: Accepted[];
  warnings: Problem[];
}

/** Checks every rule on live state. */
export function findViolations(input: RuleInput): FoundViolations {
  const { policy, now, locate } = input;
  const views = ruleViews(input.live, input.end, input.dependencies);
  const entries = ruleEntries(policy, now);
  const violations = policy.rules.flatMap((rule) =>
    breachesOf(rule, views.live, waiverOf(rule.name, entries)).map((one) =>
      violationOf(one, { view: views.live, locate }),
    ),
  );
  const accepted = acceptedViolations(entries, {
    policy,
    view: views.live,
    locate: (index) => locate(['policy', 'acceptedDrift', index]),
  });
  const warnings = policy.rules.flatMap((rule) => {
    const where = locate(['policy', 'rules', rule.name]);
    return [
      ...emptyRoleWarnings(rule, views.live, where),
      ...nameWarnings(rule, views, namesInputOf(rule, input)),
    ];
  });
  const warnOnly = violations.flatMap((one) => (one.level === 'warn' ? [warningOfViolation(one)] : []));
  return {
    violations,
    accepted: accepted.accepted,
    warnings: [...warnOnly, ...warnings, ...accepted.warnings],
  };
}

/** A violation of a rule that only warns, as a warning. */
function warningOfViolation({ message, items, hint, file, line, column }: Violation): Problem {
  const where = file === null ? null : { file, line: line ?? 1, column: column ?? 1 };
  return warning('rule-broken', `${message}: ${shortenedList(items)}`, { where, hint });
}

function violationOf(
  breach: Breach,
  { view, locate }: { view: RuleView; locate: RuleInput['locate'] },
): Violation {
  const { rule, constraint, roles, people } = breach;
  const where = locate(['policy', 'rules', rule.name]);
  const hint = systemRolesHint(breach);
  return {
    rule: rule.name,
    level: rule.level,
    constraint,
    message: visibleText(`${ruleText(rule)}: ${breachText(breach, 'now')}`),
    figure: violatorCount(breach),
    limit: limitOf(breach),
    roles: [...roles.values()]
      .flatMap(({ id, name }) => (id === null ? [] : [{ id, name, system: isSystemRole(id) }]))
      .sort((a, b) => byCodeUnit(a.name, b.name)),
    people: [...people.values()]
      .map(({ person, role }) => ({ id: person.id, email: person.email, role: role.name }))
      .sort((a, b) => a.id - b.id),
    items: breachItems(breach, breach, view).map(visibleText).sort(byCodeUnit),
    hint: hint === null ? null : visibleText(hint),
    file: where?.file ?? null,
    line: where?.line ?? null,
    column: where?.column ?? null,
  };
}
