import { quotedName } from '../../model/quoted-name.js';
import { shortenedList } from '../../model/shortened-list.js';
import { acceptedInForce } from '../../model/policy.js';
import type { AcceptedViolation, Policy } from '../../model/policy.js';
import type { Accepted, AcceptedPerson } from '../../model/standing.js';
import { warning } from '../../problem/problem.js';
import type { Problem, Where } from '../../problem/problem.js';
import { breachesOf, refMatcher } from './breach.js';
import type { Breach, Waiver } from './breach.js';
import { breachItems } from './texts.js';
import type { RuleView } from './view.js';

/** An entry of accepted drift about a rule, with its index in the policy. */
interface RuleEntry {
  entry: AcceptedViolation;
  index: number;
}

/** The entries about rules that have not expired. */
export function ruleEntries(policy: Policy, now: string): RuleEntry[] {
  const inForce = new Set(acceptedInForce(policy, now));
  return policy.acceptedDrift.flatMap((entry, index) =>
    entry.what === 'rule' && inForce.has(entry) ? [{ entry, index }] : [],
  );
}

/** The exemptions from one rule. */
export function waiverOf(rule: string, entries: readonly RuleEntry[]): Waiver {
  const own = entries.filter(({ entry }) => entry.rule === rule);
  const roles = new Set(own.flatMap(({ entry }) => entry.roles ?? []));
  const isNamed = refMatcher(own.flatMap(({ entry }) => entry.people ?? []));
  return { role: (names) => names.some((name) => roles.has(name)), person: isNamed };
}

/** The violations that entries accept, and a warning for each entry that matches nothing. */
export function acceptedViolations(
  entries: readonly RuleEntry[],
  { policy, view, locate }: { policy: Policy; view: RuleView; locate: (index: number) => Where | null },
): { accepted: Accepted[]; warnings: Problem[] } {
  const accepted: Accepted[] = [];
  const warnings: Problem[] = [];
  for (const { entry, index } of entries) {
    const rule = policy.rules.find(({ name }) => name === entry.rule);
    const waiver = waiverOf(entry.rule, [{ entry, index }]);
    const found =
      rule === undefined ? [] : breachesOf(rule, view).flatMap((one) => waivedPart(one, waiver, view));
    if (found.length > 0) accepted.push(acceptedOf(entry, found, view));
    else warnings.push(unusedWarning(entry, locate(index)));
  }
  return { accepted, warnings };
}

/** The part of a violation that an entry covers. */
function waivedPart(breach: Breach, waiver: Waiver, view: RuleView): Breach[] {
  const isWaived = (role: Parameters<RuleView['names']>[0]): boolean => waiver.role(view.names(role));
  const roles = new Map([...breach.roles].filter(([, role]) => isWaived(role)));
  const people = new Map(
    [...breach.people].filter(([, { person, role }]) => waiver.person(person) || isWaived(role)),
  );
  return roles.size + people.size > 0 ? [{ ...breach, roles, people }] : [];
}

function acceptedOf(entry: AcceptedViolation, found: readonly Breach[], view: RuleView): Accepted {
  const people = new Map(
    found.flatMap((one) =>
      [...one.people.values()].map(({ person, role }): [number, AcceptedPerson] => [
        person.id,
        { id: person.id, email: person.email, from: role.name, to: null },
      ]),
    ),
  );
  const items = [...new Set(found.flatMap((one) => breachItems(one, one, view)))];
  return {
    what: 'rule',
    role: null,
    reason: entry.reason,
    until: entry.until,
    difference: `rule ${quotedName(entry.rule)} is broken by ${shortenedList(items)}`,
    acceptedFor: null,
    people: [...people].sort(([a], [b]) => a - b).map(([, one]) => one),
    grants: { extra: [], missing: [] },
  };
}

function unusedWarning({ rule }: AcceptedViolation, where: Where | null): Problem {
  return warning('accepted-drift-unused', `the accepted drift of rule ${quotedName(rule)} matches nothing`, {
    where,
    hint: 'remove it from the manifest, or correct it',
  });
}
