import type { PersonId } from '../../model/ids.js';
import { accountText, isOrdinary, peopleByRole, refText } from '../../model/person.js';
import type { Person } from '../../model/person.js';
import { placementOf } from '../../model/placement.js';
import type { Placement } from '../../model/placement.js';
import { quotedName } from '../../model/quoted-name.js';
import { refusal } from '../../model/refusal.js';
import { liveKeys } from '../../model/role.js';
import type { LiveRoleKey, RoleKey } from '../../model/role.js';
import { sortedUnique } from '../../model/sort.js';
import type { MoveReason } from '../../model/standing.js';
import { problem } from '../../problem/problem.js';
import { unknownRole } from '../findings.js';
import { acceptedPeople } from '../people/accepted-people.js';
import type { AcceptedPeople } from '../people/accepted-people.js';
import { personFinder, namedAddresses } from '../people/find-people.js';
import { listedMembers } from './listed-members.js';
import type { Listing, MemberContext, EndedListing, TimedListing } from './listed-members.js';
import { memberEnds } from './member-ends.js';
import type { Destination, MemberEnds } from './member-ends.js';
import { nearestAddress, refuseEmptied } from './missing-people.js';
import type { MissingMember } from './missing-people.js';

/** The end-state role of all people, and the reason of each move. */
export interface ResolvedMembers {
  people: Placement;
  why: ReadonlyMap<PersonId, MoveReason>;
  /** The `until` of people who move because of a timed entry, or because it has ended. */
  until: ReadonlyMap<PersonId, string>;
  ends: MemberEnds;
  /** Addresses and ids that are not on the instance; sorted. */
  missing: readonly string[];
  /** The same, grouped by the role that lists them. */
  missingIn: readonly MissingMember[];
  /** People who must leave an exact list and have no destination: they stay in the end state, and the plan is refused. */
  unplaced: ReadonlySet<PersonId>;
}

/** The moves decided so far, and the rules for who stays. */
interface Moves {
  moved: Map<PersonId, RoleKey | null>;
  why: Map<PersonId, MoveReason>;
  until: Map<PersonId, string>;
  /** People who are still in the role of an ended entry, with that entry. */
  ending: ReadonlyMap<PersonId, EndedListing>;
  /** The role that a person was read in. */
  from: (person: Person) => LiveRoleKey;
  /** Is this person's role accepted, and not deleted? */
  staysIn: (person: Person) => boolean;
}

/** People who must leave their role and have no destination. */
interface Unplaced {
  taken: readonly Person[];
  deleted: readonly Person[];
}

/**
 * Assigns all people to roles: first those who are listed, then those who must leave because an exact list does not
 * name them or their role is deleted. All others stay (docs/reference/manifest.md, *Members as a map*).
 */
export function resolveMembers(context: MemberContext): ResolvedMembers {
  const { loaded, people } = context;
  const named = namedAddresses(loaded);
  const find = personFinder(people, named);
  const kept = acceptedPeople(context.accepted, find);
  const listed = listedMembers(context, { find, nearest: nearestAddress(people, named), kept });
  const exact = exactRoles(context);
  const destination = destinationOf(context, exact);
  const moves = openMoves(context, { kept, timed: listed.timed });
  for (const listing of listed.placed.values()) moveListed(listing, { context, moves, kept });
  // If no entry of an exact list was found, the list does not show who should leave.
  const emptiedRoles = refuseEmptied(context, listed.missing);
  const leaving = leavingPeople(context, {
    exact: new Set([...exact].filter((key) => !emptiedRoles.has(key))),
    moves,
  }).filter(
    (person) =>
      !listed.placed.has(person.id) &&
      (context.deleted.has(moves.from(person)) || (isOrdinary(person) && !moves.staysIn(person))),
  );
  const unplaced = moveOut(leaving, destination.key, { context, moves });
  refuseUnplaced(context, unplaced);
  return {
    people: placementOf(people, moves.moved),
    why: moves.why,
    until: moves.until,
    ends: memberEnds(listed, { context, destination, ending: moves.ending }),
    missing: sortedUnique(listed.missing.map(({ ref }) => refText(ref))),
    missingIn: listed.missing,
    unplaced: new Set(unplaced.taken.map(({ id }) => id)),
  };
}

function exactRoles({ loaded, keys }: MemberContext): ReadonlySet<RoleKey> {
  return new Set(
    loaded.manifest.roles.flatMap(({ name, members }) => {
      const key = keys.get(name);
      return key && members?.mode === 'exact' ? [key] : [];
    }),
  );
}

