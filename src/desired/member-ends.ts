import type { ManifestMember } from '../manifest/manifest.js';
import type { PersonId } from '../model/ids.js';
import type { RoleKey } from '../model/role.js';
import { dayOf, daysUntil } from '../model/until.js';
import type { Problem } from '../problem/problem.js';
import { soonWarnings, spentWarnings } from './end-warnings.js';
import type { ListedMembers, EndedListing, MemberContext, TimedListing } from './listed-members.js';

/** Entries that end within so many days are announced. */
const SOON_DAYS = 14;

/** The role that takes people who are taken out; null where there is none, or none that can. */
export interface Destination {
  key: RoleKey | null;
  problem: Problem | null;
}

/** A person who is still in the role in which their entry has ended. */
export interface DueEnd {
  person: PersonId;
  from: RoleKey;
  role: string;
  until: string;
  /** The entry, for messages. */
  member: ManifestMember;
  /** The role that lists them without end. */
  returnsTo: RoleKey | null;
  destination: RoleKey | null;
  /** Why it is not clear where they go: problems of the manifest. */
  problems: readonly Problem[];
}

/** An entry that ends soon, and where the person goes then. */
export interface UpcomingEnd {
  person: PersonId;
  from: RoleKey;
  to: RoleKey;
  /** The last day, UTC, on which it counts. */
  day: string;
}

/** Ends of entries: those that are due, and those that come within the next days; by person. */
export interface MemberEnds {
  due: readonly DueEnd[];
  upcoming: readonly UpcomingEnd[];
}

/** No entry ends. */
export const NO_ENDS: MemberEnds = { due: [], upcoming: [] };

interface EndsInput {
  context: MemberContext;
  destination: Destination;
  /** People who are still in the role in which their entry has ended. */
  ending: ReadonlyMap<PersonId, EndedListing>;
}

/** Gathers the ends of entries, and warns of those that come soon and of entries that have no more effect. */
export function memberEnds(listed: ListedMembers, { context, destination, ending }: EndsInput): MemberEnds {
  const { now, findings } = context;
  const soon = listed.timed.filter(({ hasEnded, until }) => !hasEnded && daysUntil(until, now) <= SOON_DAYS);
  const spent = [
    ...listed.spent,
    ...listed.timed.filter(({ hasEnded, person }) => hasEnded && !ending.has(person.id)),
  ];
  findings.warnings.push(...soonWarnings(soon), ...spentWarnings(spent));
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
