import { oneLine } from '../http/redact.js';
import type { AuditEvent, AuditLog } from '../model/audit.js';
import { plainMessage, ProblemError } from '../problem/problem.js';
import type { Routes } from '../routes/index.js';

/** Kinds of objects whose events are about roles, grants, people and settings (docs/reference/domo-api.md). */
const TYPES = ['ROLE', 'AUTHORITY', 'USER', 'CUSTOMER_STATE'] as const;

/** Events read at most of each kind. */
const MOST = 10_000;

/**
 * Reads the audit log of a span; times are epoch milliseconds. Never raises for a log that cannot be read: a token
 * without the grant `audit` is the usual case, and who did it is an extra.
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

/** A line as sent; nothing where it does not say who, what or when: then it names nobody. */
function eventFrom(wire: Readonly<Record<string, unknown>>): AuditEvent[] {
  const time = Number(wire.time);
  // The actor is empty, and their id 0, unless somebody acts for another (docs/reference/domo-api.md).
  const actorId = Number(wire.actorId) === 0 ? wire.userId : (wire.actorId ?? wire.userId);
  const by = text(wire.actorName) || text(wire.userName) || id(actorId, 'person ');
  // The last moment that a date can tell.
  if (by === '' || !Number.isFinite(time) || Math.abs(time) > 8.64e15) return [];
  return [
    {
      at: new Date(time).toISOString(),
      by: oneLine(by, 200),
      did: text(wire.actionType).toUpperCase(),
      type: text(wire.objectType).toUpperCase(),
      objectId: id(wire.objectId),
      objectName: text(wire.objectName),
      text: text(wire.eventText),
    },
  ];
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
