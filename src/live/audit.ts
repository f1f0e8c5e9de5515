import type { AuditEvent, AuditLog } from '../model/audit.js';
import { plainMessage, ProblemError } from '../problem/problem.js';
import { AUDIT_TYPES, auditEventFrom } from '../routes/parse-audit.js';
import type { Routes } from '../routes/index.js';

/** Maximum number of events read per object type. */
const MAX_EVENTS = 10_000;

/**
 * Reads the audit log between two times in epoch milliseconds. A log that cannot be read is not an error: tokens usually
 * lack the grant `audit`, and attribution is optional.
 */
export async function readAudit(
  routes: Pick<Routes, 'getAuditLog'>,
  { since, now }: { since: number; now: number },
): Promise<AuditLog> {
  const responses = await Promise.all(
    AUDIT_TYPES.map(async (type) => {
      try {
        const query = { start: Math.max(0, since), end: now, objectType: type, most: MAX_EVENTS };
        return { type, lines: (await routes.getAuditLog(query)).response, failure: null };
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        return { type, lines: [], failure: plainMessage(error) };
      }
    }),
  );
  const failures = responses.flatMap(({ failure }) => failure ?? []);
  const notes = [
    ...new Set(failures.map((failure) => `the audit log cannot be read: ${failure}`)),
    ...responses
      .filter(({ lines }) => lines.length >= MAX_EVENTS)
      .map(({ type }) => `only ${MAX_EVENTS} events of kind ${type} were read`),
  ];
  return {
    events: newestFirst(responses.flatMap(({ lines }) => lines.flatMap(auditEventFrom))),
    available: failures.length < AUDIT_TYPES.length,
    note: notes.length > 0 ? notes.join('; ') : null,
  };
}

function newestFirst(events: readonly AuditEvent[]): AuditEvent[] {
  return [...events].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}
