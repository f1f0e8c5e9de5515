import { suggest } from '../../model/suggest.js';
import type { AccessRule } from '../../model/access-rule.js';
import type { Catalogue, Grant } from '../../model/grant.js';
import { quotedName } from '../../model/quoted-name.js';
import { refText } from '../../model/person.js';
import { warning } from '../../problem/problem.js';
import type { Problem, Where } from '../../problem/problem.js';
import { refMatcher } from './breach.js';
import { ruleText } from './texts.js';
import type { RuleView, RuleViews } from './view.js';

/** The catalogue for checking names, and the places of what a rule names. */
export interface NamesInput {
  catalogue: Catalogue;
  /** Finds the place of a path below the rule. */
  locate: (path: readonly (string | number)[]) => Where | null;
}

/** Warns of unknown names in a rule: they are probably misspelt, and the rule does not check what it should. */
export function nameWarnings(rule: AccessRule, views: RuleViews, input: NamesInput): Problem[] {
  return [
    ...unknownRoles(rule, views.end, input),
    ...unknownGrants(rule, views, input),
    ...unknownPeople(rule, views.end, input),
  ];
}

function unknownRoles(rule: AccessRule, view: RuleView, { locate }: NamesInput): Problem[] {
  const [key, names] =
    rule.kind === 'separation' ? ['exceptRoles', rule.exceptRoles] : ['onlyRoles', rule.onlyRoles ?? []];
  return names.flatMap((name) => {
    if (view.named(name)) return [];
    const close = suggest(
      name,
      view.roles.map((role) => role.name),
    );
    return unknown(
      `${ruleText(rule)} names role ${quotedName(name)} in ${key}, which does not exist in the end state`,
      {
        where: locate([key, name]),
        hint: close === null ? 'correct the name, or remove it' : `did you mean ${quotedName(close)}?`,
      },
    );
  });
}

function unknownGrants(rule: AccessRule, views: RuleViews, { catalogue, locate }: NamesInput): Problem[] {
  const named = rule.kind === 'separation' ? rule.neverTogether.flat() : grantsIn(rule.subject);
  if (named.length === 0) return [];
  const listed = new Set(catalogue.map(({ grant }) => grant));
  const isHeld = (grant: Grant): boolean =>
    [views.live, views.end].some(({ roles }) => roles.some(({ grants }) => grants.includes(grant)));
  return [...new Set(named)].flatMap((grant) => {
    if (listed.has(grant) || isHeld(grant)) return [];
    const close = suggest(grant, listed);
    return unknown(
      `${ruleText(rule)} names the grant ${quotedName(grant)}, which the instance does not have`,
      {
        where: locate(grantPath(rule, grant)),
        hint: close === null ? 'correct the name, or remove it' : `did you mean ${quotedName(close)}?`,
      },
    );
  });
}

/** The path below the rule at which it names this grant first. */
function grantPath(rule: AccessRule, grant: Grant): (string | number)[] {
  if (rule.kind !== 'separation') return ['grants', grant];
  return ['neverTogether', rule.neverTogether.findIndex((set) => set.includes(grant)), grant];
}

function grantsIn(subject: { grants: readonly Grant[] } | { role: string }): readonly Grant[] {
  return 'grants' in subject ? subject.grants : [];
}

function unknownPeople(rule: AccessRule, view: RuleView, { locate }: NamesInput): Problem[] {
  if (rule.kind !== 'separation' || rule.exceptPeople.length === 0) return [];
  const everyone = view.roles.flatMap(({ key }) => view.people(key));
  return rule.exceptPeople.flatMap((ref) => {
    const isMeant = refMatcher([ref]);
    if (everyone.some(isMeant)) return [];
    return unknown(`${ruleText(rule)} excepts ${refText(ref)}, who is not on the instance`, {
      where: locate(['exceptPeople', ...(ref.email === undefined ? [] : [ref.email])]),
      hint: 'correct the address, or remove it',
    });
  });
}

function unknown(message: string, rest: { where: Where | null; hint: string }): Problem[] {
  return [warning('rule-unknown-name', message, rest)];
}

/** Removes a manifest's warnings about its rules, which a plan checks again on the whole instance. */
export function withoutRuleWarnings(warnings: readonly Problem[]): Problem[] {
  return warnings.filter(({ code }) => code !== 'rule-broken' && code !== 'rule-unknown-name');
}
