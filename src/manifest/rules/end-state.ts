import { problem, type Problem } from '../../problem/problem.js';
import type { Draft, DraftRole } from '../draft.js';
import type { Spot } from '../said.js';
import { named, type Rule } from './rule.js';

/** Why a name will not be there in the end. */
export type Gone = { why: 'removed' } | { why: 'renamed'; to: DraftRole };

/** Names that no role will have once the manifest is applied: removed, or given up for a new name. */
export function goneNames(draft: Draft): ReadonlyMap<string, Gone> {
  const gone = new Map<string, Gone>();
  for (const { value } of draft.removed) if (!draft.roles.has(value)) gone.set(value, { why: 'removed' });
  for (const role of draft.roles.values()) {
    for (const { value } of role.renamedFrom)
      if (!draft.roles.has(value)) gone.set(value, { why: 'renamed', to: role });
  }
  return gone;
}

/** Where the manifest speaks of roles by their end-state names, but for those with rules of their own. */
function mentions(draft: Draft): { name: Spot<string>; key: string }[] {
  const allowlist = draft.allowlist && draft.allowlist.names !== 'off' ? draft.allowlist.names : [];
  return [
    ...allowlist.map((name) => ({ name, key: 'allowlist' })),
    ...[...draft.roles.values()].flatMap((role) =>
      (role.grants?.from ?? []).map((name) => ({ name, key: 'from' })),
    ),
    ...draft.policy.acceptedDrift.flatMap(({ role }) => (role ? [{ name: role, key: 'acceptedDrift' }] : [])),
  ];
}

/** Names are those of the end state. */
export const endStateNames: Rule = {
  rule: 'from, defaultRole, allowlist and acceptedDrift name roles that will be there in the end',
  check: (draft) => {
    const gone = goneNames(draft);
    const problems = mentions(draft).flatMap(({ name, key }) => goneProblem(gone, name, key));
    const renamed = draft.defaultRole && gone.get(draft.defaultRole.value)?.why === 'renamed';
    if (draft.defaultRole && renamed) problems.push(...goneProblem(gone, draft.defaultRole, 'defaultRole'));
    return problems;
  },
};

function goneProblem(gone: ReadonlyMap<string, Gone>, name: Spot<string>, key: string): Problem[] {
  const fate = gone.get(name.value);
  if (!fate) return [];
  const told = `${named(key)} names role ${named(name.value)}`;
  if (fate.why === 'removed') {
    const hint = 'name a role that stays, or take it out of removed';
    return [problem('unknown-role', `${told}, which is removed`, { where: name.at, hint })];
  }
  const to = named(fate.to.name);
  return [
    problem('unknown-role', `${told}, which is renamed to ${to}`, { where: name.at, hint: `write ${to}` }),
  ];
}
