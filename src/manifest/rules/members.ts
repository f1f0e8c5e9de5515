import { shownName } from '../../model/quoted-name.js';
import { problem, warning, type Problem } from '../../problem/problem.js';
import { personText, type ManifestDraft, type DraftRole } from '../draft/draft.js';
import type { ManifestMember } from '../manifest.js';
import { composeMembers, spellingsOf, listedIn } from '../members/compose-members.js';
import { placeText, type Place } from '../yaml/yaml-values.js';
import { orderConflict } from './conflict.js';
import { departingNames } from './end-state.js';
import { inOtherFile, type Rule } from './rule.js';

/** Removing a person who is not listed is probably a misspelt address. */
export const removedPeopleAreListed: Rule = {
  rule: 'remove names people whom the role lists',
  check: (draft) =>
    [...draft.roles.values()].flatMap(({ name, members }) =>
      (members ? composeMembers(members).unmet : []).map(({ value, at }) => {
        const message = `"remove" of role ${shownName(name)} names ${shownName(personText(value))}, who is not listed`;
        return warning('remove-no-effect', message, { where: at, hint: 'check the address, or remove it' });
      }),
    ),
};

/** A member's label in messages: the address if given, else the id. */
export function memberText({ ref, email }: ManifestMember): string {
  return shownName(email ?? personText(ref));
}

/** A person has one role, and at most one further one with `until`. */
export const oneRolePerPerson: Rule = {
  rule: 'no person is in two roles, but for one entry with until',
  check: (draft) => {
    const listings = [...draft.roles.values()].flatMap((role) =>
      listedIn(role).map((member) => ({ role, member })),
    );
    return listingsByPerson(withRepeatedSpelling(listings)).flatMap((group) => conflictsOf(draft, group));
  },
};

interface Listing {
  role: DraftRole;
  member: ManifestMember;
}

/** The listings whose id or address another one has too. Nearly all people are listed once, and need no group. */
function withRepeatedSpelling(listings: readonly Listing[]): Listing[] {
  const seen = new Set<string | number>();
  const repeated = new Set<string | number>();
  for (const { member } of listings) {
    for (const key of spellingsOf(member)) (seen.has(key) ? repeated : seen).add(key);
  }
  return listings.filter(({ member }) => spellingsOf(member).some((key) => repeated.has(key)));
}

/** The listings of each person: those that share an id or an address. */
function listingsByPerson(listings: readonly Listing[]): Listing[][] {
  const groups = new Map<string | number, Listing[]>();
  const add = (group: Listing[], listing: Listing): void => {
    group.push(listing);
    for (const key of spellingsOf(listing.member)) groups.set(key, group);
  };
  for (const listing of listings) {
    const known = new Set(spellingsOf(listing.member).map((key) => groups.get(key)));
    const [group = [], ...others] = [...known].filter((one) => one !== undefined);
    for (const one of others.flat()) add(group, one);
    add(group, listing);
  }
  return [...new Set(groups.values())];
}

function conflictsOf(draft: ManifestDraft, listings: readonly Listing[]): Problem[] {
  const [role, ...roles] = listings.filter(({ member }) => member.until === null);
  const [timed, ...others] = listings.filter(({ member }) => member.until !== null);
  return [
    ...roles.flatMap((one) => (role && one.role !== role.role ? inTwoRoles(draft, [role, one]) : [])),
    ...others.flatMap((one) => (timed ? endsTwice(draft, [timed, one]) : [])),
    ...[role, ...roles].flatMap((one) =>
      one && timed && one.role === timed.role ? withAndWithout(draft, [one, timed]) : [],
    ),
  ];
}

type TwoListings = readonly [Listing, Listing];

function inTwoRoles(draft: ManifestDraft, both: TwoListings): Problem {
  const { wrong, who, there, other } = asConflict(draft, both);
  const message = `${who} is in role ${shownName(wrong.role.name)} here and in role ${shownName(other.role.name)}${there}`;
  return problem('duplicate-person', message, {
    where: wrong.member.where,
    hint: 'a person has one role: keep one of the two',
  });
}

function endsTwice(draft: ManifestDraft, both: TwoListings): Problem {
  const { wrong, who, there, other } = asConflict(draft, both);
  const message = `${who} is in role ${shownName(wrong.role.name)} with until here and in role ${shownName(other.role.name)} with until${there}`;
  return problem('duplicate-person', message, {
    where: wrong.member.where,
    hint: 'a person has at most one entry with until: keep one of the two',
  });
}

function withAndWithout(draft: ManifestDraft, both: TwoListings): Problem {
  const { wrong, who, there } = asConflict(draft, both);
  const [here, other] = wrong.member.until === null ? ['without', 'with'] : ['with', 'without'];
  const message = `${who} is in role ${shownName(wrong.role.name)} ${here} until here and ${other} it${there}`;
  return problem('duplicate-person', message, {
    where: wrong.member.where,
    hint: 'an entry with until is for another role than the entry without it: keep one of the two',
  });
}

/** Determines which of two listings to change, and the texts for the person and the other place. */
function asConflict(
  draft: ManifestDraft,
  [first, second]: TwoListings,
): { wrong: Listing; other: Listing; who: string; there: string } {
  // A members file counts as part of the manifest file that names it.
  const placeOf = ({ role, member }: Listing): Place => {
    const layer = role.members?.layers.find(({ listed }) => listed?.includes(member));
    return layer?.file?.at ?? member.where ?? role.at;
  };
  const [a, b] = [placeOf(first), placeOf(second)];
  const [wrong, other] = orderConflict(draft, a, b).wrong === a ? [first, second] : [second, first];
  const { where } = other.member;
  const there = where ? ` in ${placeText(where)}` : '';
  return { wrong, other, who: memberText(wrong.member), there };
}

/** New people get the default role, so an exact list there never lasts. */
export const defaultRoleIsNotExact: Rule = {
  rule: 'the default role has no exact members',
  check: (draft) => {
    const name = draft.defaultRole;
    const role = name ? draft.roles.get(name.value) : undefined;
    if (!name || role?.members?.mode !== 'exact') return [];
    const place = inOtherFile(name.at, role.members.at);
    const message = `role ${shownName(role.name)} is the default role${place}, which new people get, and its members are an exact list`;
    return [
      warning('exact-default-members', message, {
        where: role.members.at,
        hint: 'use members: {mode: additive, users: […]}',
      }),
    ];
  },
};

/** The destination must be able to take people. */
export const destinationAcceptsPeople: Rule = {
  rule: 'removedMembersTo stays and has no exact members',
  check: (draft) => {
    const name = draft.policy.removedMembersTo;
    if (!name) return [];
    const text = `"removedMembersTo" names role ${shownName(name.value)}`;
    const fate = departingNames(draft).get(name.value);
    const removal = draft.removed.find(({ value }) => value === name.value);
    const gone = fate ?? removal;
    if (gone) {
      const to = fate?.why === 'renamed' ? fate.to.name : null;
      const why = to === null ? 'is removed' : `is renamed to ${shownName(to)}`;
      const hint = to === null ? 'use a role that stays' : `write ${shownName(to)}`;
      return [
        problem('wrong-destination', `${text}, which ${why}${inOtherFile(gone.at, name.at)}`, {
          where: name.at,
          hint,
        }),
      ];
    }
    const members = draft.roles.get(name.value)?.members;
    if (members?.mode !== 'exact') return [];
    const hint = 'make its members additive, or use another role';
    return [
      problem(
        'wrong-destination',
        `${text}, whose members are an exact list${inOtherFile(members.at, name.at)}`,
        { where: name.at, hint },
      ),
    ];
  },
};
