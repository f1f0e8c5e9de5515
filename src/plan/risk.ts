import { without } from '../model/closure.js';
import type { Grant } from '../model/grant.js';
import { grantList } from '../model/grant.js';
import type { Draft, Risk } from './change.js';
import { keyOf } from '../model/role.js';
import type { RoleKey } from '../model/role.js';
import type { MoveShift } from './impact.js';

/** What judging a risk needs to know. */
export interface RiskInput {
  isProtected: ReadonlySet<Grant>;
  /** What moving means, by the first person of each flow that moves. */
  moveShifts: ReadonlyMap<number, MoveShift>;
  /** Grants of the default role in the end. */
  defaultGrants: readonly Grant[];
  /** Has a role people in the end? */
  isInhabited: (key: RoleKey) => boolean;
}

/** How much a reviewer should look at a change, and why. */
export function riskOf(
  change: Draft,
  { isProtected, moveShifts, defaultGrants, isInhabited }: RiskInput,
): Risk {
  switch (change.kind) {
    case 'role.create':
      return low();
    case 'role.update':
      // The first step of a ring is told by its last.
      return change.before.name === change.after.name || change.step === 'temporary'
        ? low()
        : { level: 'medium', reasons: ['SAML sets roles by name: mappings to the old name break'] };
    case 'grants.set': {
      const gained = without(change.after, change.before).filter((grant) => isProtected.has(grant));
      if (gained.length > 0) {
        const empty = !isInhabited(keyOf(change.roleId));
        return {
          level: 'highest',
          reasons: [`adds protected ${gained.join(', ')}${empty ? ' to a role without people' : ''}`],
        };
      }
      const lost = without(change.before, change.after);
      return lost.length > 0
        ? {
            level: 'medium',
            reasons: [`takes away ${lost.length} ${lost.length === 1 ? 'grant' : 'grants'}`],
          }
        : low();
    }
    case 'members.move': {
      const shifts = change.people.flatMap((move) => moveShifts.get(move.id) ?? []);
      const gained = grantList(shifts.flatMap((shift) => shift.gained));
      if (gained.length > 0)
        return { level: 'highest', reasons: [`people gain protected ${gained.join(', ')}`] };
      return shifts.some((shift) => shift.loses)
        ? { level: 'medium', reasons: ['people lose grants'] }
        : low();
    }
    case 'defaultRole.set': {
      const held = defaultGrants.filter((grant) => isProtected.has(grant));
      return held.length > 0
        ? { level: 'highest', reasons: [`everybody who arrives gets protected ${held.join(', ')}`] }
        : { level: 'medium', reasons: ['everybody who arrives without a role gets this one'] };
    }
    case 'allowlist.set':
      return { level: 'medium', reasons: ['decides which roles may be handed out'] };
    case 'role.delete':
      return {
        level: 'high',
        reasons: [
          'a deleted role cannot be brought back under its id',
          'SCIM sets roles by id: mappings to it break',
        ],
      };
  }
}

function low(): Risk {
  return { level: 'low', reasons: [] };
}
