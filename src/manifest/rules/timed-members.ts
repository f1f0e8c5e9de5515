import { shownName } from '../../model/quoted-name.js';
import { problem } from '../../problem/problem.js';
import type { ManifestDraft } from '../draft/draft.js';
import type { ManifestMember } from '../manifest.js';
import { listedIn } from '../members/compose-members.js';
import { memberText } from './members.js';
import { inOtherFile, type Rule } from './rule.js';

/** A person with a timed entry needs a role to return to. */
export const timedEntriesHaveReturnRole: Rule = {
  rule: 'a person with until has an entry without it, or removedMembersTo takes them',
  check: (draft) => {
    // The missing entry may be in a file that could not be read.
    if (draft.policy.removedMembersTo || !draft.whole || hasUnreadFile(draft)) return [];
    const all = [...draft.roles.values()].flatMap(listedIn);
    const timed = all.filter(({ until }) => until !== null);
    if (timed.length === 0) return [];
    const permanent = indexOf(all.filter(({ until }) => until === null));
    return timed
      .filter((member) => !mayHave(permanent, member))
      .map((member) =>
        problem('no-return', `${memberText(member)} has no role to go to after ${member.until ?? ''}`, {
          where: member.where,
          hint: 'list them without until in the role that they return to, or set policy.removedMembersTo',
        }),
      );
  },
};

/** The role of `removedMembersTo` has no timed entries: their ends would remove people again. */
export const destinationHasNoTimedEntries: Rule = {
  rule: 'no entry with until is in the role of removedMembersTo',
  check: ({ policy, roles }) => {
    const name = policy.removedMembersTo;
    const role = name && roles.get(name.value);
    if (!role) return [];
    return listedIn(role)
      .filter(({ until }) => until !== null)
      .map((member) => {
        const place = inOtherFile(name.at, role.at);
        const message = `${memberText(member)} is in role ${shownName(role.name)} with until, and removedMembersTo${place} names this role`;
        return problem('wrong-destination', message, {
          where: member.where,
          hint: 'leave out until, or set removedMembersTo to another role',
        });
      });
  },
};

/** The addresses and ids of people with an entry without `until`. */
interface Permanent {
  ids: ReadonlySet<number>;
  emails: ReadonlySet<string>;
  /** Is there an entry with an id? With only an address? */
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

/** An address and an id may belong to the same person, even if the entry with the id has another address: only the instance knows. */
function mayHave({ ids, emails, byId, byEmail }: Permanent, { ref, email }: ManifestMember): boolean {
  if (email !== null && emails.has(email)) return true;
  return 'id' in ref ? byEmail || ids.has(ref.id) : byId;
}

function hasUnreadFile({ roles }: ManifestDraft): boolean {
  return [...roles.values()].some(({ members }) =>
    members?.layers.some(({ file, listed }) => file && listed === null),
  );
}
