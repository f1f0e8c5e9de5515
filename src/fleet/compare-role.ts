import { grantsWithout } from '../model/closure.js';
import type { Grant } from '../model/grant.js';
import type { PersonId } from '../model/ids.js';
import { isOrdinary, peopleByRole, personAt } from '../model/person.js';
import type { Placement } from '../model/placement.js';
import type { Role } from '../model/role.js';
import type { RoleDifference } from './comparison.js';

/** A difference, split by whether the manifest of the instance asks for it. */
interface SplitDifference {
  asked: RoleDifference;
  unasked: RoleDifference;
}

/** Nothing differs. */
export const NO_DIFFERENCE: RoleDifference = {
  presence: null,
  name: null,
  description: null,
  added: [],
  removed: [],
  membersAdded: 0,
  membersRemoved: 0,
};

/** A difference that the manifest asks for as a whole. */
export function allAsked(found: RoleDifference): SplitDifference {
  return { asked: found, unasked: NO_DIFFERENCE };
}

/** A difference of which the manifest asks for nothing. */
export function allUnasked(found: RoleDifference): SplitDifference {
  return { asked: NO_DIFFERENCE, unasked: found };
}

/** A role that is not in the base. Its grants count as intended only if the manifest of the instance lists them. */
export function extraRole(now: Role, wanted: Role | null): SplitDifference {
  const extra = { ...NO_DIFFERENCE, presence: 'extra' as const };
  if (!wanted) return allUnasked({ ...extra, added: now.grants });
  const isSame = (one: Role, other: Role): boolean => one.description === other.description;
  return {
    asked: { ...extra, added: now.grants.filter((grant) => wanted.grants.includes(grant)) },
    unasked: {
      ...NO_DIFFERENCE,
      name: now.name === wanted.name ? null : now.name,
      description: isSame(now, wanted) ? null : now.description,
      added: grantsWithout(now.grants, wanted.grants),
      removed: grantsWithout(wanted.grants, now.grants),
    },
  };
}

/** The same for people only. */
interface PeopleDifference {
  asked: Pick<RoleDifference, 'membersAdded' | 'membersRemoved'>;
  unasked: Pick<RoleDifference, 'membersAdded' | 'membersRemoved'>;
}

/** The difference between the live role and the base, each part split by whether the instance's manifest asks for it. */
export function roleDifference(
  now: Role,
  { before, asked, people }: { before: Role; asked: Role | null; people: PeopleDifference | null },
): SplitDifference {
  const isRenamed = now.name !== before.name;
  const isRewritten = now.description !== before.description;
  const isSameList = now.grants === before.grants;
  if (!isRenamed && !isRewritten && isSameList && !people)
    return { asked: NO_DIFFERENCE, unasked: NO_DIFFERENCE };
  const added = isSameList ? [] : grantsWithout(now.grants, before.grants);
  const removed = isSameList ? [] : grantsWithout(before.grants, now.grants);
  const wants = new Set(asked?.grants);
  const part = (side: keyof SplitDifference): RoleDifference => {
    const isOn = (isAsked: boolean): boolean => isAsked === (side === 'asked');
    const grantOn = (isAsked: (grant: Grant) => boolean) => (grant: Grant) => isOn(isAsked(grant));
    return {
      presence: null,
      name: isRenamed && isOn(asked?.name === now.name) ? now.name : null,
      description: isRewritten && isOn(asked?.description === now.description) ? now.description : null,
      added: added.filter(grantOn((grant) => wants.has(grant))),
      removed: removed.filter(grantOn((grant) => asked !== null && !wants.has(grant))),
      membersAdded: 0,
      membersRemoved: 0,
      ...people?.[side],
    };
  };
  return { asked: part('asked'), unasked: part('unasked') };
}

/** The ids of the people in a role. Support and system accounts are never compared. */
export function peopleOf({ read, moved, of }: Placement, { id: roleId, key }: Role): ReadonlySet<PersonId> {
  const were = roleId === null ? [] : (peopleByRole(read).get(roleId) ?? []);
  const found = new Set<PersonId>();
  for (const person of were) if (isOrdinary(person) && of(person) === key) found.add(person.id);
  for (const [id, place] of moved) {
    const person = place === key ? personAt(read, id) : undefined;
    if (person && isOrdinary(person)) found.add(id);
  }
  return found;
}

/** Null if no instance differs. */
export function peopleDifference(
  {
    live,
    base,
    own,
  }: { live: ReadonlySet<PersonId>; base: ReadonlySet<PersonId>; own: ReadonlySet<PersonId> | null },
  isLeftAlone: boolean,
): PeopleDifference | null {
  const [asked, unasked] = [
    { membersAdded: 0, membersRemoved: 0 },
    { membersAdded: 0, membersRemoved: 0 },
  ];
  for (const id of live) if (!base.has(id)) (isLeftAlone || own?.has(id) ? asked : unasked).membersAdded += 1;
  for (const id of base)
    if (!live.has(id)) (isLeftAlone || (own && !own.has(id)) ? asked : unasked).membersRemoved += 1;
  const count = [asked, unasked].some((one) => one.membersAdded + one.membersRemoved > 0);
  return count ? { asked, unasked } : null;
}
