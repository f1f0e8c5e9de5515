import type { MissingMember } from '../../desired/members/missing-people.js';
import type { Grant } from '../../model/grant.js';
import type { PersonId } from '../../model/ids.js';
import type { Person } from '../../model/person.js';
import type { Policy } from '../../model/policy.js';
import { refusal } from '../../model/refusal.js';
import type { Refusal } from '../../model/refusal.js';
import type { LiveState, State } from '../../model/state.js';
import type { Change, OrderedChange } from '../change.js';
import type { GrantShift, Shifted } from '../review/grant-shifts.js';
import type { ProblemCode } from '../../problem/codes.js';
import type { GuardCode } from './allow.js';
import { allowFlag } from './allow.js';

/** The input of guards: the end state of a plan, and its differences from the live state. */
export interface GuardInput {
  live: LiveState;
  end: State;
  people: readonly Person[];
  /** The acting person; null if the snapshot has none. */
  me: PersonId | null;
  policy: Policy;
  changes: readonly (OrderedChange | Change)[];
  /** The people whose grants may change. */
  cohorts: readonly Shifted[];
  shifts: ReadonlyMap<Grant, GrantShift>;
  isProtected: ReadonlySet<Grant>;
  /** Addresses and ids in the manifest that are not on the instance. */
  missingPeople: readonly string[];
  /** The same with role and place, if known. */
  missingMembers: readonly MissingMember[];
  /** Names of live roles that the manifest does not mention. */
  unmanaged: readonly string[];
}

/** The input of guards if memberships end and nothing else changes. `live` is the state before the ends. */
export type EndGuardInput = Omit<
  GuardInput,
  'live' | 'changes' | 'missingPeople' | 'missingMembers' | 'unmanaged'
> & { live: State; moving: ReadonlySet<PersonId> };

/** A guard: returns its refusal, or null if the plan passes. */
export type Guard = (input: GuardInput) => Refusal | null;

/** A refusal that no flag allows. */
export function unconditionalRefusal(
  code: ProblemCode,
  message: string,
  rest: Partial<Omit<Refusal, 'code' | 'message'>>,
): Refusal {
  return refusal(code, message, rest);
}

/** A refusal that `--allow` lifts for one run. */
export function allowableRefusal(
  code: GuardCode,
  message: string,
  rest: Partial<Omit<Refusal, 'code' | 'message'>>,
): Refusal {
  return unconditionalRefusal(code, message, { ...rest, flag: allowFlag(code, rest.figure ?? 0) });
}