function openMoves(
  { byName }: MemberContext,
  { kept, timed }: { kept: AcceptedPeople; timed: readonly TimedListing[] },
): Moves {
  const keyOf = liveKeys();
  const from = (person: Person): LiveRoleKey => keyOf(person.roleId);
  // `byName` lists exact names before near ones; reversed, so that exact ones win.
  const names = new Map([...byName].reverse().map(([name, key]) => [key, name]));
  const ending = new Map<PersonId, EndedListing>();
  for (const one of timed) {
    const key = from(one.person);
    if (one.hasEnded && one.key === key) ending.set(one.person.id, { ...one, key });
  }
  const staysIn = (person: Person): boolean => {
    const name = names.get(from(person));
    // Accepted drift never keeps a membership that the manifest itself has ended.
    return name !== undefined && !ending.has(person.id) && kept.covers(name, person);
  };
  return { moved: new Map(), why: new Map(), until: new Map(), ending, from, staysIn };
}

/** Moves a person to the role that lists them, unless they are in it or accepted in their current role. */
function moveListed(
  { person, key, role, until }: Listing,
  { context, moves, kept }: { context: MemberContext; moves: Moves; kept: AcceptedPeople },
): void {
  const from = moves.from(person);
  const ended = moves.ending.get(person.id);
  const isAccepted = !ended && (moves.staysIn(person) || kept.covers(role, person));
  if (key === from || (isAccepted && !context.deleted.has(from))) return;
  moves.moved.set(person.id, key);
  moves.why.set(person.id, ended ? 'returns' : 'listed');
  const moment = ended?.until ?? until;
  if (moment !== null) moves.until.set(person.id, moment);
}

/** The people in deleted roles and in roles with an exact list, and those whose entry has ended; sorted by id. */
function leavingPeople(
  { people, deleted }: MemberContext,
  { exact, moves }: { exact: ReadonlySet<RoleKey>; moves: Moves },
): Person[] {
  const keyOf = liveKeys();
  const leaving = new Set(
    [...peopleByRole(people)]
      .filter(([id]) => deleted.has(keyOf(id)) || exact.has(keyOf(id)))
      .flatMap(([, list]) => list),
  );
  for (const { person } of moves.ending.values()) leaving.add(person);
  return [...leaving].sort((a, b) => a.id - b.id);
}

/** Moves people out of their roles; returns those who have no destination. */
function moveOut(
  leaving: readonly Person[],
  destination: RoleKey | null,
  { context, moves }: { context: MemberContext; moves: Moves },
): Unplaced {
  const isDeleted = (person: Person): boolean => context.deleted.has(moves.from(person));
  if (destination !== null) {
    for (const person of leaving) {
      moves.moved.set(person.id, destination);
      const ended = moves.ending.get(person.id);
      moves.why.set(person.id, isDeleted(person) ? 'role-deleted' : ended ? 'expired' : 'taken-out');
      if (ended) moves.until.set(person.id, ended.until);
    }
    return { taken: [], deleted: [] };
  }
  const deleted = leaving.filter(isDeleted);
  // They keep their role, unless it is deleted.
  for (const { id } of deleted) moves.moved.set(id, null);
  return { taken: leaving.filter((person) => !isDeleted(person)), deleted };
}

function refuseUnplaced({ loaded, findings }: MemberContext, { taken, deleted }: Unplaced): void {
  const people = [...taken, ...deleted];
  // A destination that is missing or cannot take people is reported separately.
  if (people.length === 0 || loaded.manifest.policy.removedMembersTo !== null) return;
  const count = people.length === 1 ? '1 person has' : `${people.length} people have`;
  findings.refusals.push(
    refusal('no-destination', `${count} no role to go to`, {
      figure: people.length,
      limit: 0,
      key: 'policy.removedMembersTo',
      items: people.map(accountText),
      hint: 'set the role that takes them: `policy: { removedMembersTo: … }`',
    }),
  );
}

/** The role that `removedMembersTo` names; adds a problem if it cannot take people. */
function destinationOf(context: MemberContext, exact: ReadonlySet<RoleKey>): Destination {
  const { loaded, byName, findings } = context;
  const name = loaded.manifest.policy.removedMembersTo;
  if (name === null) return { key: null, problem: null };
  const where = loaded.locate(['policy', 'removedMembersTo']);
  const key = byName.get(name) ?? null;
  const message = `removedMembersTo names ${quotedName(name)}, whose members are exact`;
  const wrong =
    key === null
      ? unknownRole(name, context, where)
      : exact.has(key)
        ? problem('wrong-destination', message, { where })
        : null;
  if (wrong) findings.problems.push(wrong);
  return { key: wrong ? null : key, problem: wrong };
}
