import { problem, type Problem } from '../../problem/problem.js';
import type { ManifestDraft, DraftRole } from '../draft.js';
import type { Place, SourceRange } from '../yaml-values.js';
import { inOtherFile, named, placeText, type Rule } from './rule.js';

/** Why a name will not be there in the end. */
export type Departure = { why: 'removed'; at: Place } | { why: 'renamed'; to: DraftRole; at: Place };

/** Names that no role will have once the manifest is applied: removed, or given up for a new name. */
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

/** Where the manifest refers to roles by their end-state names, except where another rule checks them. */
function mentions(draft: ManifestDraft): { name: SourceRange<string>; key: string }[] {
  const allowlist = draft.allowlist && draft.allowlist.names !== 'off' ? draft.allowlist.names : [];
  return [
    ...allowlist.map((name) => ({ name, key: 'allowlist' })),
    ...[...draft.roles.values()].flatMap((role) =>
      (role.grants?.from ?? []).map((name) => ({ name, key: 'from' })),
    ),
    ...draft.policy.acceptedDrift.flatMap(({ role }) => (role ? [{ name: role, key: 'acceptedDrift' }] : [])),
    ...[...draft.policy.rules.values()].flatMap(({ role }) => (role ? [{ name: role, key: 'role' }] : [])),
  ];
}

/** Names are those of the end state. */
export const endStateNames: Rule = {
  rule: 'from, defaultRole, allowlist and acceptedDrift name roles that will be there in the end',
  check: (draft) => {
    const gone = departingNames(draft);
    const problems = mentions(draft).flatMap(({ name, key }) => goneProblem(draft, gone, { name, key }));
    const renamed = draft.defaultRole && gone.get(draft.defaultRole.value)?.why === 'renamed';
    if (draft.defaultRole && renamed)
      problems.push(...goneProblem(draft, gone, { name: draft.defaultRole, key: 'defaultRole' }));
    return problems;
  },
};

interface NameUse {
  name: SourceRange<string>;
  key: string;
}

/** Points at the use of the name, unless that is in a base and what takes the name away in a file over it. */
function goneProblem(
  draft: ManifestDraft,
  gone: ReadonlyMap<string, Departure>,
  { name, key }: NameUse,
): Problem[] {
  const fate = gone.get(name.value);
  if (!fate) return [];
  const isAbove = draft.given.has(fate.at.file) && !draft.given.has(name.at.file);
  const where = isAbove ? fate.at : name.at;
  const text = `${named(key)}${isAbove ? ` in ${placeText(name.at)}` : ''} names role ${named(name.value)}`;
  const there = isAbove ? '' : inOtherFile(fate.at, name.at);
  if (fate.why === 'removed') {
    const hint = isAbove
      ? `remove it from removed, or set ${key} anew here`
      : 'name a role that stays, or remove it from removed';
    return [problem('unknown-role', `${text}, which is removed${there}`, { where, hint })];
  }
  const to = named(fate.to.name);
  const hint = isAbove ? `set ${key} again here with ${to}` : `write ${to}`;
  return [problem('unknown-role', `${text}, which is renamed to ${to}${there}`, { where, hint })];
}
