import { isAddress } from '../model/address.js';
import { invisibleIn, sameAddress } from '../model/names.js';
import type { Grant } from '../model/grant.js';

// What `schemas/manifest.v1.schema.json` and the reader of manifests take. A live value that they would
// refuse cannot be exported; the round trip in the tests holds these in step.

/** May a manifest give a role this name? */
export function canExpressName(name: string): boolean {
  return (
    /\S/u.test(name) &&
    !/[\p{Cc}\p{Cs}]/u.test(name) &&
    name.length <= 2000 &&
    [...name].length <= 1000 &&
    invisibleIn(name) === null
  );
}

/** May a manifest give this description, and does it come back as it is? */
export function canExpressDescription(description: string): boolean {
  return description === description.trim() && !/[\p{Cs}]|(?![\n\t])\p{Cc}/u.test(description);
}

/** May a manifest name a person by this address, and is it compared unchanged? */
export function canExpressAddress(email: string): boolean {
  return email === sameAddress(email) && isAddress(email);
}

/** Does this address stand for itself in a members file, where a number sign starts a comment? */
export function canExpressInMembersFile(email: string): boolean {
  return !email.startsWith('#') && email.length <= 320;
}

/** May a manifest give this id? */
export function canExpressId(id: number): boolean {
  return Number.isSafeInteger(id) && id >= 1;
}

/** Has this grant the form of one? */
export function canExpressGrant(grant: Grant): boolean {
  return grant.length <= 200 && /^[A-Za-z0-9_]+([.:-][A-Za-z0-9_]+)*$/u.test(grant);
}

/** May a manifest name this instance? */
export function canExpressInstance(instance: string): boolean {
  return instance.length <= 200 && /^[a-z0-9][a-z0-9-]*$/u.test(instance);
}
