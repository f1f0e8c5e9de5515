import { shownName } from '../../model/quoted-name.js';
import { problem, type Problem } from '../../problem/problem.js';
import { allowlisted, type ManifestDraft, type DraftRole } from '../draft/draft.js';
import { placeText, type Place, type SourceRange } from '../yaml/yaml-values.js';
import { inOtherFile, type Rule } from './rule.js';

/** Why a name does not exist in the end state. */
type Departure = { why: 'removed'; at: Place } | { why: 'renamed'; to: DraftRole; at: Place };

/** Names that no role has in the end state: removed, or replaced by a new name. */
export function departingNames(draft: ManifestDraft): ReadonlyMap<string, Departure> {
  const gone = new Map<string, Departure>();
  for (const { value, at } of draft.removed)
    if (!draft.roles.has(value)) gone.set(value, { why: 'removed', at });
  for (const role of draft.roles.values()) {
    for (const { value, at } of role.renamedFrom)
      if (!draft.roles.has(value)) gone.set(value, { why: 'renamed', to: role, at });
  }
  return gone;
}

/** A reference to a role by its end-state name. */
interface NameUse {
  name: SourceRange<string>;
  key: string;
}

/** The references that no other rule checks. */
function mentions(draft: ManifestDraft): NameUse[] {
  return [
    ...allowlisted(draft).map((name) => ({ name, key: 'allowlist' })),
    ...[...draft.roles.values()].flatMap((role) =>
      (role.grants?.from ?? []).map((name) => ({ name, key: 'from' })),
    ),
    ...draft.policy.acceptedDrift.flatMap(({ role }) => (role ? [{ name: role, key: 'acceptedDrift' }] : [])),
    ...[...draft.policy.rules.values()].flatMap(({ role }) => (role ? [{ name: role, key: 'role' }] : [])),
  ];
}

/** References use end-state names. */
export const endStateNames: Rule = {
  rule: 'from, defaultRole, allowlist and acceptedDrift name roles that will be there in the end',
  check: (draft) => {
    const gone = departingNames(draft);
    const problems = mentions(draft).flatMap((use) => goneProblem(draft, gone, use));
    const renamed = draft.defaultRole && gone.get(draft.defaultRole.value)?.why === 'renamed';
    if (draft.defaultRole && renamed)
      problems.push(...goneProblem(draft, gone, { name: draft.defaultRole, key: 'defaultRole' }));
    return problems;
  },
};

/** Points at the reference, unless it is in a base and a file above it removes the name. */
function goneProblem(
  draft: ManifestDraft,
  gone: ReadonlyMap<string, Departure>,
  { name, key }: NameUse,
): Problem[] {
  const fate = gone.get(name.value);
  if (!fate) return [];
  const isAbove = draft.given.has(fate.at.file) && !draft.given.has(name.at.file);
  const where = isAbove ? fate.at : name.at;
  const text = `${shownName(key)}${isAbove ? ` in ${placeText(name.at)}` : ''} names role ${shownName(name.value)}`;
  const there = isAbove ? '' : inOtherFile(fate.at, name.at);
  if (fate.why === 'removed') {
    const hint = isAbove
      ? `remove it from removed, or set ${key} anew here`
      : 'use a role that stays, or remove it from removed';
    return [problem('unknown-role', `${text}, which is removed${there}`, { where, hint })];
  }
  const to = shownName(fate.to.name);
  const hint = isAbove ? `set ${key} again here with ${to}` : `write ${to}`;
  return [problem('unknown-role', `${text}, which is renamed to ${to}${there}`, { where, hint })];
}
