import type { LoadedManifest, ManifestMember } from '../../manifest/manifest.js';
import type { PersonId } from '../../model/ids.js';
import { refText } from '../../model/person.js';
import type { Person } from '../../model/person.js';
import type { AcceptedDrift } from '../../model/policy.js';
import { quotedName } from '../../model/quoted-name.js';
import { liveKey } from '../../model/role.js';
import type { RoleKey } from '../../model/role.js';
import { hasPassed } from '../../model/until.js';
import { problem, warning } from '../../problem/problem.js';
import type { Problem } from '../../problem/problem.js';
import type { Findings, KnownNames } from '../findings.js';
import type { AcceptedPeople } from '../people/accepted-people.js';
import type { FindPeople } from '../people/find-people.js';
import { ambiguousPerson } from '../people/stated-address.js';
import { checkStatedAddress, warnOfSamePeople } from './member-addresses.js';
import { nearestHint } from './missing-people.js';
import type { MissingMember } from './missing-people.js';

/** The input of assigning people to roles. */
export interface MemberContext {
  loaded: LoadedManifest;
  people: readonly Person[];
  keys: ReadonlyMap<string, RoleKey>;
  byName: ReadonlyMap<string, RoleKey>;
  gone: KnownNames['gone'];
  /** Keys of roles that are deleted. */
  deleted: ReadonlySet<RoleKey>;
  /** Accepted drift of members of roles that are live. */
  accepted: readonly AcceptedDrift[];
  /** May missing people be left out (`--allow missing-people`)? */
  allowMissing: boolean;
  /** ISO 8601, UTC. Entries that ended before it have no effect. */
  now: string;
  findings: Findings;
}

/** A person and the role that lists them. */
export interface Listing {
  person: Person;
  key: RoleKey;
  role: string;
  /** When the entry ends; null for an entry without `until`. */
  until: string | null;
}

/** A person whose entry ends, or has ended. */
export interface TimedListing {
  person: Person;
  /** Null if it is ambiguous which live role is meant. */
  key: RoleKey | null;
  role: string;
  until: string;
  hasEnded: boolean;
  member: ManifestMember;
  /** The role that lists them without `until`; null if there is none or it is ambiguous. */
  returnsTo: RoleKey | null;
  /** Problems with the entries of this person; also among the findings. */
  problems: readonly Problem[];
}

/** A person who is still in the role of an ended entry. */
export type EndedListing = TimedListing & { key: RoleKey };

/** The people that the lists of a manifest match. */
export interface ListedMembers {
  /** The listing of each person that counts now: the timed one until it ends, then the other. */
  placed: ReadonlyMap<PersonId, Listing>;
  timed: readonly TimedListing[];
  missing: readonly MissingMember[];
  /** Entries that have ended and match no person. */
  spent: readonly MemberEntry[];
}

/** Lookups for entries of lists. */
interface Lookup {
  find: FindPeople;
  /** The live address that most resembles a missing one. */
  nearest: (address: string) => string | null;
  kept: AcceptedPeople;
}

/** An entry of a role's list. */
interface MemberEntry {
  role: string;
  /** Null if it is ambiguous which live role is meant. */
  key: RoleKey | null;
  member: ManifestMember;
  hasEnded: boolean;
}

/** The entries of one person: at most one without `until` and one with it. */
interface Entries {
  person: Person;
  lasting: MemberEntry | null;
  timed: MemberEntry | null;
  problems: Problem[];
}

/** Looks up every entry of every list; reports entries that match no person, several people, or a person listed elsewhere. */
export function listedMembers(context: MemberContext, lookup: Lookup): ListedMembers {
  const { findings } = context;
  const byPerson = new Map<PersonId, Entries>();
  const missing: MissingMember[] = [];
  const spent: MemberEntry[] = [];
  const ambiguous = new Map(lookup.kept.ambiguous);
  for (const entry of entriesOf(context)) {
    const { role, key, member } = entry;
    const found = narrowToRole(entry, lookup.find(member.ref));
    const [person] = found;
    if (person && found.length === 1) {
      addEntry(byPerson, person, entry);
      if (!entry.hasEnded) checkStatedAddress(entry, person, { find: lookup.find, findings });
    } else if (entry.hasEnded) spent.push(entry);
    else if (key !== null && !lookup.kept.coversEntry(role, member.ref)) {
      if (person) {
        ambiguous.set(refText(member.ref), found);
        addEntry(byPerson, person, entry);
      } else missing.push(missingMember(entry, lookup));
    }
  }
  const known = [...byPerson.values()];
  findings.problems.push(...known.flatMap((entries) => problemsOf(entries, context)));
  warnOfSamePeople(missing, { ...context, isListed: (id) => byPerson.has(id) });
  if (context.allowMissing) findings.warnings.push(...missing.map(leftOut));
  for (const [address, found] of ambiguous) findings.refusals.push(ambiguousPerson(address, found));
  return { placed: placedOf(known), timed: known.flatMap(timedOf), missing, spent };
}

