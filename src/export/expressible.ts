import { isAddress, sameAddress } from '../model/address.js';
import { firstInvisible } from '../model/invisible.js';
import type { Grant } from '../model/grant.js';

// The values that `schemas/manifest.v1.schema.json` and the manifest reader accept. Other live values cannot be
// exported.
// The round-trip tests keep these rules in sync.

/** Can a manifest contain a role with this name? */
export function canExpressName(name: string): boolean {
  return (
    /\S/u.test(name) &&
    !/[\p{Cc}\p{Cs}]/u.test(name) &&
    name.length <= 2000 &&
    [...name].length <= 1000 &&
    firstInvisible(name) === null
  );
}

/**
 * Can a manifest contain this description, and is it read back unchanged? Of control characters, tabs and line ends
 * are.
 */
export function canExpressDescription(description: string): boolean {
  return description === description.trim() && !/\p{Cs}|(?![\t-\r\u{85}])\p{Cc}/u.test(description);
}

/** Can a manifest contain this address, and is it compared unchanged? */
export function canExpressAddress(email: string): boolean {
  return email === sameAddress(email) && isAddress(email);
}

/** Can a members file contain this address? A number sign starts a comment there. */
export function canExpressInMembersFile(email: string): boolean {
  return !email.startsWith('#') && email.length <= 320;
}

/** Can a manifest contain this id? */
export function canExpressId(id: number): boolean {
  return Number.isSafeInteger(id) && id >= 1;
}

/** Can a manifest contain this grant? */
export function canExpressGrant(grant: Grant): boolean {
  return grant.length <= 200 && /^[A-Za-z0-9_]+([.:-][A-Za-z0-9_]+)*$/u.test(grant);
}

/** Can a manifest contain this instance name? */
export function canExpressInstance(instance: string): boolean {
  return instance.length <= 200 && /^[a-z0-9][a-z0-9-]*$/u.test(instance);
}
