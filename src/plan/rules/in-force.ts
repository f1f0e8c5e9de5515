import type { AccessRule } from '../../model/access-rule.js';
import { quotedName } from '../../model/quoted-name.js';
import { shortenedList } from '../../model/shortened-list.js';
import { refText } from '../../model/person.js';
import type { RuleInForce } from '../plan.js';

/** The rules of a policy with a sentence for each, for readers of documents. */
export function rulesInForce(rules: readonly AccessRule[]): RuleInForce[] {
  return rules.map((rule) => ({ name: rule.name, level: rule.level, text: ruleSentence(rule) }));
}

/** A rule as a sentence without a full stop. */
function ruleSentence(rule: AccessRule): string {
  if (rule.kind === 'separation') {
    const sets = rule.neverTogether.map((set) =>
      set.length === 1 ? (set[0] ?? '') : `(${shortenedList(set)})`,
    );
    const except = [...rule.exceptRoles.map(quotedName), ...rule.exceptPeople.map(refText)];
    const what = sets.length === 2 ? `both ${sets.join(' and ')}` : `two of ${sets.join(', ')}`;
    return `no one holds ${what}${except.length > 0 ? `, except ${shortenedList(except)}` : ''}`;
  }
  const { subject, onlyRoles, maxPeople, emails } = rule;
  const counts = [
    ...(onlyRoles === null ? [] : [onlyRoles.length]),
    ...(maxPeople === null ? [] : [maxPeople]),
  ];
  const isOne = emails === null && counts.length === 1 && counts[0] === 1;
  const [are, hold] = isOne ? ['is', 'holds'] : ['are', 'hold'];
  const who =
    'role' in subject
      ? `${are} in role ${quotedName(subject.role)}`
      : `${hold} ${shortenedList(subject.grants)}`;
  const parts = [
    ...(onlyRoles === null
      ? []
      : [`only ${onlyRoles.length === 1 ? 'role' : 'roles'} ${shortenedList(onlyRoles.map(quotedName))}`]),
    ...(maxPeople === null ? [] : [`at most ${maxPeople} ${maxPeople === 1 ? 'person' : 'people'}`]),
    ...(emails === null
      ? []
      : [`only people whose address matches ${shortenedList(emails.map(quotedName))}`]),
  ];
  return `${parts.join(', and ')} ${who}`;
}
