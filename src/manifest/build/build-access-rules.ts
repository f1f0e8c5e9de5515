import type { AccessRule } from '../../model/access-rule.js';
import { sameAddress } from '../../model/address.js';
import { byCodeUnit, sortedUnique } from '../../model/sort.js';
import type { DraftRule } from '../draft/draft.js';
import { sortedPeople, sortedTexts } from './sorted-lists.js';

/** Builds the rules of a valid draft, sorted by name. */
export function buildRules(rules: ReadonlyMap<string, DraftRule>): AccessRule[] {
  return [...rules.values()].map(buildRule).sort((a, b) => byCodeUnit(a.name, b.name));
}

function buildRule(rule: DraftRule): AccessRule {
  const { name } = rule;
  const level = rule.level?.value === 'warn' ? 'warn' : 'refuse';
  if (rule.neverTogether)
    return {
      kind: 'separation',
      name,
      level,
      neverTogether: rule.neverTogether.map(sortedTexts),
      exceptRoles: sortedTexts(rule.exceptRoles),
      exceptPeople: sortedPeople(rule.exceptPeople),
    };
  return {
    kind: 'limit',
    name,
    level,
    subject: rule.role ? { role: rule.role.value } : { grants: sortedTexts(rule.grants ?? []) },
    onlyRoles: rule.onlyRoles && sortedTexts(rule.onlyRoles),
    maxPeople: rule.maxPeople?.value ?? null,
    emails: rule.emails && sortedUnique(rule.emails.map(({ value }) => sameAddress(value))),
  };
}
