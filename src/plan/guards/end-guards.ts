import type { Refusal } from '../../model/refusal.js';
import { byCodeUnit } from '../../model/sort.js';
import type { ProblemCode } from '../../problem/codes.js';
import { administrators, minAdmins, requiredAdmins, requiredAmong, selfLockout } from './administrators.js';
import { maxMoving } from './amounts.js';
import { escalation } from './escalation.js';
import type { EndGuardInput } from './guard.js';

/**
 * The guards that may refuse the end of a membership, by their codes. Each refuses only what the ends themselves make
 * worse: access that the manifest has ended must not last because something else is wrong.
 */
export const END_GUARDS = {
  'min-admins': minAdminsAfterEnds,
  'required-admins': requiredAdminsAfterEnds,
  'self-lockout': selfLockout,
  escalation,
  'max-moves': maxMoving,
} as const satisfies Partial<Record<ProblemCode, (input: EndGuardInput) => Refusal | null>>;

/** What these guards refuse. Sorted by code. */
export function endRefusals(input: EndGuardInput): Refusal[] {
  return Object.values(END_GUARDS)
    .flatMap((guard) => guard(input) ?? [])
    .sort((a, b) => byCodeUnit(a.code, b.code));
}

/** Too few administrators are no reason to keep those who are no longer due, unless there are fewer by it. */
function minAdminsAfterEnds(input: EndGuardInput): Refusal | null {
  const isWorse = administrators(input.end).length < administrators(input.live).length;
  return isWorse ? minAdmins(input) : null;
}

/** Only required people who are administrators now can lose it. */
function requiredAdminsAfterEnds({ live, end, policy }: EndGuardInput): Refusal | null {
  const required = requiredAmong(live, policy.requiredAdmins);
  return requiredAdmins({ end, policy: { ...policy, requiredAdmins: required } });
}
