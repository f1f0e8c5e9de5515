/** One line of an instance's audit log, as attribution needs it. Everything in it was written by others. */
export interface AuditEvent {
  /** ISO 8601, UTC. */
  at: string;
  /** Who did it, by name; as the log tells. */
  by: string;
  /** What was done, upper case: `CREATED`, `UPDATED`, `DELETED`; new words may come. */
  did: string;
  /** `ROLE`, `AUTHORITY`, `USER`, `CUSTOMER_STATE`. */
  type: string;
  objectId: string;
  objectName: string;
  text: string;
}

/** What could be read of the audit log. */
export interface AuditLog {
  /** Newest first. */
  events: readonly AuditEvent[];
  /** False where the log cannot be read at all. */
  available: boolean;
  /** Why not, or what is missing; null where all was read. */
  note: string | null;
}
