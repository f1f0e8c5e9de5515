import type { ManifestMember } from '../../manifest/manifest.js';
import type { PersonId } from '../../model/ids.js';
import type { RoleKey } from '../../model/role.js';
import { dayOf, daysUntil } from '../../model/until.js';
import type { Problem } from '../../problem/problem.js';
import { endsSoonWarnings, endedEntryWarnings } from './end-warnings.js';
import type { ListedMembers, EndedListing, MemberContext, TimedListing } from './listed-members.js';

/** Entries that end within this many days are announced. */
const SOON_DAYS = 14;

/** The role of `removedMembersTo`; null if it is not set or cannot take people. */
export interface Destination {
  key: RoleKey | null;
  problem: Problem | null;
}

/** A person who is still in the role of an ended entry. */
export interface DueEnd {
  person: PersonId;
  from: RoleKey;
  role: string;
  until: string;
  /** The entry, for messages. */
  member: ManifestMember;
  /** The role that lists them without `until`. */
  returnsTo: RoleKey | null;
  destination: RoleKey | null;
  /** The problems of the manifest that leave their destination unclear. */
  problems: readonly Problem[];
}

/** An entry that ends soon, and the role that the person goes to. */
export interface UpcomingEnd {
  person: PersonId;
  from: RoleKey;
  to: RoleKey;
  /** The last day on which it is in effect, UTC. */
  day: string;
}

/** Ended and soon-ending entries, sorted by person. */
export interface MemberEnds {
  due: readonly DueEnd[];
  upcoming: readonly UpcomingEnd[];
}

/** The value without any ends. */
export const NO_ENDS: MemberEnds = { due: [], upcoming: [] };

interface EndsInput {
  context: MemberContext;
  destination: Destination;
  /** People who are still in the role of an ended entry. */
  ending: ReadonlyMap<PersonId, EndedListing>;
}

/** Collects ended and soon-ending entries; warns of those that end soon and of entries without further effect. */
export function memberEnds(listed: ListedMembers, { context, destination, ending }: EndsInput): MemberEnds {
  const { now, findings } = context;
  const soon = listed.timed.filter(({ hasEnded, until }) => !hasEnded && daysUntil(until, now) <= SOON_DAYS);
  const spent = [
    ...listed.spent,
    ...listed.timed.filter(({ hasEnded, person }) => hasEnded && !ending.has(person.id)),
  ];
  findings.warnings.push(...endsSoonWarnings(soon), ...endedEntryWarnings(spent));
  return {
    due: [...ending.values()].map((one) => dueEnd(one, destination)).sort((a, b) => a.person - b.person),
    upcoming: soon.flatMap((one) => upcomingEnd(one, destination.key)).sort((a, b) => a.person - b.person),
  };
}

function dueEnd(ended: EndedListing, destination: Destination): DueEnd {
  const { person, key, role, until, member, returnsTo, problems } = ended;
  const unclear = returnsTo === null && destination.problem ? [destination.problem] : [];
  return {
    person: person.id,
    from: key,
    role,
    until,
    member,
    returnsTo,
    destination: destination.key,
    problems: [...problems, ...unclear],
  };
}

function upcomingEnd(
  { person, key, until, returnsTo }: TimedListing,
  destination: RoleKey | null,
): UpcomingEnd[] {
  const to = returnsTo ?? destination;
  return key === null || to === null ? [] : [{ person: person.id, from: key, to, day: dayOf(until) }];
}
