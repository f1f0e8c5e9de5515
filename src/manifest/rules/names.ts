import { groupBy } from '../../model/group.js';
import { codePoints, firstInvisible } from '../../model/invisible.js';
import { nearDifference, nearName } from '../../model/near-name.js';
import { shownName } from '../../model/quoted-name.js';
import { isSystemRoleName, nearSystemRole } from '../../model/role.js';
import { problem, type Problem } from '../../problem/problem.js';
import { allowlisted, type ManifestDraft, type DraftRole } from '../draft/draft.js';
import { placeText } from '../yaml/yaml-values.js';
import { orderConflict } from './conflict.js';
import type { Rule } from './rule.js';

/** No role is both removed and wanted, or removed and unmanaged. */
export const removedRolesAreNotWanted: Rule = {
  rule: 'no role that is removed is wanted or left alone',
  check: (draft) =>
    draft.removed.flatMap(({ value, at }) => {
      const role = draft.roles.get(value);
      const place = role?.at ?? draft.leftAlone.get(value);
      if (!place) return [];
      const state = role ? 'wanted' : 'unmanaged';
      const message = `role ${shownName(value)} is removed here and ${state} in ${placeText(place)}`;
      return [problem('removed-and-wanted', message, { where: at, hint: 'keep one of the two' })];
    }),
};

/** Names that look alike need ids, and no role may resemble a system role. */
export const nearNames: Rule = {
  rule: 'names that look alike have an id each, and none is near that of a system role',
  check: (draft) => {
    const clues = { mentioned: mentionedNames(draft), given: draft.given };
    return [...groupBy(draft.roles.values(), ({ name }) => nearName(name)).values()].flatMap((group) =>
      // Blank names are reported separately.
      nearName(group[0]?.name ?? '') === '' ? [] : nearProblems(group, clues),
    );
  },
};

/** Evidence of which of two near names is misspelt. */
interface Clues {
  mentioned: ReadonlySet<string>;
  given: ManifestDraft['given'];
}

function nearProblems(group: readonly DraftRole[], clues: Clues): Problem[] {
  const custom = group.filter(({ name }) => !isSystemRoleName(name));
  const system = nearSystemRole(group[0]?.name ?? '');
  if (system !== null) return custom.map((role) => nearSystem(role, system));
  if (custom.length < 2 || custom.every((role) => role.id)) return [];
  const [meant, ...others] = [...custom].sort(
    (a, b) => misspellingScore(a, clues) - misspellingScore(b, clues),
  );
  if (!meant) return [];
  return others
    .filter((role) => !role.id || others.length === 1)
    .map((role) => {
      const difference = nearDifference(role.name, meant.name);
      const message = `role ${shownName(role.name)} differs from ${shownName(meant.name)} in ${placeText(meant.at)} only in ${difference}`;
      return problem('near-names', message, {
        where: role.at,
        hint: 'give each of them its id, or keep one',
      });
    });
}

function nearSystem(role: DraftRole, system: string): Problem {
  const difference = nearDifference(role.name, system);
  const message = `role ${shownName(role.name)} differs from the system role ${shownName(system)} only in ${difference}`;
  const onlyMembers = ['description', 'basedOn', 'renamedFrom', 'grants'].every((key) => !role.keys.has(key));
  const hint = onlyMembers ? `write ${shownName(system)}, or choose another name` : 'choose another name';
  return problem('near-names', message, { where: role.at, hint });
}

/** Names in references: the spelling that references use is probably the right one. */
function mentionedNames(draft: ManifestDraft): ReadonlySet<string> {
  const ranges = [
    ...allowlisted(draft),
    draft.defaultRole,
    draft.policy.removedMembersTo,
    ...draft.policy.acceptedDrift.map(({ role }) => role),
    ...[...draft.roles.values()].flatMap(({ basedOn, grants }) => [basedOn, ...(grants?.from ?? [])]),
  ];
  return new Set(ranges.flatMap((range) => range?.value ?? []));
}

/** Rates a near name: the higher one is probably misspelt. Names that are pinned, in a base or used elsewhere are probably right. */
function misspellingScore({ name, id, at }: DraftRole, { mentioned, given }: Clues): number {
  const signs = [
    !id,
    firstInvisible(name) !== null,
    name !== name.normalize('NFC'),
    name !== name.normalize('NFKC'),
    /^\s|\s$|\s\s|(?! )\s/u.test(name),
    given.has(at.file),
    !mentioned.has(name),
    name === name.toLowerCase(),
  ];
  return signs.reduce((sum, isSign) => sum * 2 + Number(isSign), 0);
}

/** A name with a character that is not displayed cannot be typed again. */
export const namesAreVisible: Rule = {
  rule: 'a name of a role holds no invisible characters',
  check: (draft) =>
    [...draft.roles.values()].flatMap(({ name, at }) => {
      const found = firstInvisible(name);
      if (found === null) return [];
      const message = `the name ${shownName(name)} of a role contains the invisible character ${codePoints(found)}`;
      return [problem('bad-value', message, { where: at, hint: 'remove the character' })];
    }),
};

/** A live role is pinned once. */
export const pinnedIdsAreUnique: Rule = {
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
      const { wrong } = orderConflict(draft, first.id?.at ?? first.at, role.id.at);
      const [one, other] = wrong === role.id.at ? [role, first] : [first, role];
      const message = `role ${shownName(one.name)} pins id ${role.id.value}, as does role ${shownName(other.name)} in ${placeText(other.at)}`;
      return [problem('duplicate-role', message, { where: wrong, hint: 'let one role have the id' })];
    });
  },
};
