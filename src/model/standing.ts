/** A difference that stands, because the manifest accepts it until a day. */
export interface Accepted {
  what: string;
  role: string | null;
  reason: string;
  until: string;
  /** What the difference is, in a sentence. */
  difference: string;
}

/** A live role that the manifest does not name. */
export interface UnmanagedRole {
  id: number;
  name: string;
  people: number | null;
  grants: number;
}

/** Why somebody moves: listed in the target; taken out of an exact list; or their role is deleted. */
export type MoveReason = 'listed' | 'taken-out' | 'role-deleted';
