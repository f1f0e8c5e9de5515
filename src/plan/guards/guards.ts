import type { Refusal } from '../../model/refusal.js';
import { byCodeUnit } from '../../model/sort.js';
import type { ProblemCode } from '../../problem/codes.js';
import type { GuardCode } from './allow.js';
import { defaultForbidden, minAdmins, requiredAdmins, selfLockout } from './administrators.js';
import { maxDeletes, maxGrantChanges, maxMoves } from './amounts.js';
import { escalation } from './escalation.js';
import type { Guard, GuardInput } from './guard.js';
import { missingPeople, unmanagedRoles } from './manifest-gaps.js';

/** Every guard by its code: all that `--allow` accepts, and those that nothing allows. The comment of each function gives the reason for its rule. */
export const GUARDS = {
  'min-admins': minAdmins,
  'required-admins': requiredAdmins,
  'self-lockout': selfLockout,
  'default-forbidden': defaultForbidden,
  escalation,
  'max-deletes': maxDeletes,
  'max-moves': maxMoves,
  'max-grant-changes': maxGrantChanges,
  'missing-people': missingPeople,
  'unmanaged-roles': unmanagedRoles,
} as const satisfies Partial<Record<ProblemCode, Guard>> & Record<GuardCode, Guard>;

/** The refusals of all guards, so that a reviewer sees all of them at once. Sorted by code. */
export function guardRefusals(input: GuardInput): Refusal[] {
  return Object.values(GUARDS)
    .flatMap((guard) => guard(input) ?? [])
    .sort((a, b) => byCodeUnit(a.code, b.code));
}
