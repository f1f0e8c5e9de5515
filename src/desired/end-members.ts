import type { LoadedManifest, ManifestMember } from '../manifest/manifest.js';
import { refusal } from '../model/refusal.js';
import { byCodeUnit } from '../model/sort.js';
import { isOrdinary, peopleByRole, personAt } from '../model/person.js';
import type { Person } from '../model/person.js';
import { placementOf } from '../model/placement.js';
import type { Placement } from '../model/placement.js';
import { quotedName } from '../model/names.js';
import { liveKeys } from '../model/role.js';
import type { RoleKey } from '../model/role.js';
import { problem, warning } from '../problem/problem.js';
import type { AcceptedDrift, PersonRef } from '../model/policy.js';
import type { MoveReason } from '../model/standing.js';
import { acceptedPeople } from './accepted-people.js';
import { unknownRole } from './end-grants.js';
import { nearestAddress, nearestHint, refuseEmptied } from './missing-people.js';
import type { MissingMember } from './missing-people.js';
import type { Findings } from './finding.js';

/** Where everybody is in the end, and why those who move do. */
export interface EndMembers {
  people: Placement;
  why: ReadonlyMap<number, MoveReason>;
  /** Addresses and ids that are not on the instance; sorted. */
  missing: readonly string[];
  /** The same, by the role that lists them. */
  missingIn: readonly MissingMember[];
  /** People who are taken out of an exact list and have nowhere to go: they stay in the end state, refused. */
  homeless: ReadonlySet<number>;
}

/** Somebody without a place, and how they are called. */
interface Homeless {
  id: number;
  who: string;
}

/** What placing people needs to know. */
export interface MemberContext {
  loaded: LoadedManifest;
  people: readonly Person[];
  keys: ReadonlyMap<string, RoleKey>;
  byName: ReadonlyMap<string, RoleKey>;
  /** Roles that are deleted. */
  deleted: ReadonlySet<RoleKey>;
  /** Accepted drift of members of roles that are live. */
  accepted: readonly AcceptedDrift[];
  /** Are missing people allowed to be left out? */
  allowMissing: boolean;
  findings: Findings;
}

/** Gives each person a role (docs/reference/manifest.md, *Members as a map*). */
export function endMembers(context: MemberContext): EndMembers {
  const { loaded, people, keys, deleted, findings } = context;
  const policy = loaded.manifest.policy;
  const named = namedIn(loaded);
  const find = finder(people, named);
  const nearest = nearestAddress(people, named);
  const kept = acceptedPeople(context.accepted, find);
  const placed = new Map<number, { person: Person; key: RoleKey; role: string }>();
  const ambiguous = new Map(kept.ambiguous);
  const missingIn: MissingMember[] = [];
  const exact = new Set<RoleKey>();

  for (const role of loaded.manifest.roles) {
    const key = keys.get(role.name);
    if (!role.members || !key) continue;
    if (role.members.mode === 'exact') exact.add(key);
    for (const member of role.members.users) {
      const found = find(member.ref);
      const text = textOf(member.ref);
      const [person] = found;
      if (found.length !== 1 && kept.coversEntry(role.name, member.ref)) continue;
      if (found.length > 1) ambiguous.set(text, found);
      if (!person) {
        const near = 'email' in member.ref ? nearest(member.ref.email) : null;
        missingIn.push({ role: role.name, ref: member.ref, where: member.where, nearest: near });
        if (context.allowMissing) {
          findings.warnings.push(
            warning(
              'left-out-person',
              `${text} of role ${quotedName(role.name)} is not on the instance and is left out`,
              { where: member.where, hint: near === null ? null : nearestHint(near) },
            ),
          );
        }
        continue;
      }
      const other = placed.get(person.id);
      if (other && other.key !== key) findings.problems.push(twice(text, other.role, role.name, member));
      else placed.set(person.id, { person, key, role: role.name });
    }
  }
  for (const [address, found] of ambiguous) {
    findings.refusals.push(
      refusal('ambiguous-person', `${address} is the address of ${found.length} people`, {
        items: found.map((person) => `id ${person.id}`),
        hint: 'name the one you mean by `id:`',
      }),
    );
  }

  const destination = destinationOf(context, exact);
  const moved = new Map<number, RoleKey | null>();
  const why = new Map<number, MoveReason>();
  const homeless = { taken: [] as Homeless[], deleted: [] as Homeless[] };
  const keyOf = liveKeys();
  // Exact names come first, and win over near ones.
  const names = new Map([...context.byName].reverse().map(([name, key]) => [key, name]));
  /** People who are accepted in a role that stays are not taken out of it. */
  const staysIn = (person: Person): boolean => {
    const from = names.get(keyOf(person.roleId));
    return from !== undefined && kept.covers(from, person);
  };
  for (const { person, key, role } of placed.values()) {
    const from = keyOf(person.roleId);
    if (key === from || (!deleted.has(from) && (staysIn(person) || kept.covers(role, person)))) continue;
    moved.set(person.id, key);
    why.set(person.id, 'listed');
  }
  // A list of which nobody is there says nothing of who is to leave.
  const unfound = refuseEmptied(context, missingIn);
  const emptied = new Set([...deleted, ...[...exact].filter((key) => !unfound.has(key))]);
  const leaving = [...peopleByRole(people)].flatMap(([id, list]) => (emptied.has(keyOf(id)) ? list : []));
  for (const person of leaving.sort((a, b) => a.id - b.id)) {
    if (placed.has(person.id)) continue;
    const from = keyOf(person.roleId);
    const gone = deleted.has(from);
    if (!gone && (!isOrdinary(person) || staysIn(person))) continue;
    if (destination) {
      moved.set(person.id, destination);
      why.set(person.id, gone ? 'role-deleted' : 'taken-out');
    } else {
      const who = person.email ?? `id ${person.id}`;
      (gone ? homeless.deleted : homeless.taken).push({ id: person.id, who });
      // Without a destination they stay, but not in a role that goes: the end state knows no place for them.
      if (gone) moved.set(person.id, null);
    }
  }
  const count = homeless.taken.length + homeless.deleted.length;
  if (count > 0 && policy.removedMembersTo === null) {
    findings.refusals.push(
      refusal('no-destination', `${count} ${count === 1 ? 'person has' : 'people have'} no role to go to`, {
        figure: count,
        limit: 0,
        key: 'policy.removedMembersTo',
        items: [...homeless.taken, ...homeless.deleted].map(({ who }) => who),
        hint: 'name the role that takes them: `policy: { removedMembersTo: … }`',
      }),
    );
  }
  return {
    people: placementOf(people, moved),
    why,
    missing: [...new Set(missingIn.map(({ ref }) => textOf(ref)))].sort(byCodeUnit),
    missingIn,
    homeless: new Set(homeless.taken.map(({ id }) => id)),
  };
}

