/**
 * What an account is to Domo. `active` people count as administrators; `pending` ones are members like
 * any other but no administrators; `support` and `system` accounts are never listed, counted or moved
 * (unless their role is deleted).
 */
export type PersonKind = 'active' | 'pending' | 'support' | 'system';

/** An account that is on the instance. Deleted ones are not. */
export interface Person {
  id: number;
  /** Lower case; null where the account has none. */
  email: string | null;
  /** As shown to people; may be hostile text. */
  name: string;
  roleId: number;
  kind: PersonKind;
}
