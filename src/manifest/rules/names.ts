import { nearName } from '../../model/names.js';
import { problem, type Problem } from '../../problem/problem.js';
import type { DraftRole } from '../draft.js';
import { grouped, named, placeText, type Rule } from './rule.js';

/** A role is not wanted and removed at once. */
export const removedOrWanted: Rule = {
  rule: 'no role is both wanted and removed',
  check: (draft) =>
    draft.removed.flatMap(({ value, at }) => {
      const role = draft.roles.get(value);
      if (!role) return [];
      const message = `role ${named(value)} is removed here and wanted in ${placeText(role.at)}`;
      return [problem('removed-and-wanted', message, { where: at, hint: 'keep one of the two' })];
    }),
};

/** Near names cannot be told apart without ids. */
export const nearNames: Rule = {
  rule: 'names that differ only in case or blanks have an id each',
  check: (draft) => grouped(draft.roles.values(), ({ name }) => nearName(name)).flatMap(nearProblems),
};

function nearProblems(group: readonly DraftRole[]): Problem[] {
  const [first, ...others] = group;
  // A name that is all blanks is a problem of its own.
  if (!first || nearName(first.name) === '' || group.every((role) => role.id)) return [];
  return others.map((role) => {
    const message = `role ${named(role.name)} differs from ${named(first.name)} in ${placeText(first.at)} only in case or blanks`;
    return problem('near-names', message, { where: role.at, hint: 'give each of them its id, or keep one' });
  });
}

/** A live role is pinned once. */
export const pinnedOnce: Rule = {
  rule: 'no two roles pin one id',
  check: (draft) => {
    const seen = new Map<number, DraftRole>();
    return [...draft.roles.values()].flatMap((role) => {
      if (!role.id) return [];
      const first = seen.get(role.id.value);
      if (!first) {
        seen.set(role.id.value, role);
        return [];
      }
      const message = `role ${named(role.name)} pins id ${role.id.value}, as does role ${named(first.name)} in ${placeText(first.at)}`;
      return [problem('duplicate-role', message, { where: role.id.at })];
    });
  },
};
