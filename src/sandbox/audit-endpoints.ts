import type { Hono } from 'hono';
import { callOf, needs, reply, type SandboxContext, type SandboxEnv } from './answers.js';
import { pageOf, wholeNumber } from './paging.js';
import type { Quirks } from './quirks.js';
import type { AuditEvent } from './state.js';

const AUDIT = '/api/audit/v1/user-audits';
const DEFAULT_LIMIT = 300;
const YEAR_MS = 365 * 86_400_000;

/** Event types by object type. */
const EVENT_TYPES: Readonly<Record<string, readonly string[]>> = {
  AUTHORITY: ['UPDATED'],
  CUSTOMER_STATE: ['UPDATED'],
  ROLE: ['CREATED', 'UPDATED', 'DELETED'],
  USER: ['CREATED', 'UPDATED', 'DELETED'],
};

/** The audit log, newest first, its total, its object and event types, and its objects. Requires the authority `audit`. */
export function auditEndpoints(app: Hono<SandboxEnv>): void {
  app.get(AUDIT, (c) => {
    const call = callOf(c);
    const events = matching(c);
    const { offset, limit } = pageOf({ limit: DEFAULT_LIMIT, ...c.req.query() }, 0);
    return reply(
      call,
      events.slice(offset, offset + limit).map((event) => auditRow(event, call.quirks)),
    );
  });
  app.get(`${AUDIT}/count`, (c) => reply(callOf(c), { count: matching(c).length }));
  app.get(`${AUDIT}/objectTypes`, (c) => types(c, Object.keys(EVENT_TYPES)));
  app.get(`${AUDIT}/objectTypes/:objectType`, (c) => {
    const call = callOf(c);
    const { offset, limit } = pageOf({ limit: DEFAULT_LIMIT, ...c.req.query() }, 0);
    return reply(call, objectsOf(matching(c, c.req.param('objectType'))).slice(offset, offset + limit));
  });
  app.get(`${AUDIT}/objectTypes/:objectType/eventTypes`, (c) => {
    const objectType = c.req.param('objectType');
    return types(c, Object.hasOwn(EVENT_TYPES, objectType) ? (EVENT_TYPES[objectType] ?? []) : []);
  });
}

function matching(c: SandboxContext, objectType = c.req.query('objectType')): AuditEvent[] {
  const call = callOf(c);
  needs(call, 'audit');
  const query = c.req.query();
  const start = wholeNumber(query.start, 0, 'start');
  const end = wholeNumber(query.end, Number.MAX_SAFE_INTEGER, 'end');
  // The log goes back at most one year.
  const first = Math.max(start, call.world.now() - YEAR_MS);
  const filters = [
    chosen(objectType, (event) => event.objectType),
    chosen(query.eventType, (event) => event.actionType),
    chosen(query.objectId, (event) => event.objectId),
    chosen(query.user, (event) => String(event.actorId)),
  ];
  return call.world.audit
    .filter((event) => event.time >= first && event.time <= end && filters.every((test) => test(event)))
    .reverse();
}

/** Returns the objects of events, each once, with its latest name. The events are sorted newest first. */
function objectsOf(events: readonly AuditEvent[]): Record<'objectId' | 'objectName', string>[] {
  const names = new Map<string, string>();
  for (const { objectId, objectName } of events) {
    if (!names.has(objectId)) names.set(objectId, objectName);
  }
  return [...names].map(([objectId, objectName]) => ({ objectId, objectName }));
}

/** Returns a filter for one or more values, separated by commas. No value matches everything. */
function chosen(
  given: string | undefined,
  valueOf: (event: AuditEvent) => string,
): (event: AuditEvent) => boolean {
  const wanted = new Set((given ?? '').split(',').filter((value) => value !== ''));
  return (event) => wanted.size === 0 || wanted.has(valueOf(event));
}

/**
 * Returns an event of the response. The person is in `userName` and `userId`; Domo sets the actor only if one person acts for
 * another (docs/reference/domo-api.md).
 */
function auditRow(event: AuditEvent, quirks: Quirks): Record<string, unknown> {
  const { actorId, actorName, eventText, ...rest } = event;
  const actor = quirks.auditNamesActor ? { actorId, actorName } : { actorId: 0, actorName: '' };
  return {
    ...rest,
    ...actor,
    userId: String(actorId),
    userType: 'USER',
    eventText,
    additionalComment: `${event.userName} ${eventText}.`,
  };
}

function types(c: SandboxContext, names: readonly string[]): Response {
  const call = callOf(c);
  needs(call, 'audit');
  if (call.quirks.auditTypesAsText) return reply(call, names);
  return reply(
    call,
    names.map((type) => ({ type, translation: translation(type) })),
  );
}

function translation(type: string): string {
  const text = type.toLowerCase().replaceAll('_', ' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
