import { problem } from '../../problem/problem.js';
import type { ManifestDraft } from '../draft.js';
import type { ManifestMember } from '../manifest.js';
import { inOtherFile, named, type Rule } from './rule.js';
import { listedIn, memberText } from './members.js';

/** A person who is in a role for a time must have a role for the time after it. */
export const endsLeadSomewhere: Rule = {
  rule: 'a person with until has an entry without it, or removedMembersTo takes them',
  check: (draft) => {
    // An entry that could not be read may be the one that is missed.
    if (draft.policy.removedMembersTo || !draft.whole || hasUnreadFile(draft)) return [];
    const all = [...draft.roles.values()].flatMap(listedIn);
    const permanent = indexOf(all.filter(({ until }) => until === null));
    return all
      .filter((member) => member.until !== null && !mayHave(permanent, member))
      .map((member) =>
        problem('no-return', `${memberText(member)} has no role to go to after ${member.until ?? ''}`, {
          where: member.where,
          hint: 'list them without until in the role that they return to, or set policy.removedMembersTo',
        }),
      );
  },
};

/** People who are taken out of a role go to one where no one's time ends: they would be taken out of it again. */
export const destinationIsForGood: Rule = {
  rule: 'no entry with until is in the role of removedMembersTo',
  check: ({ policy, roles }) => {
    const name = policy.removedMembersTo;
    const role = name && roles.get(name.value);
    if (!role) return [];
    return listedIn(role)
      .filter(({ until }) => until !== null)
      .map((member) => {
        const place = inOtherFile(name.at, role.at);
        const message = `${memberText(member)} is in role ${named(role.name)} with until, and removedMembersTo${place} names this role`;
        return problem('wrong-destination', message, {
          where: member.where,
          hint: 'leave out until, or name another role in removedMembersTo',
        });
      });
  },
};

/** The spellings of people who have an entry without end. */
interface Permanent {
  ids: ReadonlySet<number>;
  emails: ReadonlySet<string>;
  /** Is there an entry with an id, with only an address? */
  byId: boolean;
  byEmail: boolean;
}

function indexOf(members: readonly ManifestMember[]): Permanent {
  return {
    ids: new Set(members.flatMap(({ ref }) => ('id' in ref ? [ref.id] : []))),
    emails: new Set(members.flatMap(({ email }) => email ?? [])),
    byId: members.some(({ ref }) => 'id' in ref),
    byEmail: members.some(({ ref }) => !('id' in ref)),
  };
}

/** An address and an id may be of one person, also where another address is beside the id: only the instance knows. */
function mayHave({ ids, emails, byId, byEmail }: Permanent, { ref, email }: ManifestMember): boolean {
  if (email !== null && emails.has(email)) return true;
  return 'id' in ref ? byEmail || ids.has(ref.id) : byId;
}

function hasUnreadFile({ roles }: ManifestDraft): boolean {
  return [...roles.values()].some(({ members }) =>
    members?.layers.some(({ file, listed }) => file && listed === null),
  );
}
