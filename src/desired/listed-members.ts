import type { LoadedManifest, ManifestMember } from '../manifest/manifest.js';
import { quotedName } from '../model/names.js';
import type { Person } from '../model/person.js';
import type { AcceptedDrift } from '../model/policy.js';
import { refusal } from '../model/refusal.js';
import type { Refusal } from '../model/refusal.js';
import type { RoleKey } from '../model/role.js';
import { problem, warning } from '../problem/problem.js';
import type { Problem } from '../problem/problem.js';
import type { AcceptedPeople } from './accepted-people.js';
import { refText } from './find-people.js';
import type { FindPeople } from './find-people.js';
import type { Findings } from './findings.js';
import { nearestHint } from './missing-people.js';
import type { MissingMember } from './missing-people.js';
import type { PersonId } from '../model/ids.js';

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

/** A person whom a role lists. */
export interface Listing {
  person: Person;
  key: RoleKey;
  role: string;
}

/** Whom the lists of a manifest find. */
export interface ListedMembers {
  /** By the id of the person. */
  placed: ReadonlyMap<PersonId, Listing>;
  missing: readonly MissingMember[];
}

/** How entries of lists are looked up. */
export interface Lookup {
  find: FindPeople;
  /** The live address that is most like a missing one. */
  nearest: (address: string) => string | null;
  kept: AcceptedPeople;
}

/** One entry of one role's list. */
interface Entry {
  role: string;
  key: RoleKey;
  member: ManifestMember;
}

/** Looks up every entry of every list; reports entries that find no person, several, or one of another role. */
export function listedMembers(context: MemberContext, lookup: Lookup): ListedMembers {
  const { findings } = context;
  const placed = new Map<PersonId, Listing>();
  const missing: MissingMember[] = [];
  const ambiguous = new Map(lookup.kept.ambiguous);
  for (const entry of entriesOf(context)) {
    const { role, key, member } = entry;
    const found = lookup.find(member.ref);
    if (found.length !== 1 && lookup.kept.coversEntry(role, member.ref)) continue;
    const text = refText(member.ref);
    if (found.length > 1) ambiguous.set(text, found);
    const [person] = found;
    if (!person) {
      const one = missingMember(entry, lookup);
      missing.push(one);
      if (context.allowMissing) findings.warnings.push(leftOut(one));
      continue;
    }
    const other = placed.get(person.id);
    if (other && other.key !== key) findings.problems.push(inTwoRoles(entry, other.role));
    else placed.set(person.id, { person, key, role });
  }
  for (const [address, found] of ambiguous) findings.refusals.push(ambiguousPerson(address, found));
  return { placed, missing };
}

function entriesOf({ loaded, keys }: MemberContext): Entry[] {
  return loaded.manifest.roles.flatMap(({ name, members }) => {
    const key = keys.get(name);
    return key ? (members?.users ?? []).map((member) => ({ role: name, key, member })) : [];
  });
}

function missingMember({ role, member: { ref, where } }: Entry, { nearest }: Lookup): MissingMember {
  return { role, ref, where, nearest: 'email' in ref ? nearest(ref.email) : null };
}

function leftOut({ role, ref, where, nearest }: MissingMember): Problem {
  const message = `${refText(ref)} of role ${quotedName(role)} is not on the instance and is left out`;
  return warning('left-out-person', message, {
    where,
    hint: nearest === null ? null : nearestHint(nearest),
  });
}

function ambiguousPerson(address: string, found: readonly Person[]): Refusal {
  return refusal('ambiguous-person', `${address} is the address of ${found.length} people`, {
    items: found.map((person) => `id ${person.id}`),
    hint: 'name the one you mean by `id:`',
  });
}

function inTwoRoles({ role, member }: Entry, other: string): Problem {
  const roles = `${quotedName(other)} and ${quotedName(role)}`;
  return problem('duplicate-person', `${refText(member.ref)} is in two roles, ${roles}, by two spellings`, {
    where: member.where,
    hint: 'a person has one role; remove the entry from one of the two',
  });
}
