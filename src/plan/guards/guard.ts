import type { MissingMember } from '../../desired/missing-people.js';
import type { Grant } from '../../model/grant.js';
import type { PersonId } from '../../model/ids.js';
import type { Person } from '../../model/person.js';
import type { Policy } from '../../model/policy.js';
import { refusal } from '../../model/refusal.js';
import type { Refusal } from '../../model/refusal.js';
import type { LiveState, State } from '../../model/state.js';
import type { Change, OrderedChange } from '../change.js';
import type { GrantShift } from '../review/impact.js';
import type { ProblemCode } from '../../problem/codes.js';
import type { GuardCode } from './allow.js';
import { allowFlag } from './allow.js';

/** What guards check: the end state of a plan, and how far it is from the live state. */
export interface GuardInput {
  live: LiveState;
  end: State;
  people: readonly Person[];
  /** The acting person; null where the snapshot has none. */
  me: PersonId | null;
  policy: Policy;
  changes: readonly (OrderedChange | Change)[];
  shifts: ReadonlyMap<Grant, GrantShift>;
  isProtected: ReadonlySet<Grant>;
  /** Addresses and ids that the manifest lists and the instance does not have. */
  missingPeople: readonly string[];
  /** The same with role and place, as far as these are known. */
  missingMembers: readonly MissingMember[];
  /** Names of live roles that the manifest does not mention. */
  unmanaged: readonly string[];
}

/** What guards check where memberships end and nothing else changes. `live` is the state before the ends. */
export type EndGuardInput = Omit<
  GuardInput,
  'live' | 'changes' | 'missingPeople' | 'missingMembers' | 'unmanaged'
> & { live: State; moving: ReadonlySet<PersonId> };

/** One rule: why it refuses the plan, or null where the plan keeps it. */
export type Guard = (input: GuardInput) => Refusal | null;

/** A refusal that nothing allows. */
export function firm(
  code: ProblemCode,
  message: string,
  rest: Partial<Omit<Refusal, 'code' | 'message'>>,
): Refusal {
  return refusal(code, message, rest);
}

/** A refusal that one flag allows for one run. */
export function allowable(
  code: GuardCode,
  message: string,
  rest: Partial<Omit<Refusal, 'code' | 'message'>>,
): Refusal {
  return firm(code, message, { ...rest, flag: allowFlag(code, rest.figure ?? 0) });
}

/** A person in a message: the address, or the id of an account without one. */
export function personLabel({ id, email }: Pick<Person, 'id' | 'email'>): string {
  return email ?? `id ${id}`;
}
