import equal from 'fast-deep-equal';
import { grantsWithout } from '../../model/closure.js';
import { isOrdinary, peopleByRole } from '../../model/person.js';
import type { AcceptedDifference, AcceptedDrift } from '../../model/policy.js';
import type { Role, RoleKey } from '../../model/role.js';
import type { Snapshot } from '../../model/snapshot.js';
import type { Accepted, AcceptedPerson, UnmanagedRole } from '../../model/standing.js';
import { stateOf } from '../../model/state.js';
import type { AllowlistKeys } from '../../model/state.js';
import { acceptedMembers } from './accepted-members.js';
import type { AcceptedSides } from './accepted-members.js';

/** The accepted differences, and the entries that match nothing. */
export interface AcceptedFound {
  accepted: readonly Accepted[];
  /** Entries that match nothing, or not all of the people that they name. */
  unmatched: readonly { entry: AcceptedDrift; people: readonly string[] }[];
}

/** An entry that is not about members. */
interface WholeEntry {
  what: Exclude<AcceptedDifference['what'], 'members'>;
  role: string | null;
}

type FoundDifference = Pick<Accepted, 'role' | 'difference'> & Partial<Pick<Accepted, 'people' | 'grants'>>;

/** The accepted differences, each with a sentence, in the order of the manifest. Exceptions to rules are not differences. */
export function acceptedDifferences(drift: readonly AcceptedDrift[], sides: AcceptedSides): AcceptedFound {
  const accepted: Accepted[] = [];
  const unmatched: AcceptedFound['unmatched'][number][] = [];
  for (const entry of drift) {
    if (entry.what === 'rule') continue;
    const { found, people } = foundBy(entry, sides);
    if (found.length === 0 || people.length > 0) unmatched.push({ entry, people });
    for (const one of found) {
      accepted.push({
        what: entry.what,
        role: one.role,
        reason: entry.reason,
        until: entry.until,
        difference: one.difference,
        acceptedFor: entry.what === 'unmanaged' ? one.role : entry.role,
        people: one.people ?? [],
        grants: one.grants ?? { extra: [], missing: [] },
      });
    }
  }
  return { accepted, unmatched };
}

function foundBy(
  entry: AcceptedDifference,
  sides: AcceptedSides,
): { found: readonly FoundDifference[]; people: readonly string[] } {
  if (entry.what !== 'members')
    return { found: differences({ what: entry.what, role: entry.role }, sides), people: [] };
  // A role that is not live has no members that could stay.
  const isLive = [...sides.full.target.state.roles.values()].some(
    ({ id, name }) => id !== null && name === entry.role,
  );
  if (!isLive) return { found: [], people: [] };
  const { byRole, unmatched } = acceptedMembers(entry, sides);
  const found = byRole.map(({ role, people }) => ({
    role,
    people,
    difference: membersText(role, people),
  }));
  return { found, people: unmatched };
}

function differences({ what, role }: WholeEntry, { full, snapshot }: AcceptedSides): FoundDifference[] {
  const live = stateOf(snapshot);
  const endState = full.target.state;
  // The two sides may have swapped names, so both use those of the end state.
  const nameOf = (key: RoleKey): string => (endState.roles.get(key) ?? live.roles.get(key))?.name ?? key;
  switch (what) {
    case 'defaultRole':
      if (endState.defaultRole === live.defaultRole) return [];
      return [
        {
          role: null,
          difference: `the default role is ${nameOf(live.defaultRole)}, not ${nameOf(endState.defaultRole)}`,
        },
      ];
    case 'allowlist':
      if (equal(endState.allowlist, live.allowlist)) return [];
      return [
        {
          role: null,
          difference: `the allowlist is ${listed(live.allowlist, nameOf)}, not ${listed(endState.allowlist, nameOf)}`,
        },
      ];
    case 'unmanaged':
      return full.findings.unmanaged
        .filter((one) => role === null || one.name === role)
        .map((one) => unmanagedDifference(one, snapshot));
    case 'grants':
    case 'description': {
      const after = [...endState.roles.values()].find(({ name }) => name === role);
      const before = after && live.roles.get(after.key);
      if (!after || !before) return [];
      return what === 'grants' ? grantsDifference(before, after) : textDifference(before, after);
    }
  }
}

function textDifference(before: Role, after: Role): FoundDifference[] {
  if (before.description === after.description) return [];
  return [{ role: after.name, difference: 'the description differs' }];
}

function grantsDifference(before: Role, after: Role): FoundDifference[] {
  const extra = grantsWithout(before.grants, after.grants);
  const missing = grantsWithout(after.grants, before.grants);
  const parts = [
    ...(extra.length > 0 ? [`holds ${extra.join(', ')} beyond the manifest`] : []),
    ...(missing.length > 0 ? [`lacks ${missing.join(', ')}`] : []),
  ];
  if (parts.length === 0) return [];
  return [{ role: after.name, difference: parts.join('; '), grants: { extra, missing } }];
}

function unmanagedDifference({ id, name }: UnmanagedRole, snapshot: Snapshot): FoundDifference {
  const role = snapshot.roles.find((one) => one.id === id);
  const inside = (peopleByRole(snapshot.people.list).get(id) ?? []).filter(isOrdinary);
  return {
    role: name,
    difference: 'the role is not in the manifest',
    people: inside.map((person) => ({ id: person.id, email: person.email, from: name, to: null })),
    grants: { extra: role?.grants ?? [], missing: [] },
  };
}

function membersText(role: string, people: readonly AcceptedPerson[]): string {
  const gone = people.filter(({ from }) => from === null).length;
  const more = people.filter(({ from }) => from === role).length;
  const fewer = people.length - gone - more;
  return [
    ...(more > 0 ? [`${more} more than the manifest lists`] : []),
    ...(fewer > 0 ? [`${fewer} listed and not in it`] : []),
    ...(gone > 0 ? [`${gone} listed and not on the instance`] : []),
  ].join('; ');
}

function listed(allowlist: AllowlistKeys, nameOf: (key: RoleKey) => string): string {
  if (typeof allowlist === 'string') return allowlist;
  return allowlist.map(nameOf).join(', ');
}
