import { addressMatcher } from '../../model/address-pattern.js';
import type { Grant } from '../../model/grant.js';
import { shownName } from '../../model/quoted-name.js';
import { shortenedList } from '../../model/shortened-list.js';
import { didYouMean } from '../../model/suggest.js';
import { warning, type Problem } from '../../problem/problem.js';
import { personText, type DraftRole, type DraftRule, type ManifestDraft } from '../draft/draft.js';
import { composeDraftGrants } from '../draft/role-grants.js';
import type { ManifestMember } from '../manifest.js';
import { listedIn } from '../members/compose-members.js';
import type { SourceRange } from '../yaml/yaml-values.js';
import { departingNames } from './end-state.js';
import { memberText } from './members.js';
import { inOtherFile, type Rule } from './rule.js';

/** A rule of the policy, and the roles of the manifest to check it on. */
interface CheckedRule {
  draft: ManifestDraft;
  rule: DraftRule;
  /** The grants that a role certainly holds in the end state. */
  holds: (role: DraftRole) => ReadonlySet<Grant>;
}

/** Warns of rules that the manifest alone already breaks. A plan checks rules on the whole instance. */
export const accessRulesHold: Rule = {
  rule: 'the roles of the manifest keep its rules',
  check: (draft) => {
    if (draft.policy.rules.size === 0) return [];
    const composed = composeDraftGrants(draft);
    const holds = ({ name }: DraftRole): ReadonlySet<Grant> => composed.get(name)?.grants ?? new Set();
    const rules = [...draft.policy.rules.values()].filter(({ whole }) => whole);
    return rules.flatMap((rule) =>
      [outsideRoles, tooManyPeople, mismatchedAddresses, mixedRoles].flatMap((check) =>
        check({ draft, rule, holds }),
      ),
    );
  },
};

function outsideRoles({ draft, rule, holds }: CheckedRule): Problem[] {
  const { onlyRoles, grants } = rule;
  if (!onlyRoles || !grants) return [];
  const allowed = new Set(onlyRoles.map(({ value }) => value));
  return [...draft.roles.values()].flatMap((role) => {
    const held = grants.map(({ value }) => value).filter((grant) => holds(role).has(grant));
    if (held.length === 0 || allowed.has(role.name)) return [];
    return broken(
      rule,
      role,
      `role ${shownName(role.name)} holds ${shortenedList(held)}, which only ${shortenedList([...allowed].map(shownName))} may`,
    );
  });
}

/** The roles of the manifest that a rule with limits certainly concerns. */
function subjectsOf({ draft, rule, holds }: CheckedRule): DraftRole[] {
  const { role: subject, grants } = rule;
  return [...draft.roles.values()].filter((role) =>
    subject ? role.name === subject.value : (grants ?? []).some(({ value }) => holds(role).has(value)),
  );
}

/** The people listed without `until`; timed entries may have ended when a plan is made. */
function lasting(role: DraftRole): readonly ManifestMember[] {
  return listedIn(role).filter(({ until }) => until === null);
}

function tooManyPeople(checked: CheckedRule): Problem[] {
  const { rule } = checked;
  if (!rule.maxPeople) return [];
  const roles = subjectsOf(checked);
  const count = roles.reduce((sum, role) => sum + lasting(role).length, 0);
  const [first] = roles;
  if (!first || count <= rule.maxPeople.value) return [];
  const people = count === 1 ? '1 person' : `${count} people`;
  return broken(rule, first, `the manifest lists ${people}, at most ${rule.maxPeople.value} may be`);
}

function mismatchedAddresses(checked: CheckedRule): Problem[] {
  const { emails } = checked.rule;
  if (!emails) return [];
  const matchers = emails.map(({ value }) => addressMatcher(value.trim()));
  return subjectsOf(checked).flatMap((role) => {
    const mismatched = lasting(role).filter(
      ({ email }) => email !== null && !matchers.some((matches) => matches(email)),
    );
    if (mismatched.length === 0) return [];
    const patterns = shortenedList(emails.map(({ value }) => shownName(value)));
    return broken(
      checked.rule,
      role,
      `role ${shownName(role.name)} lists ${shortenedList(mismatched.map(memberText))}, and addresses must match ${patterns}`,
    );
  });
}

function mixedRoles({ draft, rule, holds }: CheckedRule): Problem[] {
  if (!rule.neverTogether) return [];
  const sets = rule.neverTogether.map((set) => set.map(({ value }) => value));
  const exceptedRoles = new Set(rule.exceptRoles.map(({ value }) => value));
  const excepted = new Set(rule.exceptPeople.flatMap(({ value }) => [personText(value), value.email ?? '']));
  const counts = ({ ref, email }: ManifestMember): boolean =>
    !excepted.has(personText(ref)) && (email === null || !excepted.has(email));
  return [...draft.roles.values()].flatMap((role) => {
    const held = sets.flatMap((set) => set.find((grant) => holds(role).has(grant)) ?? []);
    if (held.length < 2 || exceptedRoles.has(role.name)) return [];
    if (draft.defaultRole?.value !== role.name && !listedIn(role).some(counts)) return [];
    return broken(rule, role, `role ${shownName(role.name)} holds ${held.slice(0, 2).join(' with ')}`);
  });
}

function broken(rule: DraftRule, role: DraftRole, text: string): Problem[] {
  const message = `${text}: this breaks rule ${shownName(rule.name)}${inOtherFile(rule.at, role.at)}`;
  const hint = 'a plan that makes it worse is refused, unless the rule only warns';
  return [warning('rule-broken', message, { where: role.at, hint })];
}

/** Reports rules that name departing roles, and accepted drift that names unknown rules. */
export const rulesNameRemainingRoles: Rule = {
  rule: 'rules name roles that stay, and accepted drift names rules that exist',
  check: (draft) => {
    const gone = departingNames(draft);
    const names = [...draft.policy.rules.values()].flatMap(({ name, onlyRoles, exceptRoles }) =>
      [...(onlyRoles ?? []), ...exceptRoles].flatMap((role) => {
        const fate = gone.get(role.value);
        if (!fate) return [];
        const how = fate.why === 'removed' ? 'is removed' : `is renamed to ${shownName(fate.to.name)}`;
        const message = `rule ${shownName(name)} names role ${shownName(role.value)}, which ${how}`;
        const hint = fate.why === 'removed' ? 'remove it' : `write ${shownName(fate.to.name)}`;
        return [warning('rule-unknown-name', message, { where: role.at, hint })];
      }),
    );
    const rules = draft.policy.acceptedDrift.flatMap(({ what, rule }) =>
      what?.value === 'rule' && rule ? unknownRule(rule, draft) : [],
    );
    return [...names, ...rules];
  },
};

function unknownRule(rule: SourceRange<string>, draft: ManifestDraft): Problem[] {
  const { rules } = draft.policy;
  if (rules.has(rule.value)) return [];
  const hint =
    didYouMean(rule.value, rules.keys()) ?? 'a policy file may define it; otherwise remove the entry';
  const message = `accepted drift names rule ${shownName(rule.value)}, which the policy does not have`;
  return [warning('rule-unknown-name', message, { where: rule.at, hint })];
}
