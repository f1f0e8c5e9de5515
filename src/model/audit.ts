/** The kind of object that an audit event changed; null for any other kind. */
export type AuditSubject = 'role' | 'grants' | 'person' | 'settings';

/** One event of an instance's audit log, reduced to what attribution needs. Its texts are untrusted input. */
export interface AuditEvent {
  /** ISO 8601, UTC. */
  at: string;
  /** The name of the person who made the change. */
  by: string;
  action: 'create' | 'update' | 'delete' | 'other';
  subject: AuditSubject | null;
  /** Id of the changed object; for `grants`, of the role. Empty if the log has none. */
  objectId: string;
  objectName: string;
  text: string;
  /**
   * Distinguishes events that have the same subject. For a setting it is derived from its id, otherwise from the
   * event's text without the name of the object.
   */
  mentions: readonly AuditMention[];
}

/** `role`: a person changed role. `text`: the name or description of a role changed. */
export type AuditMention = 'role' | 'grants' | 'text' | 'defaultRole' | 'allowlist';

/** The part of the audit log that could be read. */
export interface AuditLog {
  /** Newest first. */
  events: readonly AuditEvent[];
  /** False if the log cannot be read at all. */
  available: boolean;
  /** Why not, or what is missing; null if the log was read in full. */
  note: string | null;
}
