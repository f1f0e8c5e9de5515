import type { AccessRule } from '../../model/access-rule.js';
import { quotedName } from '../../model/quoted-name.js';
import { warning } from '../../problem/problem.js';
import type { Problem, Where } from '../../problem/problem.js';
import { mixedGrants, mixingRoles } from './breach.js';
import { ruleText } from './texts.js';
import type { RuleView } from './view.js';

/** Warns of roles without members whose first member would violate a rule. The default role counts as a violation already. */
export function emptyRoleWarnings(rule: AccessRule, view: RuleView, where: Where | null): Problem[] {
  if (rule.kind !== 'separation') return [];
  return mixingRoles(rule, view).flatMap((role) => {
    const pair = mixedGrants(rule, view.holds(role));
    if (pair === null || role.key === view.defaultRole || view.people(role.key).length > 0) return [];
    const message = `${ruleText(rule)}: role ${quotedName(role.name)} has no members and holds ${pair.join(' with ')}`;
    return [warning('rule-empty-role', message, { where, hint: 'its first member will break the rule' })];
  });
}
