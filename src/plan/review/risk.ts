import { intersection, grantsWithout } from '../../model/closure.js';
import type { Grant } from '../../model/grant.js';
import { grantList } from '../../model/grant.js';
import type { Move, OrderedChange, Risk } from '../change.js';
import { keyOf } from '../../model/role.js';
import type { RoleKey } from '../../model/role.js';
import type { MoveShift } from './impact.js';
import type { PersonId } from '../../model/ids.js';

/** The input of a change's risk. */
export interface RiskInput {
  isProtected: ReadonlySet<Grant>;
  /** The effects of moves, keyed by the first person of each cohort. */
  moveShifts: ReadonlyMap<PersonId, MoveShift>;
  /** The grants of the default role, live and in the end state. */
  defaultGrants: { had: readonly Grant[]; has: readonly Grant[] };
  /** The grants of a role, live and in the end state. A role that is not live has none now, whatever it starts with. */
  grantsOf: (key: RoleKey) => { had: readonly Grant[]; has: readonly Grant[] };
  /** Does a role have people in the end state? */
  isInhabited: (key: RoleKey) => boolean;
}

/** The end of a reason that depends on who is in a role when the plan is made. */
export const WITHOUT_PEOPLE = ' to a role without people';

/** How closely a reviewer should look at a change, and why. Measured against live state, not against earlier steps. */
export function riskOf(change: OrderedChange, input: RiskInput): Risk {
  const { isProtected, moveShifts, defaultGrants, grantsOf } = input;
  switch (change.kind) {
    case 'role.create': {
      const { has } = grantsOf(change.roleId);
      return addsProtected(change.roleId, intersection(change.after.grants, has), input) ?? low();
    }
    case 'role.update':
      // A temporary name gets no reason: the role's final step has it.
      return change.before.name === change.after.name || change.step === 'temporary'
        ? low()
        : { level: 'medium', reasons: ['SAML sets roles by name: mappings to the old name break'] };
    case 'grants.set': {
      const { had, has } = grantsOf(keyOf(change.roleId));
      const gained = grantsWithout(grantsWithout(change.after, change.before), had);
      const lost = grantsWithout(grantsWithout(intersection(change.before, had), change.after), has);
      return addsProtected(keyOf(change.roleId), gained, input) ?? removesGrants(lost.length);
    }
    case 'members.move':
      return moveRisk(change.people, moveShifts);
    case 'defaultRole.set': {
      const held = grantsWithout(defaultGrants.has, defaultGrants.had).filter((grant) =>
        isProtected.has(grant),
      );
      return held.length > 0
        ? { level: 'highest', reasons: [`new people get protected ${held.join(', ')}`] }
        : { level: 'medium', reasons: ['new people without a role get this one'] };
    }
    case 'allowlist.set':
      return { level: 'medium', reasons: ['decides which roles people can be given'] };
    case 'role.delete':
      return {
        level: 'high',
        reasons: [
          'a deleted role cannot be restored under its id',
          'SCIM sets roles by id: mappings to it break',
        ],
      };
  }
}

function moveRisk(people: readonly Move[], moveShifts: RiskInput['moveShifts']): Risk {
  const gained = new Set<Grant>();
  let loses = false;
  for (const { id } of people) {
    const shift = moveShifts.get(id);
    if (!shift) continue;
    for (const grant of shift.gained) gained.add(grant);
    if (shift.loses) loses = true;
  }
  if (gained.size > 0)
    return { level: 'highest', reasons: [`people gain protected ${grantList(gained).join(', ')}`] };
  return loses ? { level: 'medium', reasons: ['people lose grants'] } : low();
}

function addsProtected(
  key: RoleKey,
  gained: readonly Grant[],
  { isProtected, isInhabited }: RiskInput,
): Risk | null {
  const guarded = gained.filter((grant) => isProtected.has(grant));
  if (guarded.length === 0) return null;
  const where = isInhabited(key) ? '' : WITHOUT_PEOPLE;
  return { level: 'highest', reasons: [`adds protected ${guarded.join(', ')}${where}`] };
}

function removesGrants(count: number): Risk {
  if (count === 0) return low();
  return { level: 'medium', reasons: [`takes away ${count} ${count === 1 ? 'grant' : 'grants'}`] };
}

function low(): Risk {
  return { level: 'low', reasons: [] };
}
