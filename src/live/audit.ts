import { oneLine } from '../http/redact.js';
import type { AuditEvent, AuditLog, AuditMention, AuditSubject } from '../model/audit.js';
import { plainMessage, ProblemError } from '../problem/problem.js';
import type { Routes } from '../routes/index.js';

/** Kinds of objects whose events are about roles, grants, people and settings (docs/reference/domo-api.md). */
const SUBJECTS: Readonly<Record<string, AuditSubject>> = {
  ROLE: 'role',
  AUTHORITY: 'grants',
  USER: 'person',
  CUSTOMER_STATE: 'settings',
};

const TYPES = Object.keys(SUBJECTS);

/** The ids, and names, of the two settings; other settings have defaults and lists too, so no text is searched. */
const SETTINGS: readonly (readonly [AuditMention, string])[] = [
  ['defaultRole', 'user.roleid.default'],
  ['allowlist', 'user.roleid.allowlist'],
];

/** What the text of an event may be about; Domo does not document the wording. */
const TOPICS: readonly (readonly [AuditMention, RegExp])[] = [
  ['role', /\b(?:moved|role)\b/iu],
  ['grants', /\b(?:grants?|authorit(?:y|ies))\b/iu],
  ['text', /\b(?:renamed?|name|description)\b/iu],
];

/** Events read at most of each kind. */
const MOST = 10_000;

/**
 * Reads the audit log between two times in epoch milliseconds. Never raises for a log that cannot be read: a token
 * without the grant `audit` is the usual case, and attribution is optional.
 */
export async function readAudit(
  routes: Pick<Routes, 'getAuditLog'>,
  { since, now }: { since: number; now: number },
): Promise<AuditLog> {
  const answers = await Promise.all(
    TYPES.map(async (objectType) => {
      try {
        const query = { start: Math.max(0, since), end: now, objectType, most: MOST };
        return { objectType, wire: (await routes.getAuditLog(query)).response, failure: null };
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        return { objectType, wire: [], failure: plainMessage(error) };
      }
    }),
  );
  const failures = answers.flatMap(({ failure }) => failure ?? []);
  const notes = [
    ...new Set(failures.map((failure) => `the audit log cannot be read: ${failure}`)),
    ...answers
      .filter(({ wire }) => wire.length >= MOST)
      .map(({ objectType }) => `only ${MOST} events of kind ${objectType} were read`),
  ];
  return {
    events: newestFirst(answers.flatMap(({ wire }) => wire.flatMap(eventFrom))),
    available: failures.length < TYPES.length,
    note: notes.length > 0 ? notes.join('; ') : null,
  };
}

/** A line as sent; nothing where it has no person or no time. */
function eventFrom(wire: Readonly<Record<string, unknown>>): AuditEvent[] {
  const time = Number(wire.time);
  // The actor is empty, and their id 0, unless a person acts for another one (docs/reference/domo-api.md).
  const actorId = Number(wire.actorId) === 0 ? wire.userId : (wire.actorId ?? wire.userId);
  const by = text(wire.actorName) || text(wire.userName) || id(actorId, 'person ');
  // The last time that a Date can hold.
  if (by === '' || !Number.isFinite(time) || Math.abs(time) > 8.64e15) return [];
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
  // A person or role may be called anything, also Role or Grants.
  const rest = objectName === '' ? eventText : eventText.split(objectName).join('…');
  const names = [objectId, objectName].map((one) => one.toLowerCase());
  return [
    ...TOPICS.filter(([, words]) => words.test(rest)),
    ...SETTINGS.filter(([, name]) => names.includes(name)),
  ].map(([mention]) => mention);
}

/** `CREATED`, `UPDATED` and `DELETED` are known; other words may come. */
function actionOf(type: string): AuditEvent['action'] {
  if (type.startsWith('CREATE')) return 'create';
  if (type.startsWith('DELETE')) return 'delete';
  return type.startsWith('UPDATE') ? 'update' : 'other';
}

function newestFirst(events: readonly AuditEvent[]): AuditEvent[] {
  return [...events].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function id(value: unknown, before = ''): string {
  return typeof value === 'number' || (typeof value === 'string' && value !== '') ? `${before}${value}` : '';
}
