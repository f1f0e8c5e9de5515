import { problem, warning, type Problem } from '../../problem/problem.js';
import type { Where } from '../../problem/problem.js';
import { personText, type ManifestDraft, type DraftRole } from '../draft.js';
import type { ManifestMember } from '../manifest.js';
import type { Place } from '../yaml-values.js';
import { wrongAndOther } from './conflict.js';
import { departingNames } from './end-state.js';
import { inOtherFile, named, type Rule } from './rule.js';

/** Everyone whom a role lists, in the manifest and in its members file. */
export function listedIn(role: DraftRole): ManifestMember[] {
  const users = (role.members?.users ?? []).map(({ value, at }) => ({ ref: value, where: at }));
  return [...users, ...(role.members?.listed ?? [])];
}

/** A person has exactly one role. */
export const oneRoleEach: Rule = {
  rule: 'no person is in two roles',
  check: (draft) => {
    const seen = new Map<string, Listing>();
    return [...draft.roles.values()].flatMap((role) =>
      listedIn(role).flatMap(({ ref, where }) => {
        const who = personText(ref);
        const here = { role, where };
        const first = seen.get(who);
        if (!first) seen.set(who, here);
        return !first || first.role === role ? [] : [inTwoRoles(draft, who, [first, here])];
      }),
    );
  },
};

interface Listing {
  role: DraftRole;
  where: Where | null;
}

function inTwoRoles(
  draft: ManifestDraft,
  who: string,
  [first, second]: readonly [Listing, Listing],
): Problem {
  // A members file belongs to the role that names it.
  const placeOf = ({ role, where }: Listing): Place => {
    const isOwn = where !== null && draft.given.has(where.file ?? '') === draft.given.has(role.at.file);
    return isOwn ? { ...role.at, ...where } : role.at;
  };
  const [a, b] = [placeOf(first), placeOf(second)];
  const [wrong, other] = wrongAndOther(draft, a, b).wrong === a ? [first, second] : [second, first];
  const there = other.where ? ` in ${other.where.file}:${other.where.line}:${other.where.column}` : '';
  const message = `${named(who)} is in role ${named(wrong.role.name)} here and in role ${named(other.role.name)}${there}`;
  return problem('duplicate-person', message, {
    where: wrong.where,
    hint: 'a person has one role: keep one of the two',
  });
}

/** Newcomers land in the default role, so that an exact list there is never kept for long. */
export const defaultStaysOpen: Rule = {
  rule: 'the default role has no exact members',
  check: (draft) => {
    const name = draft.defaultRole;
    const role = name ? draft.roles.get(name.value) : undefined;
    if (!name || role?.members?.mode !== 'exact') return [];
    const place = inOtherFile(name.at, role.members.at);
    const message = `role ${named(role.name)} is the default role${place}, which new people get, and its members are an exact list`;
    return [
      warning('exact-default-members', message, {
        where: role.members.at,
        hint: 'use members: {mode: additive, users: […]}',
      }),
    ];
  },
};

/** The destination must be able to take people. */
export const destinationTakes: Rule = {
  rule: 'removedMembersTo stays and has no exact members',
  check: (draft) => {
    const name = draft.policy.removedMembersTo;
    if (!name) return [];
    const text = `"removedMembersTo" names role ${named(name.value)}`;
    const fate = departingNames(draft).get(name.value);
    const removal = draft.removed.find(({ value }) => value === name.value);
    const gone = fate ?? removal;
    if (gone) {
      const to = fate?.why === 'renamed' ? fate.to.name : null;
      const why = to === null ? 'is removed' : `is renamed to ${named(to)}`;
      const hint = to === null ? 'name a role that stays' : `write ${named(to)}`;
      return [
        problem('wrong-destination', `${text}, which ${why}${inOtherFile(gone.at, name.at)}`, {
          where: name.at,
          hint,
        }),
      ];
    }
    const members = draft.roles.get(name.value)?.members;
    if (members?.mode !== 'exact') return [];
    const hint = 'make its members additive, or name another role';
    return [
      problem(
        'wrong-destination',
        `${text}, whose members are an exact list${inOtherFile(members.at, name.at)}`,
        { where: name.at, hint },
      ),
    ];
  },
};