/** Narrows several accounts with the address of an ended entry to the only one that is still in its role. */
function narrowToRole({ hasEnded, key }: MemberEntry, found: readonly Person[]): readonly Person[] {
  if (!hasEnded || found.length < 2) return found;
  const inside = found.filter(({ roleId }) => liveKey(roleId) === key);
  return inside.length === 1 ? inside : found;
}

function entriesOf({ loaded, keys, now }: MemberContext): MemberEntry[] {
  return loaded.manifest.roles.flatMap(({ name, members }) =>
    (members?.users ?? []).map((member) => ({
      role: name,
      key: keys.get(name) ?? null,
      member,
      hasEnded: member.until !== null && hasPassed(member.until, now),
    })),
  );
}

function addEntry(byPerson: Map<PersonId, Entries>, person: Person, entry: MemberEntry): void {
  const entries = byPerson.get(person.id) ?? { person, lasting: null, timed: null, problems: [] };
  byPerson.set(person.id, entries);
  const kind = entry.member.until === null ? 'lasting' : 'timed';
  const same = entries[kind];
  const other = entries[kind === 'timed' ? 'lasting' : 'timed'];
  if (same && (kind === 'timed' || same.role !== entry.role))
    entries.problems.push(inTwoRoles(entry, same.role));
  else if (other?.role === entry.role) entries.problems.push(withAndWithout(entry));
  else entries[kind] ??= entry;
}

/** The problems with the entries of one person. A timed entry without a role to return to shows only once all are known. */
function problemsOf(entries: Entries, { loaded }: MemberContext): readonly Problem[] {
  const { lasting, timed, problems } = entries;
  if (timed && !lasting && loaded.manifest.policy.removedMembersTo === null) problems.push(noReturn(timed));
  return problems;
}

function placedOf(known: readonly Entries[]): Map<PersonId, Listing> {
  const placed = new Map<PersonId, Listing>();
  for (const { person, lasting, timed } of known) {
    const current = timed && !timed.hasEnded && timed.key !== null ? timed : lasting;
    if (!current || current.key === null) continue;
    placed.set(person.id, {
      person,
      key: current.key,
      role: current.role,
      until: current.member.until,
    });
  }
  return placed;
}

function timedOf({ person, lasting, timed, problems }: Entries): TimedListing[] {
  if (!timed) return [];
  const { key, role, member, hasEnded } = timed;
  const until = member.until ?? '';
  return [{ person, key, role, until, hasEnded, member, returnsTo: lasting?.key ?? null, problems }];
}

function missingMember(
  { role, member: { ref, email, where } }: MemberEntry,
  { find, nearest }: Lookup,
): MissingMember {
  // The id takes precedence, even if the address given with it is live.
  const isLive = email !== null && 'id' in ref && find({ email }).length > 0;
  return { role, ref, where, nearest: isLive ? email : email === null ? null : nearest(email) };
}

function leftOut({ role, ref, where, nearest }: MissingMember): Problem {
  const message = `${refText(ref)} of role ${quotedName(role)} is not on the instance and is left out`;
  return warning('left-out-person', message, {
    where,
    hint: nearest === null ? null : nearestHint(nearest),
  });
}

function inTwoRoles({ role, member }: MemberEntry, other: string): Problem {
  const roles = `${quotedName(other)} and ${quotedName(role)}`;
  const [what, hint] =
    member.until === null
      ? ['in two roles', 'a person has one role; remove the entry from one of the two']
      : ['listed twice with until', 'a person has at most one entry with until; remove one of the two'];
  const message = `${refText(member.ref)} is ${what}, ${roles}, by two spellings`;
  return problem('duplicate-person', message, { where: member.where, hint });
}

function withAndWithout({ role, member }: MemberEntry): Problem {
  const message = `${refText(member.ref)} is in role ${quotedName(role)} both with and without until, by two spellings`;
  return problem('duplicate-person', message, {
    where: member.where,
    hint: 'an entry with until is for another role than the entry without it; remove one of the two',
  });
}

function noReturn({ role, member }: MemberEntry): Problem {
  const message = `${refText(member.ref)} of role ${quotedName(role)} has no role to go to after ${member.until ?? ''}`;
  return problem('no-return', message, {
    where: member.where,
    hint: 'list them without until in the role that they return to, or set policy.removedMembersTo',
  });
}
