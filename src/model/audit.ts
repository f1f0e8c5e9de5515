/** What an event of the audit log is about; null where that is none of these. */
export type AuditSubject = 'role' | 'grants' | 'person' | 'settings';

/** One line of an instance's audit log, as attribution needs it. Other people wrote everything in it. */
export interface AuditEvent {
  /** ISO 8601, UTC. */
  at: string;
  /** The name of the person who did it. */
  by: string;
  action: 'create' | 'update' | 'delete' | 'other';
  subject: AuditSubject | null;
  /** Id of the object; of `grants`, of the role. Empty where the log has none. */
  objectId: string;
  objectName: string;
  text: string;
  /**
   * What the event is about, where its subject does not distinguish them. A setting is named by its id; the
   * rest by the text, without the name of the object in it.
   */
  mentions: readonly AuditMention[];
}

/** `role`: a person changed role. `text`: the name or description of a role changed. */
export type AuditMention = 'role' | 'grants' | 'text' | 'defaultRole' | 'allowlist';

/** What could be read of the audit log. */
export interface AuditLog {
  /** Newest first. */
  events: readonly AuditEvent[];
  /** False where the log cannot be read at all. */
  available: boolean;
  /** Why not, or what is missing; null where all was read. */
  note: string | null;
}
