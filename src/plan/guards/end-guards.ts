import type { PersonRef } from '../../model/person.js';
import type { Refusal } from '../../model/refusal.js';
import { byCodeUnit } from '../../model/sort.js';
import type { ProblemCode } from '../../problem/codes.js';
import { administrators, minAdmins, requiredAdmins, requiredAmong, selfLockout } from './administrators.js';
import { maxMoving } from './amounts.js';
import { escalation } from './escalation.js';
import type { EndGuardInput } from './guard.js';

/**
 * The guards that may refuse the end of memberships, by code. Each refuses only what the ends themselves make worse:
 * access that the manifest has ended must not continue because of an unrelated problem.
 */
const END_GUARDS = {
  'min-admins': minAdminsAfterEnds,
  'required-admins': requiredAdminsAfterEnds,
  'self-lockout': selfLockout,
  escalation,
  'max-moves': maxMoving,
} as const satisfies Partial<Record<ProblemCode, (input: EndGuardInput) => Refusal | null>>;

/** The refusals of these guards, sorted by code. */
export function endRefusals(input: EndGuardInput): Refusal[] {
  return Object.values(END_GUARDS)
    .flatMap((guard) => guard(input) ?? [])
    .sort((a, b) => byCodeUnit(a.code, b.code));
}

/** Refuses only if the ends reduce the number of administrators; too few alone is no reason to extend a membership. */
function minAdminsAfterEnds(input: EndGuardInput): Refusal | null {
  const isWorse = administrators(input.end).length < administrators(input.live).length;
  return isWorse ? minAdmins(input) : null;
}

/**
 * Refuses only for required people who are administrators now. An address that several people share requires each of them:
 * whom it means is not known, and the ends do not wait for that.
 */
function requiredAdminsAfterEnds({ live, end, policy }: EndGuardInput): Refusal | null {
  const people = administrators(live);
  const named = policy.requiredAdmins.flatMap((ref): PersonRef[] => {
    if ('id' in ref) return [ref];
    const found = people.filter(({ email }) => email === ref.email);
    return found.length > 1 ? found.map(({ id }) => ({ ...ref, id })) : [ref];
  });
  const required = requiredAmong(live, named);
  return requiredAdmins({ end, policy: { ...policy, requiredAdmins: required } });
}
