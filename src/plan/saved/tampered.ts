import { refusal } from '../../model/refusal.js';
import type { Refusal } from '../../model/refusal.js';
import { changedOrOther } from '../../problem/other-format.js';
import type { Plan } from '../plan.js';

/** Refuses a plan file for this reason. */
export type Tampered = (why: string) => Refusal;

/**
 * Refuses a plan file whose content shows that it was edited, or that another version made it. `version` is the one of this
 * program; without it, the version that made the file is not named.
 */
export function tamperedIn({ madeBy }: Pick<Plan, 'madeBy'>, version: string | undefined): Tampered {
  return (why) => {
    const facts = { what: 'the plan file', why, madeBy, version, again: 'make the plan again' };
    const { message, hint } = changedOrOther(facts);
    return refusal('plan-tampered', message, { hint });
  };
}
