import type { AuditEvent, AuditLog, AuditSubject } from '../model/audit.js';
import type { Move } from '../plan/change.js';
import type { Attributed, Drift, DriftChange } from './drift.js';
import { assertNever } from '../model/exhaustive.js';

/** Names that `by` holds at most; more are counted. */
const NAMES = 3;

/**
 * Names who made each difference and when, by the newest event of the audit log about it. Where no event
 * fits, no one is named: it is better to report nothing than to blame the wrong person. A difference that
 * several people made (people moved one by one) names them all, with the newest time.
 */
export function attribute(drift: Drift, { events, available, note }: AuditLog): Drift {
  const log = indexed(events);
  const changes = drift.changes.map((change): DriftChange => ({ ...change, ...whoMade(change, log) }));
  return { ...drift, changes, attribution: { available, note } };
}

/** Events by object, newest first. */
interface Log {
  /** Events about this object, by subject and id. */
  about: (subject: AuditSubject, id: number) => readonly AuditEvent[];
  all: (subject: AuditSubject) => readonly AuditEvent[];
}

function indexed(events: readonly AuditEvent[]): Log {
  const newest = [...events].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
  const bySubject = new Map<string, AuditEvent[]>();
  const byObject = new Map<string, AuditEvent[]>();
  for (const event of newest) {
    if (event.subject === null) continue;
    push(bySubject, event.subject, event);
    push(byObject, `${event.subject} ${event.objectId}`, event);
  }
  return {
    about: (subject, id) => byObject.get(`${subject} ${id}`) ?? [],
    all: (subject) => bySubject.get(subject) ?? [],
  };
}

function push(map: Map<string, AuditEvent[]>, key: string, event: AuditEvent): void {
  const list = map.get(key);
  if (list) list.push(event);
  else map.set(key, [event]);
}

function whoMade(change: DriftChange, log: Log): Attributed {
  switch (change.kind) {
    case 'role.create': {
      // The role is missing: one of that name was deleted. Its id is not known any more.
      const { name } = change.after;
      return attributionOf(
        log.all('role').find((event) => event.action === 'delete' && event.objectName === name),
      );
    }
    case 'role.update':
      return attributionOf(log.about('role', change.roleId).find((event) => event.action !== 'delete'));
    case 'grants.set':
      return typeof change.roleId === 'number'
        ? attributionOf(whoSetGrants(change.roleId, log))
        : attributionOf(undefined);
    case 'members.move':
      return whoMoved(change.people, log);
    case 'defaultRole.set':
      return attributionOf(log.all('settings').find(({ mentions }) => mentions.includes('defaultRole')));
    case 'allowlist.set':
      return attributionOf(log.all('settings').find(({ mentions }) => mentions.includes('allowlist')));
    case 'role.delete':
      return attributionOf(log.about('role', change.roleId).find((event) => event.action === 'create'));
    default:
      return assertNever(change);
  }
}

/** A log without events about grants reports a new list of grants as a change of the role. */
function whoSetGrants(roleId: number, log: Log): AuditEvent | undefined {
  const own = log.about('grants', roleId)[0];
  if (own || log.all('grants').length > 0) return own;
  return log.about('role', roleId).find((event) => event.action !== 'delete');
}

function whoMoved(people: readonly Move[], log: Log): Attributed {
  const found = people.flatMap(
    (move) => log.about('person', move.id).find((event) => isMove(event, move)) ?? [],
  );
  const newest = found.reduce<string | null>(
    (at, event) => (at === null || event.at > at ? event.at : at),
    null,
  );
  const names = [...new Set(found.map(({ by }) => by))];
  const shown = names.slice(0, NAMES).join(', ');
  const by = names.length > NAMES ? `${shown} and ${names.length - NAMES} more` : shown;
  return { by: by === '' ? null : by, at: newest };
}

/** Accounts change for many reasons: only their creation, or an event that mentions a role, can be a move. */
function isMove(event: AuditEvent, { from }: Move): boolean {
  return event.action === 'create' || event.text.includes(from) || event.mentions.includes('role');
}

function attributionOf(event: AuditEvent | undefined): Attributed {
  return event ? { by: event.by, at: event.at } : { by: null, at: null };
}