/** The role that takes people; problems where it cannot. */
function destinationOf(
  { loaded, byName, findings }: MemberContext,
  exact: ReadonlySet<RoleKey>,
): RoleKey | null {
  const name = loaded.manifest.policy.removedMembersTo;
  if (name === null) return null;
  const where = loaded.locate(['policy', 'removedMembersTo']);
  const key = byName.get(name);
  if (!key) {
    findings.problems.push(unknownRole(name, [...byName.keys()], where));
    return null;
  }
  if (exact.has(key)) {
    findings.problems.push(
      problem('wrong-destination', `removedMembersTo names ${quotedName(name)}, whose members are exact`, {
        where,
      }),
    );
    return null;
  }
  return key;
}

function twice(text: string, one: string, other: string, member: ManifestMember): ReturnType<typeof problem> {
  return problem(
    'duplicate-person',
    `${text} is in two roles, ${quotedName(one)} and ${quotedName(other)}, by two spellings`,
    {
      where: member.where,
      hint: 'everybody has one role; take them out of one',
    },
  );
}

/** How a message names an entry of a list. */
function textOf(ref: PersonRef): string {
  return 'id' in ref ? `id ${ref.id}` : ref.email;
}

/** The addresses that a manifest names under `members`, and in accepted drift. */
function namedIn({ manifest }: LoadedManifest): ReadonlySet<string> {
  const named = new Set<string>();
  for (const { members } of manifest.roles) {
    for (const { ref } of members?.users ?? []) if ('email' in ref) named.add(ref.email);
  }
  for (const { people } of manifest.policy.acceptedDrift)
    for (const ref of people ?? []) if ('email' in ref) named.add(ref.email);
  return named;
}

/**
 * Finds people by address or id. Support and system accounts are never found. Where it is known which
 * addresses will be asked for (`named`), nobody else is kept.
 */
export function finder(
  people: readonly Person[],
  named?: ReadonlySet<string>,
): (ref: PersonRef) => readonly Person[] {
  const byEmail = new Map<string, Person[]>();
  for (const person of people) {
    if (person.email !== null && (!named || named.has(person.email)) && isOrdinary(person)) {
      const list = byEmail.get(person.email);
      if (list) list.push(person);
      else byEmail.set(person.email, [person]);
    }
  }
  return (ref) => {
    if ('id' in ref) {
      const person = personAt(people, ref.id);
      return person && isOrdinary(person) ? [person] : [];
    }
    return byEmail.get(ref.email) ?? [];
  };
}
