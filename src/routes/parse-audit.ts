import { oneLine } from '../http/redact.js';
import type { AuditEvent, AuditMention, AuditSubject } from '../model/audit.js';
import { wireId, type WireAuditEvent } from './wire.js';

/** Object types of events about roles, grants, people and settings (docs/reference/domo-api.md). */
const SUBJECTS: Readonly<Record<string, AuditSubject>> = {
  ROLE: 'role',
  AUTHORITY: 'grants',
  USER: 'person',
  CUSTOMER_STATE: 'settings',
};

/** The object types of these events. */
export const AUDIT_TYPES = Object.keys(SUBJECTS);

/** The ids or names of the two settings. The text is not searched, because other settings have defaults and lists too. */
const SETTINGS: readonly (readonly [AuditMention, string])[] = [
  ['defaultRole', 'user.roleid.default'],
  ['allowlist', 'user.roleid.allowlist'],
];

/** Subjects that the text of an event mentions. Domo does not document the wording. */
const TOPICS: readonly (readonly [AuditMention, RegExp])[] = [
  ['role', /\b(?:moved|role)\b/iu],
  ['grants', /\b(?:grants?|authorit(?:y|ies))\b/iu],
  ['text', /\b(?:renamed?|name|description)\b/iu],
];

/** Returns the event of a line; an empty list if the line has no person or no time. */
export function auditEventFrom(wire: WireAuditEvent): AuditEvent[] {
  const time = timeFrom(wire.time);
  // The actor is set only if one person acts for another; otherwise its id is 0 (docs/reference/domo-api.md).
  const personId = wireId(wire.actorId) ?? wireId(wire.userId);
  const by = text(wire.actorName).trim() || text(wire.userName).trim() || (personId && `person ${personId}`);
  if (!by || time === null) return [];
  const objectId = id(wire.objectId);
  const objectName = text(wire.objectName);
  const eventText = text(wire.eventText);
  return [
    {
      at: new Date(time).toISOString(),
      by: oneLine(by, 200),
      action: actionOf(text(wire.actionType).toUpperCase()),
      subject: SUBJECTS[text(wire.objectType).toUpperCase()] ?? null,
      objectId,
      objectName,
      text: eventText,
      mentions: mentionsIn({ objectId, objectName, text: eventText }),
    },
  ];
}

function mentionsIn({
  objectId,
  objectName,
  text: eventText,
}: Pick<AuditEvent, 'objectId' | 'objectName' | 'text'>): AuditMention[] {
  // The name of the object is removed: a role may be named Grants.
  const withoutName = objectName === '' ? eventText : eventText.split(objectName).join('…');
  const names = [objectId, objectName].map((one) => one.toLowerCase());
  return [
    ...TOPICS.filter(([, words]) => words.test(withoutName)),
    ...SETTINGS.filter(([, name]) => names.includes(name)),
  ].map(([mention]) => mention);
}

/** The known action types are `CREATED`, `UPDATED` and `DELETED`. */
function actionOf(type: string): AuditEvent['action'] {
  if (type.startsWith('CREATE')) return 'create';
  if (type.startsWith('DELETE')) return 'delete';
  return type.startsWith('UPDATE') ? 'update' : 'other';
}

/** Reads a time in epoch milliseconds, as a number or as text. `Number` would take null and empty text for 1970. */
function timeFrom(value: unknown): number | null {
  const time = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  // 8.64e15 is the latest time of a Date.
  return typeof time === 'number' && time > 0 && time <= 8.64e15 ? time : null;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function id(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string' ? `${value}` : '';
}
