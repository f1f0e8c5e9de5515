import { missingItem } from '../../desired/members/missing-people.js';
import type { Refusal } from '../../model/refusal.js';
import { allowableRefusal, unconditionalRefusal } from './guard.js';
import type { GuardInput } from './guard.js';

/** An unknown address is a typo or a person who has left: skipping it silently would hide both. */
export function missingPeople({ missingPeople: missing, missingMembers }: GuardInput): Refusal | null {
  if (missing.length === 0) return null;
  const people = missing.length === 1 ? 'person of the manifest is' : 'people of the manifest are';
  return allowableRefusal('missing-people', `${missing.length} ${people} not on the instance`, {
    figure: missing.length,
    limit: 0,
    items: missingMembers.length > 0 ? missingMembers.map(missingItem) : missing,
    hint: 'correct the address, invite them, or remove them from the manifest; if allowed, they are left out',
  });
}

/** With `unmanagedRoles: fail`, the manifest is meant to describe every role of the instance. */
export function unmanagedRoles({ unmanaged, policy }: GuardInput): Refusal | null {
  if (policy.unmanagedRoles !== 'fail' || unmanaged.length === 0) return null;
  const roles = unmanaged.length === 1 ? 'live role is' : 'live roles are';
  return unconditionalRefusal('unmanaged-roles', `${unmanaged.length} ${roles} not in the manifest`, {
    figure: unmanaged.length,
    limit: 0,
    key: 'policy.unmanagedRoles',
    items: unmanaged,
    hint: 'put them under `roles` or `removed`',
  });
}
