/** One line of an instance's audit log, as attribution needs it. All of it is text from outside and not to be trusted. */
export interface AuditEvent {
  /** ISO 8601, UTC. */
  at: string;
  /** The name of who did it, as the log gives it. */
  by: string;
  /** What was done, upper case: `CREATED`, `UPDATED`, `DELETED`; others may be added by Domo. */
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
